import { describe, expect, it } from "vitest";
import { closedState } from "../../../src/shell/record/closed-state.ts";
import { CommandLog } from "../../../src/shell/record/command-log.ts";
import { Ledger } from "../../../src/shell/record/ledger.ts";
import type { Level } from "../../../src/shell/record/shell-level.ts";
import type { TypedAt } from "../../../src/shell/record/typed.ts";
import { type Wait, Waits } from "../../../src/shell/record/waits.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { FakeClock } from "../../fake-clock.ts";

const PROMPT: TypedAt = { level: 1, secret: false, owedPrompt: false };

function rigOf() {
  const clock = new FakeClock();
  const log = new CommandLog();
  const transcript = new Transcript(1 << 20);
  const waits = new Waits(clock);
  const ledger = new Ledger({ log, transcript, waits }, clock);
  const keys = (text: string, to: TypedAt | "keys" | "running" = PROMPT, by = "a") =>
    ledger.keys(Buffer.from(text), to === "running" ? undefined : to, by);
  const print = (text: string) => transcript.append(Buffer.from(text));
  const ended = (id: number, how: "mark" | "prompt" | "left_shell" | "dropped", exit?: number) =>
    ledger.ended({ type: "ended", id, exit, cwd: "/tmp", how }, 1, true);
  const wait = (about: Wait["about"], command: number) =>
    waits.start({ about, command, anyAfter: undefined, watch: undefined, since: 0 }, 1000, undefined);
  return { clock, log, ledger, keys, print, ended, wait };
}

/** What is under way of keys: nothing, or how many lines and whether Enter was among them. */
function typedOf({ typed }: Ledger): object | undefined {
  return typed && { enter: typed.enter, lines: typed.lines, command: typed.command?.text };
}

describe("keys at a prompt", () => {
  it("become a command whose text is known as keys only", () => {
    const { log, ledger, keys } = rigOf();
    keys("ls\r");
    expect(log.all().map(({ text, begun, level }) => ({ text, begun, level }))).toEqual([
      { text: expect.stringMatching(/^keys: ls/), begun: true, level: 1 },
    ]);
    expect(ledger.typed?.command).toBe(log.last);
  });

  it("are one command until its prompt comes, however they are sent", () => {
    const { log, ledger, keys } = rigOf();
    keys("l");
    keys("s");
    expect(typedOf(ledger)).toMatchObject({ enter: false, lines: 0 });
    keys("\r");
    expect(typedOf(ledger)).toMatchObject({ enter: true, lines: 1 });
    expect(log.all()).toHaveLength(1);
  });

  it("that answer a password question there are not recorded", () => {
    const { log, keys } = rigOf();
    keys("hunter2\r", { ...PROMPT, secret: true });
    expect(log.all().map(({ text }) => text)).toEqual(["keys: [secret]"]);
  });

  it.each([
    ["a\rb\r", 2],
    ["a\nb\n", 2],
    ["a\r\nb", 1],
    ["a", 0],
  ])("%j are counted as %i lines", (text, lines) => {
    const { ledger, keys } = rigOf();
    keys(text);
    expect(ledger.typed?.lines).toBe(lines);
  });

  it("remember when Escape was last among them", () => {
    const { clock, ledger, keys } = rigOf();
    clock.advance(100);
    keys("\u001b");
    clock.advance(50);
    keys("x");
    expect(ledger.typed?.escapeAt).toBe(100);
  });

  it("to what runs are no command of their own", () => {
    const { log, ledger, keys } = rigOf();
    keys("yes\r", "running");
    keys("q", "keys");
    expect(log.all()).toEqual([]);
    expect(ledger.typed).toBeUndefined();
  });

  it.each(["\u0003", "\u001c", "\u001a"])(
    "that interrupt (%j) mark what runs, and not what has ended",
    (key) => {
      const { ledger, keys, ended } = rigOf();
      const before = ledger.open("true", 1);
      ended(before.id, "mark", 0);
      const runs = ledger.open("sleep 60", 1);
      keys(key, "running");
      expect([before.interrupted, runs.interrupted]).toEqual([false, true]);
    },
  );
});

describe("the prompt behind typed lines", () => {
  it("ends them, with its exit status", () => {
    const { log, ledger, keys } = rigOf();
    keys("false\r");
    ledger.promptStands(1, "/tmp");
    expect(log.last).toMatchObject({ state: "done", exit: 1, cwd: "/tmp" });
    expect(ledger.typed).toBeUndefined();
  });

  it("ends one of several that were typed ahead", () => {
    const { log, ledger, keys } = rigOf();
    keys("false\rtrue\r");
    ledger.promptStands(1, "/tmp");
    expect(log.last?.endedAt).toBeUndefined();
    expect(typedOf(ledger)).toMatchObject({ lines: 1 });
    ledger.promptStands(0, "/tmp");
    expect(log.last).toMatchObject({ state: "done", exit: 0 });
    expect(ledger.typed).toBeUndefined();
  });

  it("ends them all where the shell says that they were one", () => {
    const { log, ledger, keys } = rigOf();
    keys("for x in 1; do\rtrue\rdone\r");
    ledger.oneLine();
    ledger.promptStands(0, "/tmp");
    expect(log.last).toMatchObject({ state: "done", exit: 0 });
  });

  it("that is owed to the command before ends nothing", () => {
    const { log, ledger, keys } = rigOf();
    keys("ls\r", { ...PROMPT, owedPrompt: true });
    ledger.promptStands(0, "/tmp");
    expect(log.last?.endedAt).toBeUndefined();
    expect(ledger.typed?.owedPrompt).toBe(false);
    ledger.promptStands(2, "/tmp");
    expect(log.last).toMatchObject({ state: "done", exit: 2 });
  });

  it("is owed once, however many keys follow", () => {
    const { ledger, keys } = rigOf();
    keys("l", { ...PROMPT, owedPrompt: true });
    ledger.promptStands(0, "/tmp");
    keys("s\r", { ...PROMPT, owedPrompt: true });
    expect(ledger.typed?.owedPrompt).toBe(false);
  });

  it("notes where the shell is, and forgets it where the shell cannot say it", () => {
    const { ledger } = rigOf();
    ledger.promptStands(0, "/srv");
    expect(ledger.cwd).toBe("/srv");
    ledger.promptStands(0, undefined);
    expect(ledger.cwd).toBeUndefined();
  });

  it("where nothing was typed ends nothing", () => {
    const { log, ledger } = rigOf();
    const runs = ledger.open("sleep 60", 1);
    ledger.promptStands(0, "/tmp");
    expect(runs.endedAt).toBeUndefined();
    expect(log.running).toBe(runs);
  });
});

describe("keys without an Enter", () => {
  it.each([
    ["text", "dra", "a"],
    ["text behind an Enter", "ls\rdra", "a"],
    ["a whole line", "ls\r", undefined],
    ["text that an interrupt threw away", "dra\u0003", undefined],
    ["text behind an interrupt", "\u0003dra", "a"],
    ["a cursor key", "\u001b[A", undefined],
    ["a control key", "\u0001", undefined],
  ])("leave an open end: %s", (_what, text, by) => {
    const { ledger, keys } = rigOf();
    keys(text);
    expect(ledger.openEnd).toBe(by);
  });

  it("stay open behind keys that neither add nor end anything", () => {
    const { ledger, keys } = rigOf();
    keys("dra");
    keys("\u001b[D");
    expect(ledger.openEnd).toBe("a");
    keys("\r");
    expect(ledger.openEnd).toBeUndefined();
  });

  it("are the last caller's", () => {
    const { ledger, keys } = rigOf();
    keys("dra", PROMPT, "a");
    keys("ft", PROMPT, "b");
    expect(ledger.openEnd).toBe("b");
  });

  it("to a full-screen program are an open end from two characters on, or from one behind an Enter", () => {
    const { ledger, keys } = rigOf();
    keys("q", "keys");
    expect(ledger.openEnd).toBeUndefined();
    keys(":q", "keys");
    expect(ledger.openEnd).toBe("a");
    keys("\r", "keys");
    expect(ledger.openEnd).toBeUndefined();
    keys(":q\r:", "keys");
    expect(ledger.openEnd).toBe("a");
  });

  it("that a program left unread are on the line of the prompt behind it", () => {
    const { ledger, keys, ended } = rigOf();
    const command = ledger.open("sleep 1", 1);
    keys("dra", "running");
    expect(ledger.typed).toBeUndefined();
    ended(command.id, "mark", 0);
    expect(ledger.typed).toMatchObject({ enter: false, owedPrompt: true, command: undefined });
  });

  it("behind a typed line are on the line of its prompt", () => {
    const { ledger, keys } = rigOf();
    keys("ls\rdra");
    ledger.promptStands(0, "/tmp");
    expect(ledger.typed).toMatchObject({ enter: false, owedPrompt: false, command: undefined });
  });

  it("are not on the line of a prompt that was cleared", () => {
    const { ledger, keys } = rigOf();
    keys("dra");
    ledger.endTyped(undefined);
    ledger.forgetTyped();
    expect([ledger.typed, ledger.openEnd]).toEqual([undefined, undefined]);
  });

  it("that were entered leave nothing behind the command they went to", () => {
    const { ledger, keys, ended } = rigOf();
    const command = ledger.open("read x", 1);
    keys("word\r", "running");
    ended(command.id, "mark", 0);
    expect(ledger.typed).toBeUndefined();
  });
});

describe("what else may be on the line", () => {
  it("a reply of the terminal is no command, and no reason to forget one", () => {
    const { log, ledger, keys } = rigOf();
    ledger.replied();
    expect(typedOf(ledger)).toEqual({ enter: false, lines: 0, command: undefined });
    expect(log.all()).toEqual([]);
    keys("ls");
    ledger.replied();
    expect(ledger.typed?.command).toBe(log.last);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])("a line of ours that was left there counts as typed (entered: %s)", (enter, lines) => {
    const { ledger } = rigOf();
    const command = ledger.open("show version", 1);
    ledger.leftOnLine(enter, command);
    expect(ledger.typed).toMatchObject({ enter, lines, command });
  });

  it("is handed back without an end: whoever knows how gives it one", () => {
    const { log, ledger, keys } = rigOf();
    keys("show version\rdra");
    ledger.handBack();
    expect([ledger.typed, log.last?.endedAt]).toEqual([undefined, undefined]);
    const [command] = log.all();
    if (command) ledger.finishAtPrompt(command);
    expect(log.last).toMatchObject({ state: "done" });
    expect(ledger.typed).toMatchObject({ enter: false, command: undefined });
  });
});

describe("the end of a command", () => {
  it("closes its output, whose beginning is where it began to run", () => {
    const { ledger, print, ended } = rigOf();
    const command = ledger.open("make", 1);
    print("echo of it\r\n");
    ledger.begun(command.id);
    print("output");
    ended(command.id, "mark", 2);
    print("prompt");
    expect([command.range.from, command.range.to]).toEqual([12, 18]);
    expect(command).toMatchObject({ state: "done", exit: 2, cwd: "/tmp", begun: true });
  });

  it("is known once: a second mark changes nothing", () => {
    const { clock, ledger, ended } = rigOf();
    const command = ledger.open("make", 1);
    ended(command.id, "mark", 2);
    clock.advance(100);
    ended(command.id, "mark", 0);
    expect(command).toMatchObject({ exit: 2, endedAt: 0 });
  });

  it("invents no exit status", () => {
    const { ledger, ended } = rigOf();
    const command = ledger.open("make", 1);
    ended(command.id, "prompt");
    expect(command).not.toHaveProperty("exit");
  });

  it("of a line that the shell discarded says that it did not run", () => {
    const { ledger, ended } = rigOf();
    const command = ledger.open("make", 1);
    ended(command.id, "dropped");
    expect(command.remarks).toEqual(["NOT RUN: the shell discarded the line before running it"]);
  });

  it("whose very purpose was to leave the shell is its own", () => {
    const { ledger, ended } = rigOf();
    const command = ledger.open("exit 3", 2);
    ended(command.id, "left_shell", 3);
    expect(command).toMatchObject({ state: "done", exit: 3, stranded: false });
    expect(command.notes).toEqual(["it ended the nested shell"]);
  });

  /** A nested bash that command `id` has opened. */
  const nestedIn = (id: number): Level => ({
    number: 2,
    family: "bash",
    name: "bash 5.2",
    hooked: true,
    openedBy: id,
    key: "k",
    user: "root",
    host: "box",
  });

  it.each([
    [false, "done", "`make` ran in the nested shell that ended: its own end was not seen"],
    [true, "stopped", "`make` runs in the nested shell, which is stopped"],
  ])("with the shell around it was not seen (that shell is stopped: %s)", (stopped, state, told) => {
    const { ledger, ended } = rigOf();
    const opener = ledger.open("sudo -i", 1);
    ledger.holdsShell(nestedIn(opener.id), undefined);
    const command = ledger.open("make", 2);
    ended(command.id, "left_shell", 147);
    expect(command).toMatchObject({ state: "closed", stranded: true });
    expect(command).not.toHaveProperty("exit");
    const over = ended(opener.id, "mark", 147);
    if (over === undefined) throw new Error("nothing to be concluded");
    ledger.conclude(over, stopped);
    expect(opener.state).toBe(state);
    expect(ledger.notes.join()).toContain(told);
  });

  it("that held a nested shell says which level it is now", () => {
    const { ledger, ended } = rigOf();
    const command = ledger.open("sudo -i", 1);
    expect(ledger.holdsShell(nestedIn(command.id), undefined)).toBe(command);
    expect(command.notes.join()).toContain("a nested bash 5.2 as root@box runs inside #1 (level 2)");
    const leaving = ledger.open("exit", 2);
    ended(leaving.id, "left_shell", 0);
    ended(command.id, "mark", 0);
    expect(ledger.notes).toEqual(["#1 `sudo -i` ended exit=0; back at level 1"]);
  });

  it.each([
    ["the kernel says it is stopped", true, { state: "stopped" }, /`fg`/],
    ["the kernel says it is not", false, { state: "done", exit: 147 }, /^$/],
    ["the kernel does not say", undefined, { state: "done", exit: 147 }, /`jobs`/],
  ])("with a stopped job's status waits for the kernel's word: %s", (_what, stopped, wanted, remark) => {
    const { ledger, ended, print } = rigOf();
    const command = ledger.open("make", 1);
    const over = ended(command.id, "mark", 147);
    print("prompt");
    if (over === undefined) throw new Error("nothing to be concluded");
    ledger.conclude(over, stopped);
    expect(command).toMatchObject(wanted);
    expect(command.remarks.join()).toMatch(remark);
    expect(command.range.to).toBe(0);
  });

  it("ends the waits that are about it, and those for whatever comes, and no other", async () => {
    const { clock, ledger, ended, wait } = rigOf();
    const [first, second] = [ledger.open("one", 1), ledger.open("two", 1)];
    const told = [wait("command", first.id), wait("news", 0), wait("command", second.id)];
    ended(first.id, "mark", 0);
    clock.advance(1000);
    const states = (await Promise.all(told)).map(({ state, command }) => [state.state, command?.text]);
    expect(states).toEqual([
      ["done", "one"],
      ["done", "one"],
      ["running", undefined],
    ]);
  });

  it("of the shell it was stranded in is what its wait is told", async () => {
    const { ledger, ended, wait } = rigOf();
    const [holder, inside] = [ledger.open("sudo -i", 1), ledger.open("make", 2)];
    const told = wait("command", inside.id);
    ended(inside.id, "left_shell");
    ended(holder.id, "mark", 0);
    expect(await told).toMatchObject({ state: { state: "done" }, command: holder });
  });
});

describe("a channel that is gone", () => {
  it("leaves of a cut command that nobody knows what became of it, on every later read", () => {
    const { log, ledger, ended } = rigOf();
    const done = ledger.open("true", 1);
    ended(done.id, "mark", 0);
    const cut = ledger.open("make install", 1);
    ledger.begun(cut.id);
    ledger.closeAll({ reason: "disconnect", message: "read ECONNRESET" });
    expect(cut).toMatchObject({ state: "closed", endedAt: 0 });
    expect(cut.remarks).toEqual([
      "#2 `make install` was running when the link was lost: unknown whether it finished or still runs",
    ]);
    expect(cut.notes).toEqual([]);
    expect(done).toMatchObject({ state: "done", remarks: [] });
    expect(log.running).toBeUndefined();
  });

  it("leaves such a remark on what was typed by keys, too", () => {
    const { log, ledger, keys } = rigOf();
    keys("make install\r");
    ledger.closeAll({ reason: "disconnect", message: "read ECONNRESET" });
    expect(log.last?.remarks.join()).toContain("was running when the link was lost");
    expect(ledger.typed).toBeUndefined();
  });

  it("does not call running what had not begun", () => {
    const { ledger } = rigOf();
    const typed = ledger.open("make install", 1);
    ledger.closeAll({ reason: "disconnect", message: "read ECONNRESET" });
    expect(typed.remarks).toEqual([
      "#1 `make install` had not begun when the link was lost: unknown whether it ran",
    ]);
  });

  it.each([
    { reason: "disconnect", message: "read ECONNRESET" } as const,
    { reason: "closed_by_us" } as const,
  ])("calls a line that was never entered neither running nor cut ($reason)", (end) => {
    const { log, ledger, keys } = rigOf();
    keys("make install");
    ledger.closeAll(end);
    expect(log.last).toMatchObject({ state: "closed", notes: [] });
    expect(log.last?.remarks).toEqual(["what was left on the line was never entered"]);
    expect(log.last?.cut).toBeUndefined();
  });

  it("that we closed ourselves leaves a remark that stays, for the link was not lost", () => {
    const { ledger } = rigOf();
    const open = ledger.open("sleep 60", 1);
    ledger.closeAll({ reason: "closed_by_us" });
    expect(open.remarks).toEqual(["its end was not seen: whether it finished is unknown"]);
    expect(open.notes).toEqual([]);
  });

  it("whose shell ended gives its exit status to the command in front alone", () => {
    const { ledger } = rigOf();
    const [before, front] = [ledger.open("sleep 60 &", 1), ledger.open("exit 3", 1)];
    ledger.closeAll({ reason: "exit", code: 3 });
    expect(front).toMatchObject({ state: "closed", exit: 3, remarks: [], notes: [] });
    expect(before).not.toHaveProperty("exit");
  });

  it("does not change what was abandoned before", () => {
    const { ledger } = rigOf();
    const command = ledger.open("make", 1);
    ledger.abandonOpen("its end is not watched any more");
    ledger.closeAll({ reason: "disconnect", message: "gone" });
    expect(command.remarks).toEqual(["its end is not watched any more"]);
    expect(command.notes).toEqual([]);
  });

  it.each([
    [{ reason: "exit", code: 3 }, undefined, { evidence: "exit", detail: "code 3" }],
    [{ reason: "exit" }, undefined, { evidence: "exit", detail: "the shell ended" }],
    [{ reason: "exit", signal: "KILL" }, undefined, { evidence: "killed", detail: "signal KILL" }],
    [{ reason: "disconnect", message: "reset" }, undefined, { evidence: "disconnect", detail: "reset" }],
    [{ reason: "closed_by_us" }, "idle for 30 min", { evidence: "disconnect", detail: "idle for 30 min" }],
    [{ reason: "closed_by_us" }, undefined, { evidence: "disconnect", detail: "closed" }],
  ] as const)("reads as a state: %j, closed because %s", (end, reason, state) => {
    expect(closedState(end, reason)).toEqual({ state: "closed", ...state });
  });
});
