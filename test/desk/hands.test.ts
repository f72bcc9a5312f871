import { expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/event.ts";
import { mint } from "../../src/base/contract/mint.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { Hands, type HandsParts } from "../../src/desk/hands.ts";
import { aHost } from "../a-host.ts";

/** A terminal that takes what is typed, or not, and a person at it. */
function stage(over: { note?: (event: AuditEvent) => void; typing?: (typed: string[]) => void } = {}) {
  const typed: string[] = [];
  const said: string[] = [];
  const noted: AuditEvent[] = [];
  const held: boolean[] = [];
  let row = "$ ";
  const far = { life: 1, may: true };
  const at: HandsParts["at"] = {
    get life() {
      return far.life;
    },
    get state() {
      return "ready";
    },
    row: () => row,
    take: () => {},
    release: () => {},
    type(bytes) {
      over.typing?.(typed);
      const text = bytes.toString();
      typed.push(text);
      row = text === "\r" ? "$ " : row + text;
    },
  };
  const caller = {
    id: "human-1",
    kind: "human",
    client: "jo",
    signal: new AbortController().signal,
  } as const;
  const unused = () => {
    throw new Error("not asked for");
  };
  const hands = new Hands({
    workspace: {
      access: { pass: async (by, action, _target, act) => act(mint(by, action)) },
      multiplexer: { find: () => undefined, target: () => ({ host: aHost() }), view: unused },
      note: over.note ?? ((event) => noted.push(event)),
    },
    at,
    caller,
    name: "jo",
    session: "web1",
    mayNot: () => (far.may ? undefined : "not any more"),
    untaken: "take it first",
    say: (text) => said.push(text),
    held: (holds) => held.push(holds),
  });
  const recorded = () => noted.filter(({ kind }) => kind === "human").map(({ text }) => text);
  return { hands, typed, said, held, recorded, far };
}

it("a paste ends with the keyboard: no line behind the hand-over is typed or recorded, nor typed once it is taken anew", async () => {
  let holdsUp = true;
  const { hands, typed, recorded } = stage({
    typing(before) {
      if (before.length === 2 && holdsUp) throw new SshMcpError("not_ready", "a command is being typed");
    },
  });
  await hands.take();
  hands.typed(Buffer.from("one\rtwo\rthree\r"));
  await expect.poll(() => recorded()).toEqual(["one"]);
  hands.release();
  holdsUp = false;
  await hands.take();
  hands.typed(Buffer.from("four\r"));
  await hands.typedAll();
  expect(typed).toEqual(["one", "\r", "four", "\r"]);
  expect(recorded()).toEqual(["one", "four"]);
});

it("nothing goes behind a piece that was not typed, and what was not typed is not in the log", async () => {
  const { hands, typed, recorded, said } = stage({
    typing(before) {
      if (before.includes("two")) throw new SshMcpError("session_closed", "the session has ended");
    },
  });
  await hands.take();
  hands.typed(Buffer.from("one\rtwo\rthree\r"));
  hands.typed(Buffer.from("four\r"));
  await hands.typedAll();
  expect(typed).toEqual(["one", "\r", "two"]);
  expect(recorded()).toEqual(["one"]);
  expect(said.at(-1)).toContain("not typed: the session has ended");
});

it("the rest of a paste is for no shell that was opened since, and for nobody who may not type any more", async () => {
  const { hands, typed, said, far } = stage({
    typing(before) {
      if (before.length === 1) far.life = 2;
      if (before.length === 4) far.may = false;
    },
  });
  await hands.take();
  hands.typed(Buffer.from("one\rtwo\r"));
  await hands.typedAll();
  expect(typed).toEqual(["one", "\r"]);
  expect(said.at(-1)).toContain("the shell that it was for has ended");
  hands.typed(Buffer.from("a\rb\r"));
  hands.typed(Buffer.from("c\r"));
  await hands.typedAll();
  expect(typed.slice(2)).toEqual(["a", "\r", "b"]);
  expect(said.at(-1)).toContain("not any more");
});

it("behind keys that were too many none is typed before those that wait are", async () => {
  const { hands, typed, said } = stage();
  await hands.take();
  hands.typed(Buffer.from("one\r"));
  hands.typed(Buffer.alloc(64 * 1024 + 1, "x"));
  hands.typed(Buffer.from("tail\r"));
  await hands.typedAll();
  expect(typed).toEqual(["one", "\r"]);
  expect(said.at(-1)).toContain("too many keys");
  hands.typed(Buffer.from("two\r"));
  await hands.typedAll();
  expect(typed.slice(2)).toEqual(["two", "\r"]);
});

it("a line that cannot be recorded is said, ends the paste and hands the keyboard back", async () => {
  const { hands, typed, said, held } = stage({
    note() {
      throw new SshMcpError("audit_failed", "the disk is full");
    },
  });
  await hands.take();
  hands.typed(Buffer.from("one\rtwo\r"));
  await hands.typedAll();
  expect(typed).toEqual(["one", "\r"]);
  expect(said.join()).toContain("this is NOT in the audit log: one");
  expect(held).toEqual([true, false]);
  expect(hands.hold).toBe(false);
});
