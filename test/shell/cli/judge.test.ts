import { beforeAll, describe, expect, it } from "vitest";
import { compileDevice, type Device } from "../../../src/devices/device.ts";
import { profileSchema } from "../../../src/devices/profile.ts";
import { judgeDevice } from "../../../src/shell/cli/judge.ts";
import { echoAtOnce } from "../../../src/shell/cli/judge-echo.ts";
import {
  accepted,
  type DeviceMemory,
  type ExpectedEcho,
  type ExpectedPrompt,
  freshMemory,
} from "../../../src/shell/cli/memory.ts";
import type { DeviceScene, DeviceVerdict } from "../../../src/shell/cli/verdict.ts";
import type { Typed } from "../../../src/shell/record/typed.ts";
import { aCommand, frozen, type Seen, seenOf } from "../seen.ts";
import { PROFILE } from "./fake-device.ts";

const LIVE = "^-- \\[Q quit\\]$";
/** Profiles of the tests, by what is other about them than about PROFILE. */
const PROFILES = {
  plain: {},
  literal: { input: { echo: "exact", literal_question: true } },
  early: { early_prompt: true },
  live: { pagers: [{ match: LIVE, quit_key: "q", live: true }] },
  login: {
    auth: {
      in_band: [
        { match: "^User Name:", answer: "username" },
        { match: "^Password:", answer: "password" },
      ],
    },
  },
  sleeping: { wake: [{ match: "^Press RETURN to get started\\.?$", key: "\r" }] },
  learning: { learn: true },
} as const;
type ProfileName = keyof typeof PROFILES;

const devices = new Map<string, Device>();

beforeAll(async () => {
  for (const [name, change] of Object.entries(PROFILES))
    devices.set(name, await compileDevice(profileSchema.parse({ ...PROFILE, ...change })));
});

/** A device that was seen at its prompt `sw1>`. */
function memoryOf(profile: ProfileName, change: Partial<DeviceMemory> = {}): DeviceMemory {
  const device = devices.get(profile);
  if (device === undefined) throw new Error(`no profile ${profile}`);
  const prompt = { mode: "exec", host: "sw1", context: undefined, row: "sw1>" };
  return { ...accepted(freshMemory(device), prompt), ...change };
}

const SCENE: DeviceScene = {
  typed: undefined,
  openEnd: false,
  interrupted: false,
  standing: false,
  hasPassword: false,
};
const NOW = 100_000;
const ECHO: ExpectedEcho = { what: "echo", text: "show version", before: "sw1>", since: 0, at: NOW };
const HELP: ExpectedEcho = { ...ECHO, text: "show ?" };
const END: ExpectedPrompt = {
  what: "prompt",
  first: false,
  typed: "show version",
  since: 0,
  asks: undefined,
};
const FIRST: ExpectedPrompt = { ...END, first: true, typed: "" };
const UNSENT: Typed = { enter: false, lines: 0, owedPrompt: false, escapeAt: undefined, command: aCommand() };
const ENTERED: Typed = { ...UNSENT, enter: true, lines: 1 };
const LOG_ROW = "*Jan  1 00:00:00 %LINK-3-UPDOWN: up";
const ANSWERED = "sw1>show version\r\nVersion 1\r\nsw1>";
const BY_SW2 = "sw1>show version\r\nVersion 1\r\nsw2#";

const NOTHING: DeviceVerdict = { do: "nothing" };
const MET: DeviceVerdict = { do: "met" };
const ENDED: DeviceVerdict = { do: "typed ended" };
const asks = (asked: string, evidence: string, row: string, more: object = {}) => ({
  do: "stand",
  state: { state: "asking", asked, evidence, row, ...more },
});
const CONFIRM = asks("confirm", "profile", "Proceed? [confirm]", { risk: "high", submit: "key" });
const PAGER = asks("pager", "profile", "--More--", { submit: "key" });
const SCREEN = { do: "stand", state: { state: "screen", evidence: "alternate_screen" } };

interface Case {
  readonly what: string;
  readonly profile?: ProfileName;
  readonly memory?: Partial<DeviceMemory>;
  readonly scene?: Partial<DeviceScene>;
  readonly seen: Seen;
  readonly verdict: unknown;
  /** Quiet at which it wants to look again. */
  readonly next?: number;
  /** What of the memory is as follows afterwards; left out: nothing of it changes. */
  readonly after?: object;
}

const reachedPrompt = (row: string, mode: string) => ({
  expected: undefined,
  reached: { what: "prompt", prompt: expect.objectContaining({ row, mode }) },
});

const CASES: readonly Case[] = [
  { what: "nothing is expected and nothing typed", seen: { row: "sw1>", ms: 60_000 }, verdict: NOTHING },

  // The echo of a line.
  {
    what: "echo: the row shows the line",
    memory: { expected: ECHO },
    seen: { row: "sw1>show version", ms: 0 },
    verdict: MET,
    after: { expected: undefined, reached: { what: "echo" } },
  },
  {
    what: "echo: a part of it is not it",
    memory: { expected: ECHO },
    seen: { row: "sw1>show ver", ms: 0 },
    verdict: NOTHING,
    next: 20,
  },
  {
    what: "echo: text of somebody else's in front of it is not it",
    memory: { expected: ECHO },
    seen: { row: "sw1>no show version", ms: 20 },
    verdict: NOTHING,
    next: 10_000,
  },
  {
    what: "echo: the rows together show the line, log rows of the device left out",
    memory: { expected: ECHO },
    seen: { above: ["sw1>show ver", LOG_ROW], row: "sion", ms: 20 },
    verdict: MET,
    after: { expected: undefined, reached: { what: "echo" } },
  },
  {
    what: "echo: a log row is still coming in",
    memory: { expected: ECHO },
    seen: { row: LOG_ROW, ms: 20 },
    verdict: NOTHING,
  },
  {
    what: "echo: lost after long quiet",
    memory: { expected: ECHO },
    seen: { row: "sw1>", ms: 10_000 },
    verdict: { do: "lost" },
    after: { expected: undefined },
  },
  {
    what: "echo: lost after a minute, however much is printed meanwhile",
    memory: { expected: { ...ECHO, at: NOW - 60_000 } },
    seen: { row: "sw1>", ms: 20, now: NOW },
    verdict: { do: "lost" },
    next: 10_000,
    after: { expected: undefined },
  },
  {
    what: "echo: not lost within a minute of much print",
    memory: { expected: { ...ECHO, at: NOW - 59_999 } },
    seen: { row: "sw1>", ms: 20, now: NOW },
    verdict: NOTHING,
    next: 10_000,
  },
  {
    what: "echo: a question mark may be answered with help in a moment",
    memory: { expected: HELP },
    seen: { row: "sw1>show ?", ms: 20 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "echo: help was printed, and the line is there again unfinished",
    memory: { expected: HELP },
    seen: { above: ["sw1>show ?", "  version  Version"], row: "sw1>show ", ms: 300 },
    verdict: MET,
    after: { expected: undefined, reached: { what: "help" } },
  },
  {
    what: "echo: a question mark that stands there is not entered where help may come late",
    memory: { expected: HELP },
    seen: { row: "sw1>show ?", ms: 300 },
    verdict: NOTHING,
    next: 10_000,
  },
  {
    what: "echo: a question mark is entered where the profile says it is none",
    profile: "literal",
    memory: { expected: HELP },
    seen: { row: "sw1>show ?", ms: 300 },
    verdict: MET,
    after: { expected: undefined, reached: { what: "echo" } },
  },

  // The prompt behind a line.
  {
    what: "prompt: a known one has to be there for the profile's time",
    memory: { expected: END },
    seen: { row: "sw1>", printed: ANSWERED, ms: 99 },
    verdict: NOTHING,
    next: 100,
  },
  {
    what: "prompt: a known one that was there for the profile's time",
    memory: { expected: END },
    seen: { row: "sw1>", printed: ANSWERED, ms: 100 },
    verdict: MET,
    after: reachedPrompt("sw1>", "exec"),
  },
  {
    what: "prompt: one of another mode is known by its host",
    memory: { expected: END },
    seen: { row: "sw1(config)#", printed: ANSWERED.replace(/sw1>$/, "sw1(config)#"), ms: 100 },
    verdict: MET,
    after: reachedPrompt("sw1(config)#", "config"),
  },
  {
    what: "prompt: one of another host may be output",
    memory: { expected: END },
    seen: { row: "sw2#", printed: BY_SW2, ms: 100 },
    verdict: NOTHING,
    next: 5000,
  },
  {
    what: "prompt: one of another host is told after a while, and is no end",
    memory: { expected: END },
    seen: { row: "sw2#", printed: BY_SW2, ms: 5000 },
    verdict: {
      do: "stand",
      state: { state: "asking", asked: "shell", evidence: "pattern", row: "sw2#" },
    },
  },
  {
    what: "prompt: a word of the line is no name, even where the prompt shows it",
    memory: { expected: { ...END, typed: "more flash:sw2 sw2" } },
    seen: { row: "sw2#", printed: BY_SW2, ms: 1000 },
    verdict: NOTHING,
    next: 5000,
  },
  {
    what: "prompt: one of another host is believed sooner behind a line that leads to one",
    memory: { expected: { ...END, typed: "ssh 10.0.0.2" } },
    seen: { row: "sw2#", printed: BY_SW2, ms: 1000 },
    verdict: MET,
    after: reachedPrompt("sw2#", "enable"),
  },
  {
    what: "prompt: the host that the line has just named is known",
    memory: { expected: { ...END, typed: "hostname sw2" } },
    seen: { row: "sw2#", printed: BY_SW2, ms: 100 },
    verdict: MET,
    after: reachedPrompt("sw2#", "enable"),
  },
  {
    what: "prompt: nothing came since Enter",
    memory: { expected: { ...END, since: 1000 } },
    seen: { row: "sw1>", printed: ANSWERED, end: 1000, ms: 5000 },
    verdict: NOTHING,
  },
  {
    what: "prompt: the typed line itself, whatever it reads like",
    memory: { expected: { ...END, typed: "say [confirm]" } },
    seen: { row: "sw1>say [confirm]", ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "prompt: text right of the cursor is a line being repainted",
    memory: { expected: END },
    seen: { row: "sw1>", right: "show version", printed: ANSWERED, ms: 100 },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "prompt: what is on the screen is from before the keys",
    memory: { expected: END },
    seen: { row: "sw1>", printed: ANSWERED, ms: 100, unanswered: true },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "early prompt: the one that is painted at Enter ends nothing",
    profile: "early",
    memory: { expected: END },
    seen: { row: "sw1>", printed: "show version\r\nsw1>", ms: 5000 },
    verdict: NOTHING,
  },
  {
    what: "early prompt: painted again behind an empty answer it does",
    profile: "early",
    memory: { expected: END },
    seen: { row: "sw1>", printed: "show version\r\nsw1>\r\u001b[Ksw1>", ms: 1000 },
    verdict: MET,
    after: reachedPrompt("sw1>", "exec"),
  },
  {
    what: "early prompt: where a profile knows none, the first one is the end",
    memory: { expected: END },
    seen: { row: "sw1>", printed: "show version\r\nsw1>", ms: 100 },
    verdict: MET,
    after: reachedPrompt("sw1>", "exec"),
  },

  // Pagers.
  {
    what: "pager: may still be coming in",
    memory: { expected: END },
    seen: { above: ["row"], row: " --More-- ", ms: 19 },
    verdict: NOTHING,
    next: 20,
  },
  {
    what: "pager: the next page is asked for",
    memory: { expected: END },
    seen: { above: ["row"], row: " --More-- ", ms: 20 },
    verdict: { do: "press", key: " ", as: "page", note: undefined },
    after: { pages: { answered: 1 } },
  },
  {
    what: "pager: as many pages as the profile allows, then it is the caller's",
    memory: { expected: END, pages: { answered: 5, left: 0, limitTold: false, last: undefined } },
    seen: { above: ["row"], row: " --More-- ", ms: 20 },
    verdict: { ...PAGER, note: '5 pages were shown; the pager waits at the next, "q" leaves it' },
    after: { pages: { answered: 5, limitTold: true } },
  },
  {
    what: "pager: behind an interrupt nobody wants the next page",
    memory: { expected: END },
    scene: { interrupted: true },
    seen: { above: ["row"], row: " --More-- ", ms: 20 },
    verdict: PAGER,
  },
  {
    what: "pager: under log rows it is answered as if it were at the cursor",
    memory: { expected: END },
    seen: { above: ["row", " --More--", LOG_ROW], ms: 300 },
    verdict: { do: "press", key: " ", as: "page", note: undefined },
    after: { pages: { answered: 1 } },
  },
  {
    what: "live view: goes on, and no key is sent",
    profile: "live",
    memory: { expected: END },
    seen: { above: ["row"], row: "-- [Q quit]", ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "live view: goes on, and no key is sent behind keys of the caller",
    profile: "live",
    scene: { typed: ENTERED },
    seen: { above: ["row"], row: "-- [Q quit]", ms: 60_000 },
    verdict: NOTHING,
  },

  // Questions.
  {
    what: "question: a row of output may read like one",
    memory: { expected: END },
    seen: { row: "Proceed? [confirm]", ms: 299 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "question: is the caller's, with what the profile says of it",
    memory: { expected: END },
    seen: { row: "Proceed? [confirm]", ms: 300 },
    verdict: CONFIRM,
  },
  {
    what: "question: is reported once",
    memory: { expected: END },
    scene: { standing: true },
    seen: { row: "Proceed? [confirm]", ms: 300 },
    verdict: NOTHING,
  },
  {
    what: "question: the very one that is waited for",
    memory: { expected: { ...END, asks: (row) => row.endsWith("[confirm]") } },
    seen: { row: "Proceed? [confirm]", ms: 300 },
    verdict: MET,
    after: { expected: undefined, reached: { what: "asked" } },
  },
  {
    what: "question: from before Enter is believed later",
    memory: { expected: { ...END, since: 1000 } },
    seen: { row: "Proceed? [confirm]", end: 1000, ms: 300 },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "question: a secret is asked for",
    memory: { expected: END },
    seen: { row: "Password: ", ms: 300 },
    verdict: asks("password", "profile", "Password:", { submit: "line" }),
  },
  {
    what: "question: of a program that the profile does not know",
    memory: { expected: END },
    seen: { row: "Continue? [y/N] ", ms: 1000 },
    verdict: asks("yesno", "pattern", "Continue? [y/N]", { risk: "high", submit: "line" }),
  },
  {
    what: "question: a stranger's prompt is reported after a while",
    memory: { expected: END },
    seen: { row: "box$ ", ms: 2000 },
    verdict: asks("shell", "pattern", "box$"),
  },
  {
    what: "question: a stranger's prompt is not reported at once",
    memory: { expected: END },
    seen: { row: "box$ ", ms: 1000 },
    verdict: NOTHING,
    next: 2000,
  },
  {
    what: "question: nobody waits, and nothing of a stranger's is reported",
    memory: { expected: END },
    seen: { row: "box$ ", ms: 60_000, waited: false },
    verdict: NOTHING,
  },

  // The alternate screen.
  {
    what: "alternate screen: is a full-screen program",
    memory: { expected: END },
    seen: { row: "sw1>", alternate: true, ms: 150 },
    verdict: SCREEN,
  },
  {
    what: "alternate screen: may be on its way out",
    memory: { expected: END },
    seen: { row: "sw1>", alternate: true, ms: 149 },
    verdict: NOTHING,
    next: 150,
  },

  // An empty row.
  {
    what: "log rows: above an empty row, and the prompt they pushed up, for some time",
    memory: { expected: END },
    seen: {
      above: ["show version", "sw1>", LOG_ROW],
      printed: `\r\nsw1>\r\n${LOG_ROW}\r\n`,
      ms: 200,
      now: NOW,
    },
    verdict: NOTHING,
    next: 300,
    after: { aboveSince: NOW - 200 },
  },
  {
    what: "log rows: the prompt they pushed up is back",
    memory: { expected: END },
    seen: { above: ["show version", "sw1>", LOG_ROW], printed: `\r\nsw1>\r\n${LOG_ROW}\r\n`, ms: 300 },
    verdict: MET,
    after: { ...reachedPrompt("sw1>", "exec"), aboveSince: undefined },
  },
  {
    what: "log rows: under a storm of them it is never quiet, and the prompt is back all the same",
    memory: { expected: END, aboveSince: NOW - 300 },
    seen: { above: ["sw1>", LOG_ROW], printed: `\r\nsw1>\r\n${LOG_ROW}\r\n`, ms: 1, now: NOW },
    verdict: MET,
    after: { ...reachedPrompt("sw1>", "exec"), aboveSince: undefined },
  },
  {
    what: "log rows: a question they pushed up is the caller's",
    memory: { expected: END },
    seen: { above: ["Proceed? [confirm]", LOG_ROW], ms: 300 },
    verdict: CONFIRM,
  },
  {
    what: "log rows: no prompt above them",
    memory: { expected: END },
    seen: { above: ["Version 1", LOG_ROW], ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "wake: the key that the profile's row waits for, once it has stood",
    profile: "sleeping",
    memory: { expected: FIRST },
    seen: {
      above: ["Press RETURN to get started.", ""],
      printed: "\r\nPress RETURN to get started.\r\n\r\n",
      ms: 1000,
    },
    verdict: {
      do: "press",
      key: "\r",
      as: "login",
      note: 'the key that "Press RETURN to get started." waits for was sent',
    },
    after: { woken: true },
  },
  {
    what: "wake: not before its time",
    profile: "sleeping",
    memory: { expected: FIRST },
    seen: { row: "Press RETURN to get started.", ms: 999 },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "wake: once, not twice",
    profile: "sleeping",
    memory: { expected: FIRST, woken: true },
    seen: { row: "Press RETURN to get started.", ms: 3000 },
    verdict: asks("question", "pattern", "Press RETURN to get started."),
  },
  {
    what: "wake: a silent device is sent nothing, however long it is silent",
    profile: "sleeping",
    memory: { expected: FIRST },
    seen: { ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "wake: only after login",
    profile: "sleeping",
    memory: { expected: END },
    seen: { row: "Press RETURN to get started.", printed: "\r\nPress RETURN to get started.", ms: 60_000 },
    verdict: NOTHING,
  },

  // Login.
  {
    what: "login: a menu is asked about, though its rows end in dots",
    memory: { expected: FIRST },
    seen: { row: "1. Status and Counters...", ms: 3000 },
    verdict: asks("question", "pattern", "1. Status and Counters..."),
  },
  {
    what: "login: a bar that grows is no question",
    memory: { expected: FIRST },
    seen: { row: "[#####     ]", ms: 9000 },
    verdict: NOTHING,
  },
  {
    what: "login: a banner may hold a row like a prompt and go on",
    memory: { expected: FIRST },
    seen: { row: "sw1>", ms: 299 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "login: the first prompt",
    memory: { expected: FIRST },
    seen: { row: "sw1>", ms: 300 },
    verdict: MET,
    after: reachedPrompt("sw1>", "exec"),
  },
  {
    what: "login: asks for a name",
    profile: "login",
    memory: { expected: FIRST },
    seen: { row: "User Name:", ms: 300 },
    verdict: MET,
    after: { reached: { what: "login", step: { answer: "username" } } },
  },
  {
    what: "login: a name is given once",
    profile: "login",
    memory: { expected: FIRST, loginAnswered: ["username"] },
    seen: { row: "User Name:", ms: 3000 },
    verdict: asks("question", "pattern", "User Name:"),
  },
  {
    what: "login: asks for a password that the inventory has",
    profile: "login",
    memory: { expected: FIRST },
    scene: { hasPassword: true },
    seen: { row: "Password:", ms: 300 },
    verdict: MET,
    after: { reached: { what: "login", step: { answer: "password" } } },
  },
  {
    what: "login: asks for a password that the inventory has not",
    profile: "login",
    memory: { expected: FIRST },
    seen: { row: "Password:", ms: 300 },
    verdict: asks("password", "profile", "Password:", { submit: "line" }),
  },
  {
    what: "login: at a prompt that the profile does not know says so",
    memory: { expected: FIRST },
    seen: { row: "weird%", ms: 3000 },
    verdict: { ...asks("question", "pattern", "weird%"), note: 'profile test knows no prompt like "weird%"' },
  },
  {
    what: "login: a profile that learns takes a prompt off the screen",
    profile: "learning",
    memory: { expected: FIRST },
    seen: { row: "weird%", ms: 600 },
    verdict: MET,
    after: reachedPrompt("weird%", "exec"),
  },

  // Keys at the prompt.
  {
    what: "typed: not entered",
    scene: { typed: UNSENT },
    seen: { row: "sw1>draft", ms: 300 },
    verdict: asks("line", "profile", "sw1>draft"),
  },
  {
    what: "typed: a short pause says nothing",
    scene: { typed: UNSENT },
    seen: { row: "sw1>draft", ms: 299 },
    verdict: NOTHING,
    next: 300,
  },
  {
    what: "typed: entered, and the prompt is back",
    scene: { typed: ENTERED },
    seen: { above: ["sw1>clock"], row: "sw1>", ms: 300 },
    verdict: ENDED,
    after: { prompt: { row: "sw1>" } },
  },
  {
    what: "typed: entered, and the prompt is still the one from before",
    scene: { typed: ENTERED },
    seen: { row: "sw1>", ms: 60_000 },
    verdict: NOTHING,
  },
  {
    what: "typed: entered, and the prompt is another host's, to which the line on the screen leads",
    scene: { typed: ENTERED },
    seen: { above: ["sw1>ssh sw2"], row: "sw2#", ms: 300 },
    verdict: NOTHING,
    next: 1000,
  },
  {
    what: "typed: not entered and rubbed out again",
    scene: { typed: UNSENT },
    seen: { row: "sw1>", ms: 300 },
    verdict: ENDED,
    after: { prompt: { row: "sw1>" } },
  },
  {
    what: "typed: entered, and it asks",
    scene: { typed: ENTERED },
    seen: { above: ["sw1>reload"], row: "Proceed? [confirm]", ms: 300 },
    verdict: CONFIRM,
  },
  {
    what: "typed: log rows have pushed its prompt up",
    scene: { typed: ENTERED },
    seen: { above: ["sw1>clock", "sw1>", LOG_ROW], ms: 300 },
    verdict: ENDED,
    after: { prompt: { row: "sw1>" } },
  },
  {
    what: "typed: the next line stands behind the prompt that is back",
    scene: { typed: ENTERED, openEnd: true },
    seen: { above: ["sw1>clock"], row: "sw1>draft", ms: 1000 },
    verdict: ENDED,
    after: { prompt: { row: "sw1>" } },
  },
  {
    what: "typed: what stands behind a prompt may be output",
    scene: { typed: ENTERED, openEnd: true },
    seen: { above: ["sw1>clock"], row: "sw1>draft", ms: 300 },
    verdict: NOTHING,
    next: 1000,
  },
];

describe("what quiet on a network CLI's terminal means", () => {
  it.each(CASES)("$what", ({ profile = "plain", memory, scene, seen, verdict, next, after }) => {
    const before = memoryOf(profile, memory);
    const snapshot = seenOf(seen);
    const judged = judgeDevice(before, { ...SCENE, ...scene }, snapshot);
    expect(judged.verdict).toEqual(verdict);
    expect(snapshot.quiet.next).toBe(next);
    // Since when a prompt stands is noted at every look.
    const noted = { ...judged.memory, stands: before.stands };
    if (after === undefined) expect(noted).toEqual(before);
    else expect(judged.memory).toMatchObject(after);
  });

  it("is the same for the same memory, scene and snapshot, none of which is changed", () => {
    for (const { profile = "plain", memory, scene, seen, verdict } of CASES) {
      const before = frozen(memoryOf(profile, memory));
      const at = frozen({ ...SCENE, ...scene });
      const shown = [1, 2, 3].map(() => {
        const snapshot = frozen(seenOf(seen));
        const judged = judgeDevice(before, at, snapshot);
        // Learned prompts are functions, made anew each time.
        const { device, base, pages, ...rest } = judged.memory;
        return {
          verdict: judged.verdict,
          device: [device.profile, base.profile],
          pages: { ...pages, last: pages.last?.end },
          rest,
        };
      });
      expect(shown[0]?.verdict).toEqual(verdict);
      expect(shown[1]).toEqual(shown[0]);
      expect(shown[2]).toEqual(shown[0]);
    }
  });
});

describe("a page", () => {
  const seen: Seen = { above: ["row 1"], row: " --More-- ", ms: 20 };
  const answered = () => judgeDevice(memoryOf("plain", { expected: END }), SCENE, seenOf(seen)).memory;

  it("is answered once: the same row with no byte since is not answered again", () => {
    expect(judgeDevice(answered(), SCENE, seenOf(seen)).verdict).toEqual(NOTHING);
  });

  it("that is only beginning to be erased is not answered again", () => {
    const erased = seenOf({ ...seen, end: 1001, printed: "\r" });
    expect(judgeDevice(answered(), SCENE, erased).verdict).toEqual(NOTHING);
  });

  it("behind another one is answered", () => {
    const next = seenOf({ ...seen, above: ["row 2"], end: 1100, printed: "row 2\r\n --More-- " });
    const { verdict, memory } = judgeDevice(answered(), SCENE, next);
    expect(verdict).toMatchObject({ do: "press", key: " " });
    expect(memory.pages.answered).toBe(2);
  });
});

describe("an echo that the cursor's row alone shows", () => {
  it.each([
    ["sw1>show version", true],
    ["sw1>show versio", false],
    ["sw1>", false],
  ])("%s: %s", (row, shown) => {
    expect(echoAtOnce(memoryOf("plain", { expected: ECHO }), row)).toBe(shown);
  });

  it("is nothing where no echo is expected", () => {
    expect(echoAtOnce(memoryOf("plain", { expected: END }), "sw1>show version")).toBe(false);
  });

  it("of a question mark needs quiet: help may come", () => {
    expect(echoAtOnce(memoryOf("literal", { expected: HELP }), "sw1>show ?")).toBe(false);
  });
});
