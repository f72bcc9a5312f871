import type { Device, InBandAnswer, RowTest } from "../../devices/device.ts";
import type { TextEnd } from "../../devices/text-ends.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { Asking } from "../pty/state.ts";
import { type Home, NOWHERE } from "./home.ts";
import { type KnownPrompts, knows, learned, named, nothingKnown, type PromptRow } from "./known-prompts.ts";
import { withLearnedPrompt, withSeenPrompts } from "./learn-prompt.ts";
import { NO_PAGES, type Pages } from "./paging.ts";

/** What a script of the framing waits for. */
export type Expectation =
  /** The echo of a line that was typed: Enter follows it. */
  | {
      readonly what: "echo";
      readonly text: string;
      /** The cursor's row before anything was typed. */
      readonly before: string;
      /** Transcript end then. */
      readonly since: number;
      /** Clock time then. */
      readonly at: number;
      /** It is a line of a text, where a question mark is a character. */
      readonly inText?: boolean;
    }
  /** A prompt behind Enter, a key, or the login. */
  | {
      readonly what: "prompt";
      /** The first prompt after login. */
      readonly first: boolean;
      readonly typed: string;
      /** Transcript end when Enter was sent: a prompt needs bytes behind it. */
      readonly since: number;
      /** A row that is an answer, too. */
      readonly asks: RowTest | undefined;
      /** The line that we type behind it: one that still runs would take it for its own. */
      readonly next?: string | undefined;
      /** A line of a text was entered, which goes on. */
      readonly inText?: TextEnd | undefined;
    };

export type ExpectedPrompt = Extract<Expectation, { what: "prompt" }>;
export type ExpectedEcho = Extract<Expectation, { what: "echo" }>;

/** Its result. `help`: a question mark was answered at once; the line is there unfinished, nothing was entered. */
export type Reached =
  | { readonly what: "prompt"; readonly prompt: PromptRow }
  /** `more`: the line goes on with the next one. */
  | { readonly what: "asked" | "echo" | "help" | "more" }
  /** A text of several lines is wanted. */
  | { readonly what: "text"; readonly text: TextEnd }
  /** A question of a login inside the terminal that can be answered. */
  | { readonly what: "login"; readonly step: InBandAnswer };

/** All that the framing of a network CLI remembers: one value, replaced as a whole. */
export interface DeviceMemory {
  /** The profile, with the prompts that were seen. */
  readonly device: Device;
  /** The profile alone. */
  readonly base: Device;
  readonly seen: readonly PromptRow[];
  readonly known: KnownPrompts;
  /** The last prompt that was accepted. */
  readonly prompt: PromptRow | undefined;
  readonly expected: Expectation | undefined;
  readonly reached: Reached | undefined;
  readonly pages: Pages;
  /** Transcript end when the caller last sent keys. */
  readonly keysAt: number;
  /** A question to which keys were sent, but no Enter yet. */
  readonly answering: Asking | undefined;
  /** Clock time since when only the device's own rows have come behind a prompt. */
  readonly aboveSince: number | undefined;
  /** Answers of a login inside the terminal that went out: each does once. */
  readonly loginAnswered: readonly string[];
  /** The key that the device waited for after login was sent. */
  readonly woken: boolean;
  /** Pauses since Enter was sent: the longest, and the longest behind the first row of output; milliseconds. */
  readonly pauses: { readonly longestMs: number; readonly withinMs: number };
  /** The command that ended last, while nothing was typed behind it: transcript end and clock time then, and when more came. */
  readonly ended:
    | {
        readonly command: number;
        readonly word: string;
        readonly to: number;
        readonly at: number;
        readonly nextMs: number | undefined;
      }
    | undefined;
  /** Commands that went on behind a row that was taken for their end, and after how long. */
  readonly wentOn: readonly { readonly word: string; readonly afterMs: number }[];
  /** The prompt at the cursor, transcript end and clock time when it came. */
  readonly stands: { readonly row: string; readonly end: number; readonly at: number } | undefined;
  /** Outputs of this session: was one of them printed behind a prompt, and how many came without. */
  readonly early: { readonly seen: boolean; readonly plain: number };
  /** Whether the session still stands on the device it logged in to. */
  readonly home: Home;
}

export const NO_PAUSE = { longestMs: 0, withinMs: 0 };

export function freshMemory(device: Device): DeviceMemory {
  return {
    device,
    base: device,
    seen: [],
    known: nothingKnown(device.profile.prompt_prefix),
    prompt: undefined,
    expected: undefined,
    reached: undefined,
    pages: NO_PAGES,
    keysAt: 0,
    answering: undefined,
    aboveSince: undefined,
    loginAnswered: [],
    woken: false,
    pauses: NO_PAUSE,
    ended: undefined,
    wentOn: [],
    stands: undefined,
    early: { seen: false, plain: 0 },
    home: NOWHERE,
  };
}

/** A prompt is there; its hostname whole. */
export function accepted(memory: DeviceMemory, prompt: PromptRow): DeviceMemory {
  const whole = named(memory.known, prompt);
  return { ...withSeen(memory, whole), prompt: whole, known: learned(memory.known, whole) };
}

/** Prompts remembered for their like. */
const SEEN = 12;

function withSeen(memory: DeviceMemory, prompt: PromptRow): DeviceMemory {
  if (memory.seen.some(({ row }) => row === prompt.row)) return memory;
  const seen = [...memory.seen, prompt].slice(-SEEN);
  return { ...memory, seen, device: withSeenPrompts(memory.base, seen) };
}

/** The prompt of a device without a profile was read off the screen. */
export function withLearned(memory: DeviceMemory, row: string): DeviceMemory {
  const device = withLearnedPrompt(memory.base, row);
  return { ...memory, device, base: device, seen: [] };
}

/** The expectation has come true. */
export function met(memory: DeviceMemory, reached: Reached): DeviceMemory {
  if (reached.what !== "prompt") return { ...memory, expected: undefined, reached };
  const after = accepted(memory, reached.prompt);
  const prompt = after.prompt ?? reached.prompt;
  return { ...after, expected: undefined, reached: { what: "prompt", prompt } };
}

/** Another profile is the right one; the prompt is read anew. A learned prompt goes on where it knows none. */
export function adopted(memory: DeviceMemory, device: Device): DeviceMemory {
  const row = memory.prompt?.row ?? "";
  const fitting = device.prompt(row) || row === "" ? device : withLearnedPrompt(device, row);
  const next: DeviceMemory = {
    ...memory,
    device: fitting,
    base: fitting,
    seen: [],
    known: nothingKnown(device.profile.prompt_prefix),
  };
  const found = fitting.prompt(row);
  return found ? accepted(next, { ...found, row }) : next;
}

/** A prompt of the device as we know it; `typed`: the line that may just have renamed it. */
export function isKnown({ known, home }: DeviceMemory, prompt: PromptRow, typed: string): boolean {
  return knows(known, prompt, typed) || (prompt.host !== undefined && home.names.includes(prompt.host));
}

/** The line that the device works at: a step into a mode comes before the caller's `line`. */
export function lineRunning({ expected }: DeviceMemory, line: string): string {
  return expected?.what === "prompt" && expected.typed !== "" ? expected.typed : line;
}

/** The row begins with a prompt of this session: what is on it behind that was typed and not entered. */
export function isPromptLine({ known }: DeviceMemory, row: string): boolean {
  return known.rows.some((one) => one !== "" && row.startsWith(one));
}

/** The newest rows, read to find what rows of the device's own have pushed up. */
const TAIL = 4096;

export function newestRows(seen: Pick<Snapshot, "rowsSince" | "end">, cursor: number): readonly string[] {
  return seen.rowsSince(Math.max(cursor, seen.end - TAIL));
}
