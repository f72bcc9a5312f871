import { describe, expect, it } from "vitest";
import type { AccessParts } from "../../src/access/access.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import type { WaitOptions } from "../../src/multiplexer/types.ts";
import type { Outcome } from "../../src/shell/record/outcome.ts";
import { AGENT, fakeDesk, hostWith, outcomeOf } from "./fake.ts";

type Asking = Extract<Outcome, { state: "asking" }>["asked"];

const asking = (asked: Asking, from: number, row = ">>> ") =>
  outcomeOf({ state: "asking", asked, evidence: "kernel", row }, { from, to: from + 2 });

/** A session whose program asks `first`, and what each line that is sent to it comes to. */
function desk(
  first: string,
  ends: readonly (Outcome | ((press: () => Promise<unknown>) => Outcome))[],
  gate: Partial<AccessParts> = {},
) {
  const sent: string[] = [];
  const waits: WaitOptions[] = [];
  const asked = { now: first };
  const made = fakeDesk(
    {
      transcript: "aabbccdd",
      commands: [],
      outcome: asking("repl", 0),
      view: { facts: () => ({ name: "web1", state: "asking", asked: asked.now, command: 7, level: 1 }) },
    },
    {
      ...gate,
      multiplexer: {
        async send(_session, bytes, permit, _caller, wait) {
          permit.turn?.begin();
          sent.push(bytes.toString());
          waits.push(wait);
          permit.turn?.typed();
          const end = ends[sent.length - 1] ?? asking("repl", 2 * sent.length - 2);
          const outcome =
            typeof end === "function"
              ? end(() => made.call("ssh_send", { session: "web1", keys: "<C-c>" }))
              : end;
          return { session: made.view, outcome };
        },
      },
    },
  );
  return { ...made, sent, waits };
}

const send = { session: "web1", text: "a\nb\nc", enter: true };

describe("several lines of text", () => {
  it("go to a program that reads lines at its own prompt one by one, and all that they printed is shown", async () => {
    const { call, sent } = desk("repl", [asking("repl", 0), asking("continuation", 2), asking("repl", 4)]);
    const { text } = await call("ssh_send", send);
    expect(sent).toEqual(["a\r", "b\r", "c\r"]);
    expect(text).toMatch(/^aabbcc\n\[web1 #7 asking repl/);
  });

  it("leave the last one unsent where no Enter was asked for, and a line end at the end is the last", async () => {
    const open = desk("repl", []);
    await open.call("ssh_send", { ...send, enter: false });
    expect(open.sent).toEqual(["a\r", "b\r", "c"]);
    const ended = desk("repl", []);
    await ended.call("ssh_send", { ...send, text: "a\nb\n", enter: false });
    expect(ended.sent).toEqual(["a\r", "b\r"]);
  });

  it.each([
    [
      asking("password", 2, "Password: "),
      /NOT sent: the program asks something else \(password\): Password:/,
    ],
    [
      asking("confirm", 2, "Drop it? [y/N] "),
      /NOT sent: the program asks something else \(confirm\): Drop it/,
    ],
    [outcomeOf({ state: "running", evidence: "timeout" }), /NOT sent: the line before it was not answered/],
    [
      outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 1 }),
      /NOT sent: the program does not read lines/,
    ],
  ])("stop where something else comes: %j", async (end, said) => {
    const { call, sent } = desk("repl", [end]);
    const { text } = await call("ssh_send", send);
    expect(sent).toEqual(["a\r"]);
    expect(text).toContain("lines 2 to 3 of 3");
    expect(text).toMatch(said);
  });

  it("stop at an interrupt that comes between them, which says so", async () => {
    let interrupted: Promise<unknown> | undefined;
    const { call, sent } = desk("repl", [
      (press) => {
        interrupted = press();
        return asking("repl", 0);
      },
    ]);
    const { text } = await call("ssh_send", send);
    expect(sent.filter((bytes) => bytes !== "\u0003")).toEqual(["a\r"]);
    expect(text).toContain(
      "lines 2 to 3 of 3 NOT sent: an interrupt key came before the rest of a text (lines 2 to 3 of 3) was typed",
    );
    expect(await interrupted).toMatchObject({
      text: expect.stringContaining("the rest of a text (lines 2 to 3 of 3) came before this key"),
    });
  });

  it("let nobody else's text in between", async () => {
    const other = { ...AGENT, id: "agent-2" };
    let second: Promise<unknown> | undefined;
    const { call, sent } = desk("repl", [
      () => {
        second = call("ssh_send", { session: "web1", text: "x", enter: true }, other);
        return asking("repl", 0);
      },
    ]);
    await call("ssh_send", send);
    await second;
    expect(sent.slice(0, 3)).toEqual(["a\r", "b\r", "c\r"]);
  });

  it("wait for the caller's pattern behind the last line, and for a prompt behind each of the others", async () => {
    const matched = outcomeOf({ state: "running", evidence: "matched", match: "go" }, { from: 4, to: 6 });
    const { call, sent, waits } = desk("repl", [asking("repl", 0), asking("repl", 2), matched]);
    const { text } = await call("ssh_send", { ...send, wait_for: "go", timeout_s: 20 });
    expect(sent).toEqual(["a\r", "b\r", "c\r"]);
    expect(waits.map(({ waitFor }) => waitFor)).toEqual([undefined, undefined, "go"]);
    for (const { timeoutMs } of waits) expect(timeoutMs).toBeLessThanOrEqual(20_000);
    expect(text).toMatch(/^aabbcc\nnote: matched "go"\n\[web1 #7 running matched /);
  });

  it("are not typed on where the call is given up between two of them, and the next call is decided on by what is there", async () => {
    const cancel = new AbortController();
    const { call, sent } = desk("repl", [
      () => {
        cancel.abort();
        return asking("repl", 0);
      },
    ]);
    const { text } = await call("ssh_send", send, { ...AGENT, signal: cancel.signal });
    expect(sent).toEqual(["a\r"]);
    expect(text).toContain("lines 2 to 3 of 3 NOT sent: the call was given up before the rest of a text");
    await call("ssh_send", { session: "web1", text: "x", enter: true });
    expect(sent).toEqual(["a\r", "x\r"]);
  });

  it("are one text to what reads otherwise, and where a paste is asked for", async () => {
    const lines = desk("line", []);
    await lines.call("ssh_send", send);
    expect(lines.sent).toEqual(["a\rb\rc\r"]);
    const paste = desk("repl", []);
    await paste.call("ssh_send", { ...send, paste: true });
    expect(paste.sent).toEqual(["a\rb\rc\r"]);
  });
});

describe("what the audit log says of a text that goes line by line", () => {
  /** The texts of the log: what was typed, and what was not. */
  async function audited(
    ends: Parameters<typeof desk>[1],
    { caller, gate = {} }: { caller?: Caller; gate?: Partial<AccessParts> } = {},
  ) {
    const events: AuditEvent[] = [];
    const { call, sent } = desk("repl", ends, {
      audit: { record: (event) => void events.push(event), close: () => {} },
      ...gate,
    });
    await call("ssh_send", send, caller);
    const of = (event: string) =>
      events
        .filter((one) => one.event === event && one.kind === "text")
        .map(({ lines, text, code, message }) =>
          event === "action" ? [lines, text] : [lines, text, code, message],
        );
    return { sent, typed: of("action"), refused: of("refused") };
  }

  it("is each line that was typed, and nothing else where all were", async () => {
    const { typed, refused } = await audited([]);
    expect(typed).toEqual([
      ["1 of 3", "a"],
      ["2 of 3", "b"],
      ["3 of 3", "c"],
    ]);
    expect(refused).toEqual([]);
  });

  it.each<[string, number]>([
    ["first", 1],
    ["second", 2],
  ])("is which lines an interrupt key behind the %s one withdrew", async (_which, typedLines) => {
    const ends = Array.from({ length: typedLines }, (_, at) => asking("repl", 2 * at));
    const last = ends.pop() ?? asking("repl", 0);
    const { typed, refused, sent } = await audited([
      ...ends,
      (press) => {
        void press();
        return last;
      },
    ]);
    const lines = ["a", "b", "c"];
    expect(sent.filter((bytes) => bytes !== "\u0003")).toEqual(
      lines.slice(0, typedLines).map((line) => `${line}\r`),
    );
    expect(typed).toEqual(lines.slice(0, typedLines).map((line, at) => [`${at + 1} of 3`, line]));
    expect(refused).toEqual([
      typedLines === 1
        ? [
            "2-3 of 3",
            "[unrecorded, 3 chars]",
            "not_ready",
            expect.stringMatching(/interrupt key.*lines 2 to 3/),
          ]
        : [
            "3 of 3",
            "[unrecorded, 1 chars]",
            "not_ready",
            expect.stringMatching(/interrupt key.*line 3 of 3/),
          ],
    ]);
  });

  it("is which lines were still to come when the call was given up", async () => {
    const cancel = new AbortController();
    const { typed, refused, sent } = await audited(
      [
        () => {
          cancel.abort();
          return asking("repl", 0);
        },
      ],
      { caller: { ...AGENT, signal: cancel.signal } },
    );
    expect(sent).toEqual(["a\r"]);
    expect(typed).toEqual([["1 of 3", "a"]]);
    expect(refused).toEqual([
      [
        "2-3 of 3",
        "[unrecorded, 3 chars]",
        "not_ready",
        "the call was given up before the rest of a text (lines 2 to 3 of 3) was typed: that was withdrawn",
      ],
    ]);
  });

  it("is which lines were not sent because something else asks", async () => {
    const { typed, refused } = await audited([asking("repl", 0), asking("password", 2, "Password: ")]);
    expect(typed.map(([lines]) => lines)).toEqual(["1 of 3", "2 of 3"]);
    expect(refused).toEqual([
      ["3 of 3", "[unrecorded, 1 chars]", "not_ready", expect.stringContaining("line 3 of 3 NOT sent")],
    ]);
  });

  it("is which lines a rule refused, and which therefore never had their turn", async () => {
    const directory = { resolve: async () => hostWith(["^b$"]) };
    const { typed, refused, sent } = await audited([], { gate: { directory } });
    expect(sent).toEqual(["a\r"]);
    expect(typed).toEqual([["1 of 3", "a"]]);
    expect(refused.map(([lines, , code]) => [lines, code])).toEqual([
      ["2 of 3", "denied"],
      ["2-3 of 3", "denied"],
    ]);
  });
});
