import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/shell/record/outcome.ts";
import { AGENT, fakeDesk, outcomeOf } from "./fake.ts";

type Asking = Extract<Outcome, { state: "asking" }>["asked"];

const asking = (asked: Asking, from: number, row = ">>> ") =>
  outcomeOf({ state: "asking", asked, evidence: "kernel", row }, { from, to: from + 2 });

/** A session whose program asks `first`, and what each line that is sent to it comes to. */
function desk(first: string, ends: readonly (Outcome | ((press: () => Promise<unknown>) => Outcome))[]) {
  const sent: string[] = [];
  const asked = { now: first };
  const made = fakeDesk(
    {
      transcript: "aabbccdd",
      commands: [],
      outcome: asking("repl", 0),
      view: { facts: () => ({ name: "web1", state: "asking", asked: asked.now, command: 7, level: 1 }) },
    },
    {
      multiplexer: {
        async send(_session, bytes, permit) {
          permit.turn?.begin();
          sent.push(bytes.toString());
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
  return { ...made, sent };
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
      "lines 2 to 3 of 3 NOT sent: an interrupt key came before the rest of a text of 5 characters was typed",
    );
    expect(await interrupted).toMatchObject({
      text: expect.stringContaining("the rest of a text of 5 characters came before this key"),
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

  it("are one text to what reads otherwise, and where a paste is asked for", async () => {
    const lines = desk("line", []);
    await lines.call("ssh_send", send);
    expect(lines.sent).toEqual(["a\rb\rc\r"]);
    const paste = desk("repl", []);
    await paste.call("ssh_send", { ...send, paste: true });
    expect(paste.sent).toEqual(["a\rb\rc\r"]);
  });
});
