import { describe, expect, it } from "vitest";
import { orderOf } from "../../src/approval/order.ts";
import type { Action, Echo, SessionFacts, Target } from "../../src/base/contract/action.ts";
import { classify } from "../../src/policy/classify.ts";
import { SessionMemory } from "../../src/policy/session-memory.ts";
import { UNRESTRICTED } from "../a-host.ts";

const HARM = "rm -rf /srv/data";
const RUNNING = { state: "running", command: 1 };
const SCREEN = { state: "screen", command: 1 };
const LINE = { state: "asking", command: 1, asked: "line", askedBy: "kernel", row: "" };
const SECRET = { ...LINE, asked: "password", row: "Password:" };

interface Case {
  readonly facts: Partial<SessionFacts>;
  readonly echo?: Echo;
  readonly keys: string;
  /** Typed before and not entered; null: only the screen knows. */
  readonly before?: string | null;
  /** The lines that are entered, as the terminal has them. */
  readonly lines?: readonly string[];
  /** A program that can do anything has the terminal. */
  readonly inside?: string;
}

async function judge({ facts, echo = "on", keys, before = "", lines = [], inside }: Case) {
  const session = { name: "web1", life: 1, platform: "posix", level: 1, ...facts, state: facts.state ?? "" };
  const target: Target = {
    host: {
      name: "web1",
      address: "jo@192.0.2.1:22",
      platform: "posix",
      policy: { ...UNRESTRICTED, level: "guarded" },
    },
    session,
    terminal: {
      echo: async () => "off",
      kernelEcho: async () => echo,
      end: 0,
      text: async () => ({ lines: [] }),
    },
  };
  const memory = new SessionMemory();
  if (inside !== undefined) {
    const run: Action = { verb: "run", command: inside, lines: [{ text: inside, why: "command" }] };
    const { after } = await classify(run, target, async () => undefined, memory);
    if (after !== undefined) memory.keep(session, after);
  }
  const action: Action = {
    verb: "type",
    how: "keys",
    shown: keys,
    bytes: Buffer.from(keys),
    enters: { lines, unknown: false, ...(before === null ? {} : { before }) },
  };
  return { found: await classify(action, target, async () => undefined, memory), action, target };
}

describe("keys for a program that runs", () => {
  const harmful: [string, Case][] = [
    ["a line, while nothing is known to wait for one", { facts: RUNNING, keys: `${HARM}\r` }],
    ["an Enter behind text that was typed before", { facts: RUNNING, keys: "\r", before: HARM }],
    ["the end of such a text", { facts: RUNNING, keys: "/data\r", before: "rm -rf /srv" }],
    ["a line behind an interrupt", { facts: RUNNING, keys: `\u0003${HARM}\r` }],
    ["a line behind the end of input", { facts: LINE, keys: `\u0004${HARM}\r` }],
    ["a second line", { facts: LINE, keys: `jo\r${HARM}\r` }],
    ["a second line in a paste", { facts: LINE, keys: `\u001b[200~jo\n${HARM}\n\u001b[201~` }],
    ["a line behind the one key that is read", { facts: LINE, echo: "unknown", keys: `y${HARM}\r` }],
    [
      "an answer to a row that only reads like a question",
      { facts: { ...LINE, askedBy: "pattern" }, keys: `${HARM}\r` },
    ],
    [
      "one whose terminal cannot be asked either",
      { facts: { ...LINE, askedBy: "pattern" }, echo: "unknown", keys: `${HARM}\r` },
    ],
    [
      "a line in a shell that was not started as one",
      { facts: { ...LINE, asked: "shell" }, keys: `${HARM}\r`, lines: [HARM] },
    ],
  ];
  it.each(harmful)("count as a command: %s", async (_, given) => {
    const { found } = await judge(given);
    expect(found.risk).toBe("irreversible");
  });

  it.each<[string, Case]>([
    ["an Enter whose line only the screen knows", { facts: RUNNING, keys: "\r", before: null }],
    ["a command recalled ahead", { facts: RUNNING, keys: "\u001b[A\r" }],
    ["a script, started ahead", { facts: RUNNING, keys: "./x\r" }],
    [
      "a line behind a pager's key",
      { facts: { ...LINE, asked: "pager", submit: "key" }, keys: `q${HARM}\r` },
    ],
    [
      "a line behind the key that leaves a full screen",
      { facts: { state: "screen", command: 1 }, keys: `q${HARM}\r` },
    ],
    ["a script behind an answer", { facts: LINE, keys: "jo\r./x\r" }],
    ...[
      "nc 192.0.2.9 23",
      "socat - TCP:h:23",
      "lvm",
      "smbclient //h/s",
      "vtysh",
      "docker run -it alpine",
    ].map((inside): [string, Case] => [
      `a line for what reads commands: ${inside}`,
      { facts: LINE, keys: "reload\r", lines: ["reload"], inside },
    ]),
    ["what writes in an editor", { facts: SCREEN, keys: "\u001b:wq\r", inside: "vim x" }],
  ])("may be anything: %s", async (_, given) => {
    const { found } = await judge(given);
    expect(found.risk).toBe("opaque");
  });

  it.each<[string, Case]>([
    ["an answer", { facts: LINE, keys: "rm -rf is dangerous\r" }],
    ["an answer in parts", { facts: LINE, keys: "x\r", before: "rm -rf " }],
    ["several plain answers", { facts: LINE, keys: "yes\r5\ry\r" }],
    ["yes, a moment early", { facts: RUNNING, keys: "y\r" }],
    ["an Enter", { facts: RUNNING, keys: "\r" }],
    ["keys that page in a full screen", { facts: { state: "screen", command: 1 }, keys: "\u001b[6~ " }],
    [
      "a name, where nobody can be asked",
      { facts: { ...LINE, askedBy: "pattern" }, echo: "unknown", keys: "jo\r" },
    ],
    ["what reads", { facts: RUNNING, keys: "ls -l\r" }],
    ["leaving an editor", { facts: SCREEN, keys: "\u001b:q!\r", inside: "vim x" }],
    ["leaving another one", { facts: SCREEN, keys: "\u0018", inside: "sudo nano x" }],
    [
      "a device's question",
      { facts: { ...LINE, askedBy: "prompt", platform: "cisco_ios" }, keys: "flash:x\r" },
    ],
  ])("pass: %s", async (_, given) => {
    const { found } = await judge(given);
    expect(["read", "write"]).toContain(found.risk);
  });

  it("leave behind what they set, where they pass", async () => {
    const { found } = await judge({ facts: RUNNING, keys: "alias ll='ls -l'\r" });
    expect(found).toMatchObject({ risk: "write", after: { kind: "posix" } });
  });
});

describe("what is typed at a question for a secret", () => {
  it("passes and is shown nowhere", async () => {
    for (const echo of ["off", "unknown"] as const) {
      const { found } = await judge({ facts: SECRET, echo, keys: "hunter2 ; x\r" });
      expect(found).toEqual({ risk: "write", judged: [] });
    }
  });

  it.each<[string, Case]>([
    ["that shows what is typed", { facts: { ...SECRET, askedBy: "pattern" }, echo: "on", keys: "./x\r" }],
    ["whose answer has a second line", { facts: SECRET, echo: "off", keys: "hunter2\r./x\r" }],
    ["that is interrupted", { facts: SECRET, echo: "off", keys: "\u0003./x\r" }],
    [
      "inside a program that may have faked it",
      { facts: SECRET, echo: "unknown", keys: "./x\r", inside: "python3" },
    ],
    [
      "inside a program that shows what is typed",
      { facts: SECRET, echo: "on", keys: "./x\r", inside: "python3" },
    ],
  ])("is no secret to be sure of at one %s, and not shown all the same", async (_, given) => {
    const { found, action, target } = await judge(given);
    expect(found.risk).toBe("opaque");
    const order = orderOf({}, action, target, { is: "ask", why: "guarded", ...found });
    expect(JSON.stringify([found, order])).not.toMatch(/hunter2|\.\/x/);
  });

  it("passes inside of any program where the kernel says that it reads a line without echo", async () => {
    const { found } = await judge({ facts: SECRET, echo: "off", keys: "hunter2\r", inside: "python3" });
    expect(found.risk).toBe("write");
  });

  it("counts as a command where it is known to be a harmful one, and nothing else is known", async () => {
    const { found } = await judge({
      facts: { ...SECRET, askedBy: "pattern" },
      echo: "unknown",
      keys: `${HARM}\r`,
    });
    expect(found.risk).toBe("irreversible");
  });
});
