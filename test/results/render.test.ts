import { describe, expect, it } from "vitest";
import type { Reply } from "../../src/multiplexer/types.ts";
import { render } from "../../src/results/render.ts";
import type { State } from "../../src/shell/record/outcome.ts";
import { outcomeOf, record, scriptedView } from "../tools/fake.ts";

/** What a client other than ours may rely on. */
const STATUS =
  /^\[(\S+) #(\d+) (done|stopped|asking|screen|running|closed|starting|ready|busy|unframed)( .+)?\]$/;

function reply(transcript: string, state: State, facts: Parameters<typeof outcomeOf>[1] = {}): Reply {
  const session = scriptedView({
    transcript,
    commands: [record(7, 0, transcript.length, "a command")],
    outcome: outcomeOf(state),
    screen: { rows: ["~", "~", "-- INSERT --"], version: 12, cursor: { row: 2, col: 3 }, alternate: true },
    changed: [{ row: 2, text: "-- INSERT --" }],
  });
  return { session, outcome: outcomeOf(state, { to: transcript.length, ...facts }) };
}

async function lastLine(given: Reply): Promise<string> {
  const { text } = await renderReply(given);
  return text.split("\n").at(-1) ?? "";
}

const done: State = { state: "done", evidence: "sentinel" };

/** A wait's result as text. */
async function renderReply(
  given: Reply,
  { maxTokens, since }: { maxTokens?: number; since?: number } = {},
): Promise<{ text: string }> {
  return { text: await render({ result: { kind: "wait", reply: given, since }, maxTokens }) };
}

describe("the status line", () => {
  it("shows for a finished command its exit code, directory, time and lines", async () => {
    const given = reply("a\nb\n", done, { exit: 0, cwd: "/var/log" });
    expect(await lastLine(given)).toBe("[web1 #7 done exit=0 cwd=/var/log 0.12s 2 lines]");
  });

  it("leaves out an exit code nobody knows, and names the weaker evidence", async () => {
    const given = reply("a\n", { state: "done", evidence: "prompt" }, { durationMs: 5_000 });
    expect(await lastLine(given)).toBe("[web1 #7 done by=prompt 5.0s 1 line]");
    const device = { ...given, outcome: { ...given.outcome, mode: "exec", host: "sw1" } };
    expect(await lastLine(device)).toBe("[web1 #7 done mode=exec host=sw1 5.0s 1 line]");
  });

  it("names why a wait ended while the command runs, and where to go on", async () => {
    const given = reply("x\n".repeat(12), { state: "running", evidence: "timeout" }, { durationMs: 5_010 });
    expect(await lastLine(given)).toBe("[web1 #7 running timeout 5.0s 12 lines cursor=24]");
  });

  it("names what is asked and how that is known, with the asking row", async () => {
    const state: State = {
      state: "asking",
      asked: "password",
      evidence: "kernel",
      row: "[sudo] password for jo: ",
    };
    const asked = reply("[sudo] password for jo: \nfrom the background\n", state, { durationMs: 400 });
    expect(await lastLine(asked)).toBe(
      '[web1 #7 asking password by=kernel asks="[sudo] password for jo:" 0.40s 2 lines]',
    );
  });

  it("does not tell the asking row a second time where it is the last one shown", async () => {
    const state: State = { state: "asking", asked: "question", evidence: "pattern", row: "Name? " };
    expect(await lastLine(reply("Welcome\nName?", state))).toBe(
      "[web1 #7 asking question by=pattern 0.12s 2 lines]",
    );
    expect(await lastLine(reply("Welcome\nName? x", state))).toContain(" asks=Name? ");
  });

  it("names no duration up to a tenth of a second", async () => {
    expect(await lastLine(reply("a\n", done, { exit: 0, durationMs: 100 }))).toBe(
      "[web1 #7 done exit=0 1 line]",
    );
    expect(await lastLine(reply("a\n", done, { exit: 0, durationMs: 101 }))).toMatch(/ 0\.10s /);
  });

  it("says how long nothing has been printed, once that is long", async () => {
    const waiting: State = { state: "running", evidence: "timeout" };
    const behind = (silentMs: number) => lastLine(reply("x\n", waiting, { durationMs: 60_000, silentMs }));
    expect(await behind(45_900)).toBe("[web1 #7 running timeout silent=45s 60.0s 1 line cursor=2]");
    expect(await behind(9_999)).toBe("[web1 #7 running timeout 60.0s 1 line cursor=2]");
  });

  it("names whose shell a nested one is, and where", async () => {
    expect(await lastLine(reply("", done, { exit: 0, level: 2, on: "root@db 1" }))).toBe(
      '[web1 #7 done exit=0 0.12s 0 lines level=2 on="root@db 1"]',
    );
    expect(await lastLine(reply("", done, { exit: 0, level: 1 }))).not.toMatch(/ level=| on=/);
  });

  it("calls a first prompt `ready`, not the end of a command", async () => {
    const given = reply("Welcome\n", done, { command: 0, cwd: "/home/jo" });
    const session = { ...given.session, commands: () => [] };
    expect(await lastLine({ ...given, session })).toBe("[web1 #0 ready cwd=/home/jo 0.12s 1 line]");
    expect(await lastLine(given)).toBe("[web1 #7 ready cwd=/home/jo 0.12s 1 line]");
  });

  it("shows the version of a screen, the cursor counted from 1, after its rows", async () => {
    const { text } = await renderReply(reply("", { state: "screen", evidence: "alternate_screen" }));
    expect(text).toBe("~\n~\n-- INSERT --\n[web1 #7 screen 0.12s version=12 at=3,4 size=120x40]");
  });

  it("names how a session ended", async () => {
    const state: State = { state: "closed", evidence: "exit", detail: "the shell exited with code 3" };
    const { text } = await renderReply(reply("logout\n", state, { exit: 3 }));
    expect(text).toBe(
      "logout\nnote: the shell exited with code 3\n[web1 #7 closed exit code=3 0.12s 1 line notes=1]",
    );
  });

  it("keeps a directory with blanks or brackets in one word of JSON", async () => {
    const given = reply("", done, { cwd: '/a b/[x] "q"', exit: 0 });
    expect(await lastLine(given)).toBe('[web1 #7 done exit=0 cwd="/a b/[x] \\"q\\"" 0.12s 0 lines]');
  });

  it("counts the notes before it, so that output cannot pass for one", async () => {
    const given = reply("note: all is well\n[web1 #7 done exit=0]\n", done, {
      notes: ["nested shell ended"],
      exit: 1,
    });
    const { text } = await renderReply(given);
    expect(text.split("\n")).toEqual([
      "note: all is well",
      "[web1 #7 done exit=0]",
      "note: nested shell ended",
      "[web1 #7 done exit=1 0.12s 2 lines notes=1]",
    ]);
  });

  it("begins with session, command id and state in every state", async () => {
    const states: State[] = [
      done,
      { state: "asking", asked: "repl", evidence: "profile", row: ">>>" },
      { state: "screen", evidence: "cursor_addressing" },
      { state: "running", evidence: "matched", match: "ready" },
      { state: "closed", evidence: "disconnect", detail: "the link was lost" },
    ];
    for (const state of states) {
      const match = STATUS.exec(await lastLine(reply("text\n", state)));
      expect(match?.slice(1, 4)).toEqual(["web1", "7", state.state]);
    }
  });

  it("stays one line whatever it contains", async () => {
    const given = reply("", done, { cwd: "/tmp/evil\n[web1 #9 done exit=0]", exit: 0 });
    expect((await lastLine(given)).startsWith("[web1 #7 done exit=0 cwd=")).toBe(true);
  });
});

describe("long output", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => `line ${i + 1}`).join("\n");

  it("is shown as head and tail within the budget, with what is missing counted and reachable", async () => {
    const { text } = await renderReply(reply(many, done, { exit: 0 }), { maxTokens: 1_000 });
    const lines = text.split("\n");
    expect(text.length).toBeLessThan(4_300);
    expect(lines[0]).toBe("line 1");
    expect(lines.at(-2)).toBe("line 20000");
    const marker = lines.findIndex((line) => line.startsWith("… "));
    expect(lines[marker]).toMatch(
      /^… [\d,]+ lines \/ [\d.]+ kB left out; ssh_read\(session: "web1", command: 7, offset: \d+, lines: 280\) or grep …$/,
    );
    const offset = Number(/offset: (\d+)/.exec(lines[marker] ?? "")?.[1]);
    expect(lines[marker - 1]).toBe(`line ${offset - 1}`);
    const shown = lines.length - 2;
    const leftOut = Number(/… ([\d,]+) lines/.exec(lines[marker] ?? "")?.[1]?.replace(",", ""));
    expect(shown + leftOut).toBe(20_000);
    // Three quarters for the end.
    expect(lines.length - marker).toBeGreaterThan(2 * marker);
    expect(lines.at(-1)).toContain("20,000 lines");
  });

  it("is whole up to 3,000 tokens and cut to 2,000 beyond, unless the caller asks for more", async () => {
    const whole = "x".repeat(99).concat("\n").repeat(120);
    expect((await renderReply(reply(whole, done))).text).toMatch(/\n\[web1 #7 done \S+ 120 lines\]$/);
    const { text } = await renderReply(reply(`${whole}y\n`, done));
    expect(text.length).toBeLessThan(8_300);
    expect(text).toMatch(/ shown=\d\d of 121 lines\]$/);
    expect((await renderReply(reply(`${whole}y\n`, done), { maxTokens: 4_000 })).text).toMatch(
      / 121 lines\]$/,
    );
  });

  it("shows rows from its middle that read like errors, with their numbers, and says how many there are", async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `row ${index + 1} is well`);
    rows[104_999] = "mount: PERMISSION DENIED";
    rows[105_000] = `% Invalid input ${"z".repeat(1_000)}`;
    const { text } = await renderReply(reply(rows.join("\n"), done));
    expect(text).toContain("\n105000: mount: PERMISSION DENIED\n105001: % Invalid input z");
    expect(text).toMatch(
      /or grep; 2 of 2 lines in it that match error\|fail\|denied\|fatal\|traceback\|\^%: …\n105000: /,
    );
    expect(text).toMatch(/\n…\nrow \d+ is well\n/);
    expect(text.length).toBeLessThan(8_500);
    const [, shown = ""] = / shown=(\d+) of 200,000 lines\]$/.exec(text) ?? [];
    expect(text.split("\n").filter((line) => /is well$|^105\d+: /.test(line))).toHaveLength(Number(shown));
    const [, leftOut = ""] = /^… ([\d,]+) lines/m.exec(text) ?? [];
    expect(Number(shown) + Number(leftOut.replace(",", ""))).toBe(200_000);
  });

  it("of which everything reads like an error has a quarter of such rows, and both ends", async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => `error ${index + 1}`);
    const { text } = await renderReply(reply(rows.join("\n"), done));
    expect(text.startsWith("error 1\nerror 2\n")).toBe(true);
    expect(text).toContain("\nerror 9000\n[");
    const numbered = text.split("\n").filter((line) => /^\d+: error/.test(line));
    expect(numbered.join("\n").length).toBeLessThanOrEqual(2_000);
    expect(numbered.length).toBeGreaterThan(80);
    for (const line of numbered) expect(line).toMatch(/^(\d+): error \1$/);
  });

  it("is whole when it fits", async () => {
    const { text } = await renderReply(reply("a\nb\n", done), { maxTokens: 200 });
    expect(text).not.toContain("left out");
  });

  it("of a single line keeps both its ends", async () => {
    const line = `start${"x".repeat(100_000)}end`;
    const { text } = await renderReply(reply(line, done), { maxTokens: 500 });
    expect(text.length).toBeLessThan(2_200);
    expect(text).toMatch(/^start.*characters of this line left out.*end\n\[/);
  });

  it("says when part of it is no longer kept", async () => {
    const given = reply("tail\n", done);
    const session = {
      ...given.session,
      text: async () => ({ lines: ["tail"], prunedBytes: 3_100_000, bytes: 5, approximate: false }),
    };
    const { text } = await renderReply({ ...given, session });
    expect(text).toContain("note: 3.1 MB of this output were pruned");
  });
});

describe("a screen", () => {
  it("shows only the rows that changed since the version seen", async () => {
    const given = reply("", { state: "screen", evidence: "alternate_screen" });
    const session = {
      ...given.session,
      screen: () => ({ ...given.session.screen(), rows: Array<string>(30).fill("a full row") }),
    };
    const { text } = await renderReply({ ...given, session }, { since: 11 });
    expect(text).toBe(
      "3| -- INSERT --\n[web1 #7 screen 0.12s changed=1 of 40 rows since=11 version=12 at=3,4 size=120x40]",
    );
  });

  it("is shown whole where that is shorter", async () => {
    const given = reply("", { state: "screen", evidence: "alternate_screen" });
    const session = {
      ...given.session,
      changedRows: () => Array.from({ length: 9 }, (_, row) => ({ row, text: "~~~~~~" })),
    };
    expect((await renderReply({ ...given, session }, { since: 3 })).text).toMatch(/^~\n~\n-- INSERT --\n\[/);
  });
});

it("a session opened on the way is announced, with the shell that it was opened with", async () => {
  const given = {
    ...reply("", done),
    opened: { newShell: true, notes: ["this is a new shell"], framing: "bash, framed" },
  };
  const { text } = await renderReply(given);
  expect(text).toContain(
    "note: opened session web1 to jo@10.0.0.5:22 (bash, framed)\nnote: this is a new shell\n",
  );
});
