import { describe, expect, it } from "vitest";
import { lookFirst } from "../../../src/shell/pty/look-first.ts";
import type { PtyState } from "../../../src/shell/pty/state.ts";
import { CommandLog } from "../../../src/shell/record/command-log.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { FakeClock, settled } from "../../fake-clock.ts";
import { aCommand } from "../seen.ts";

/** A command that nobody waits for, and what becomes of another one that is given now. */
function given(order: { here?: "prompt" } = {}) {
  const clock = new FakeClock();
  const transcript = new Transcript(1 << 20);
  const waits = new Waits(clock);
  const log = new CommandLog();
  const command = log.open("make", 1, 0, aCommand().range);
  let looks = 0;
  const terminal: { state: PtyState; attend(): void } = {
    state: { at: "running", command },
    attend: () => void looks++,
  };
  let end: string | undefined;
  const look = () =>
    void lookFirst({ text: "echo next", ...order }, { transcript, log, waits }, terminal).then(
      () => {
        end = "goes on";
      },
      (error: Error) => {
        end = error.message;
      },
    );
  /** The command has ended, and the session is at its prompt. */
  const ends = (exit?: number) => {
    command.endedAt = clock.now();
    if (exit !== undefined) command.exit = exit;
    terminal.state = { at: "prompt" };
  };
  const settle = () => waits.settle(() => ({ state: { state: "done", evidence: "sentinel" } }));
  return { clock, waits, terminal, command, look, ends, settle, looks: () => looks, end: () => end };
}

describe("a command that is given while another one runs that nobody waits for", () => {
  it("is refused with that one's exit code where it ends while it is looked at", async () => {
    const { look, ends, settle, end, clock } = given();
    look();
    await clock.pass(700);
    ends(2);
    settle();
    await settled();
    expect(end()).toBe(
      "#1 `make` was still running when this command came, and has ended since with exit=2. Your command was not run",
    );
    expect(clock.pending).toBe(0);
  });

  it("is refused without one where none is known", async () => {
    const { look, ends, settle, end } = given();
    look();
    ends();
    settle();
    await settled();
    expect(end()).toContain("and has ended since. Your command was not run");
  });

  it("is refused where that one has opened a shell meanwhile", async () => {
    const { look, terminal, settle, end } = given();
    look();
    terminal.state = { at: "prompt" };
    settle();
    await settled();
    expect(end()).toContain("and has opened a shell since. Your command was not run");
  });

  it("is refused where the end comes with the look's own last moment", async () => {
    const { look, ends, end, clock } = given();
    look();
    await clock.pass(1_499);
    expect(end()).toBeUndefined();
    ends(0);
    await clock.pass(1);
    expect(end()).toContain("has ended since with exit=0");
  });

  it("is looked at for no longer than 1.5 s, and goes on to be judged where nothing has changed", async () => {
    const { look, end, clock, looks, waits } = given();
    look();
    expect(looks()).toBe(1);
    expect(waits.size).toBe(1);
    await clock.pass(1_500);
    expect(end()).toBe("goes on");
    expect(waits.size).toBe(0);
  });

  it("goes on at what the caller says is a prompt", async () => {
    const { look, ends, settle, end } = given({ here: "prompt" });
    look();
    ends(0);
    settle();
    await settled();
    expect(end()).toBe("goes on");
  });

  it("is not kept waiting where somebody waits already, or where nothing runs", async () => {
    const { look, ends, end, waits, looks } = given();
    void waits.start(
      { about: "news", command: 1, anyAfter: undefined, since: 0, watch: undefined },
      10_000,
      undefined,
    );
    look();
    await settled();
    expect(end()).toBe("goes on");
    const idle = given();
    idle.ends(0);
    idle.look();
    await settled();
    expect(idle.end()).toBe("goes on");
    expect(looks() + idle.looks()).toBe(0);
    ends(0);
  });
});
