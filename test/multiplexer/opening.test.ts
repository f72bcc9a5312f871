import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);

describe("an opening belongs to nobody's wait", () => {
  it.each([
    ["while it is dialled", 50],
    ["while the shell comes up", 210],
  ])("the caller who began it gives up %s; the next one's command runs", async (_when, afterMs) => {
    const { mux, drive, shells, clock } = fleet({ dialMs: 200, shell: { delayMs: 100 } });
    const leaves = new AbortController();
    const first = mux.shell({ session: "fake", command: "echo one", as: "one", signal: leaves.signal });
    await clock.pass(10);
    const second = mux.shell({ session: "fake", command: "echo two", as: "two" });
    await clock.pass(afterMs);
    leaves.abort();
    const [one, two] = await drive(Promise.all([first, second]));
    expect(one.outcome).toMatchObject({ state: "running", evidence: "timeout" });
    expect(one.outcome.notes.join()).toContain("NOT typed");
    expect(two.outcome).toMatchObject({ state: "done", exit: 0 });
    expect(two.opened).toEqual({ newShell: false, notes: [], framing: "bash 5.2.15" });
    expect(shells.map((shell) => shell.ran)).toEqual([["echo two"]]);
  });

  it("two callers whose host comes up run in turn, or the second learns what is busy", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 200 });
    const [one, two] = await drive(
      Promise.allSettled([
        mux.shell({ session: "fake", command: "sleep 9", timeoutMs: 5000, as: "one" }),
        mux.shell({ session: "fake", command: "echo two", as: "two" }),
      ]),
    );
    expect(one).toMatchObject({ status: "fulfilled", value: { outcome: { state: "running" } } });
    expect(two).toMatchObject({ status: "rejected", reason: { code: "busy" } });
    expect(shells.map((shell) => shell.ran)).toEqual([["sleep 9"]]);
  });

  it("ends in each caller's own time, and ssh_read waits on", async () => {
    const { mux, drive, clock } = fleet({ dialMs: 5000 });
    const early = await drive(mux.connect({ host: "fake", timeoutMs: 1000 }));
    expect(clock.now()).toBe(1000);
    expect(early.outcome).toMatchObject({ state: "running", evidence: "timeout", command: 0 });
    expect(early.outcome.notes.join()).toContain("still being made; ssh_read waits");
    expect(mux.sessions().map(({ name, state }) => [name, state])).toEqual([["fake", "starting"]]);
    const read = await drive(mux.wait({ session: "fake" }));
    expect(read.outcome).toMatchObject({ state: "done" });
  });

  it("lets nothing be typed meanwhile, and says how to wait", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 5000 });
    await drive(mux.connect({ host: "fake", timeoutMs: 1000 }));
    await expect(drive(mux.send({ session: "fake", text: "ls" }))).rejects.toMatchObject({
      code: "not_ready",
      next: expect.stringContaining("ssh_read"),
    });
    expect(shells).toEqual([]);
  });

  it("can be ended by ssh_disconnect", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 3000 });
    await drive(mux.connect({ host: "fake", timeoutMs: 100 }));
    const view = await drive(mux.disconnect("fake"));
    expect(view.state).toBe("closed");
    expect(shells.every((shell) => shell.closed)).toBe(true);
  });

  it("ends for everybody who waits, at once, when it is given up; what the dial opens later is closed", async () => {
    const { mux, drive, shells, clock } = fleet({ dialMs: 3000 });
    const waits = [
      mux.connect({ host: "fake" }),
      mux.shell({ session: "fake", command: "echo one", as: "b" }),
      mux.wait({ session: "fake" }),
    ].map((call) => call.then(String, ({ code }: { code: string }) => code));
    await clock.pass(100);
    await drive(mux.disconnect("fake"));
    expect(await drive(Promise.all(waits.slice(0, 2)))).toEqual(["session_closed", "session_closed"]);
    expect(clock.now()).toBeLessThan(200);
    expect(mux.sessions()).toEqual([]);
    const again = drive(mux.shell({ session: "fake", command: "echo two", timeoutMs: 10_000 }));
    expect((await again).outcome).toMatchObject({ state: "done" });
    expect(shells.map(({ closed, ran }) => [closed, ran])).toEqual([
      [true, []],
      [false, ["echo two"]],
    ]);
  });

  it("counts towards the one wait the caller asked for", async () => {
    const { mux, drive, clock } = fleet({ dialMs: 2000 });
    const reply = await drive(mux.shell({ session: "fake", command: "sleep 9", timeoutMs: 5000 }));
    expect(reply.outcome).toMatchObject({ state: "running", evidence: "timeout", command: 1 });
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
    expect(clock.now()).toBeLessThan(5200);
  });
});
