import { beforeAll, describe, expect, it } from "vitest";
import { answerOf, LINE, SHELL, told, waitingShell } from "../shell/evidence/kernel-answers.ts";
import { type FleetOptions, fleet, warmUp } from "./fake-fleet.ts";
import type { FakeShell } from "./fake-shell.ts";
import type { TestWait } from "./permitted.ts";

beforeAll(warmUp);

/** One open session and its remote end. */
async function session(options: FleetOptions = {}) {
  const rig = fleet(options);
  const first = await rig.drive(rig.mux.connect({ host: "fake" }));
  const shell = rig.shells[0];
  if (!shell) throw new Error("no shell was opened");
  const run = (command: string, wait: TestWait = {}) =>
    rig.drive(rig.mux.shell({ session: "fake", command, ...wait }));
  const keys = (text: string, wait: TestWait = {}) =>
    rig.drive(rig.mux.send({ session: "fake", keys: text, ...wait }));
  return { ...rig, first, shell, run, keys };
}

/** Framed lines that arrived, by id. */
const framedIds = (shell: FakeShell) =>
  [...shell.writes.join("").matchAll(/;__m -x (\d+) /g)].map((match) => Number(match[1]));

describe("a framed session", () => {
  it("is ready after the first prompt, and gives output, status and directory of each command", async () => {
    const { first, run, lines, shell } = await session();
    expect(first.outcome).toMatchObject({ state: "done", evidence: "sentinel", command: 0 });
    expect(first.session.framing).toBe("bash 5.2.15");
    const reply = await run("echo hello");
    expect(reply.outcome).toMatchObject({
      state: "done",
      evidence: "sentinel",
      exit: 0,
      command: 1,
      cwd: "/home/user",
    });
    expect(await lines(reply)).toEqual(["hello"]);
    shell.cwd = "/tmp";
    expect((await run("false")).outcome).toMatchObject({ state: "done", exit: 1, command: 2, cwd: "/tmp" });
  });

  it("takes its lasting memory, the transcript, from what a person would have seen", async () => {
    const { run, mux } = await session();
    await run("echo one");
    await run("echo two");
    const view = mux.view("fake");
    expect((await view.text(0, view.end)).lines.join("\n").trimEnd()).toBe(
      "user@fake:~$ echo one\none\nuser@fake:~$ echo two\ntwo\nuser@fake:~$",
    );
  });

  for (const chunk of [1, 2, 3, 7, 64]) {
    for (const delayMs of [0, 50]) {
      it(`is exact over a link that cuts everything into ${chunk} bytes with ${2 * delayMs} ms of round trip`, async () => {
        const { run, lines, shell } = await session({ shell: { chunk, delayMs } });
        shell.scripts.set("café 🚀", (running) => {
          running.print("naïve 日本\r\n\u001b]0;open");
          running.end(3);
        });
        const reply = await run("café 🚀");
        expect(reply.outcome).toMatchObject({ state: "done", exit: 3 });
        expect((await lines(reply))[0]).toBe("naïve 日本");
        expect(shell.ran).toEqual(["café 🚀"]);
        const long = `echo ${"x".repeat(2000)}`;
        expect(await lines(await run(long))).toEqual([long.slice(5)]);
      });
    }
  }

  it("types each command once, through timeouts, reads and refusals", async () => {
    const { run, mux, drive, shell } = await session();
    const running = await run("sleep 9", { timeoutMs: 1000 });
    expect(running.outcome).toMatchObject({ state: "running", evidence: "timeout" });
    await expect(run("echo no")).rejects.toMatchObject({
      code: "busy",
      message: expect.stringContaining("#1 `sleep 9`"),
    });
    const before = shell.writes.length;
    for (let i = 0; i < 3; i++) await drive(mux.wait({ session: "fake", timeoutMs: 5000 }));
    expect(shell.writes.length).toBe(before);
    expect(shell.ran).toEqual(["sleep 9"]);
  });

  it("never types a line again that the shell did not take, and says so", async () => {
    const { run, mux, drive, shell } = await session();
    shell.deaf = true;
    const lost = await run("echo lost", { timeoutMs: 30_000 });
    expect(lost.outcome).toMatchObject({ state: "running", evidence: "timeout" });
    expect(lost.outcome.notes.join()).toContain("typed once and is not sent again");
    await drive(mux.wait({ session: "fake", timeoutMs: 50_000 }));
    expect(framedIds(shell)).toEqual([1]);
  });

  it("never types a command again in a new shell after the link was lost", async () => {
    const { run, mux, drive, shell, shells, clock } = await session();
    const lost = mux.shell({ session: "fake", command: "sleep 9" });
    await clock.pass(100);
    shell.hangUp({ reason: "disconnect", message: "read ECONNRESET" });
    expect((await drive(lost)).outcome).toMatchObject({ state: "closed", evidence: "disconnect" });
    await expect(run("echo no")).rejects.toMatchObject({ code: "session_closed" });
    const again = await drive(mux.connect({ host: "fake" }));
    expect(again.opened?.newShell).toBe(true);
    expect(shells).toHaveLength(2);
    expect(shells[1]?.ran).toEqual([]);
    const next = await run("echo new");
    expect(next.outcome).toMatchObject({ state: "done", command: 2 });
    expect(shells[1]?.ran).toEqual(["echo new"]);
  });

  it("sends the set-up once per shell", async () => {
    const { run, shell } = await session({ shell: { delayMs: 300 } });
    await run("true");
    expect(shell.writes.filter((text) => text.includes("head -c4736"))).toHaveLength(1);
    expect(shell.writes.filter((text) => text.length === 4736)).toHaveLength(1);
  });

  it("says that what is typed waits here, where the host has stopped taking it", async () => {
    const { run, keys, shell } = await session();
    await run("sleep 9", { timeoutMs: 500 });
    const taken = await keys("x", { timeoutMs: 500 });
    expect(taken.outcome.notes.join()).not.toContain("stopped taking");
    shell.untaken = 1_400_000;
    const stalled = await keys("y", { timeoutMs: 500 });
    expect(stalled.outcome.notes.join()).toMatch(
      /stopped taking what is typed .* up to 1,400,000 bytes wait here/,
    );
  });

  it("interrupts on Ctrl-C and works on", async () => {
    const { run, keys, lines } = await session();
    await run("sleep 9", { timeoutMs: 500 });
    expect((await keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130, command: 1 });
    expect(await lines(await run("echo after"))).toEqual(["after"]);
  });
});

describe("two commands at once", () => {
  it("of two callers: one is typed, the other refused with the name of the first", async () => {
    const { mux, drive, shell } = await session();
    const both = await drive(
      Promise.allSettled([
        mux.shell({ session: "fake", command: "echo one" }),
        mux.shell({ session: "fake", command: "echo two", as: "another" }),
      ]),
    );
    expect(both[0]).toMatchObject({ status: "fulfilled", value: { outcome: { state: "done" } } });
    expect(both[1]).toMatchObject({ status: "rejected", reason: { code: "busy" } });
    expect(shell.ran).toEqual(["echo one"]);
  });

  it("neither interrupts the other while half-typed text is cleared away", async () => {
    const { mux, drive, shell, keys, clock } = await session();
    await keys("half a line", { timeoutMs: 1000 });
    const both = await drive(
      Promise.allSettled([
        mux.shell({ session: "fake", command: "sleep 5", timeoutMs: 5000 }),
        mux.shell({ session: "fake", command: "sleep 6", timeoutMs: 5000 }),
      ]),
    );
    await clock.pass(5000);
    expect(both.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect(shell.ran).toEqual(["sleep 5"]);
    expect(shell.writes.filter((text) => text === "\u0003")).toHaveLength(1);
    expect(mux.view("fake").state).toBe("busy");
  });
});

describe("text typed at the prompt", () => {
  it("is cleared before the next command, which then runs alone", async () => {
    const { keys, run, lines, shell } = await session();
    await keys("rm -rf /important", { timeoutMs: 1000 });
    expect(await lines(await run("echo safe"))).toEqual(["safe"]);
    expect(shell.ran).toEqual(["echo safe"]);
  });

  it("is cleared over a slow link without the command being treated as dropped", async () => {
    // Ctrl-C is sent a second time before the first one's prompt arrives; its own prompt comes behind the command's line.
    const { keys, run, lines, shell } = await session({ shell: { delayMs: 450 } });
    await keys("half a line", { timeoutMs: 3000 });
    const reply = await run("echo once");
    expect(shell.ran).toEqual(["echo once"]);
    expect(reply.outcome).toMatchObject({ state: "done", exit: 0 });
    expect(reply.outcome.notes).toEqual([]);
    expect(await lines(reply)).toEqual(["once"]);
  });
});

describe("wait_for", () => {
  it("is about the command's output, not about its text or what stood there before", async () => {
    const { run, shell, clock } = await session();
    await run("echo READY before");
    shell.scripts.set("slow; echo READY", (running) => {
      running.print("starting\r\n");
      clock.after(3000, () => running.print("READY at last\r\n"));
    });
    const started = clock.now();
    const reply = await run("slow; echo READY", { waitFor: "READY.*", timeoutMs: 10_000 });
    expect(reply.outcome).toMatchObject({ state: "running", evidence: "matched", match: "READY at last" });
    expect(clock.now() - started).toBeGreaterThanOrEqual(3000);
  });
});

describe("quiet", () => {
  it("is never treated as an end: a silent command stays running", async () => {
    const { run, mux } = await session({
      shell: { kernel: () => answerOf(LINE, told("bash", { pid: SHELL, ppid: 1 })) },
    });
    const reply = await run("sleep 9", { timeoutMs: 50_000 });
    expect(reply.outcome).toMatchObject({ state: "running", evidence: "timeout" });
    expect(mux.view("fake").state).toBe("busy");
  });

  it("has the kernel asked, and its answer believed", async () => {
    const { run } = await session({
      shell: { kernel: () => answerOf(LINE, waitingShell(), told("cat", { wchan: "wait_woken" })) },
    });
    const reply = await run("sleep 9", { timeoutMs: 20_000 });
    expect(reply.outcome).toMatchObject({ state: "asking", asked: "line", evidence: "kernel" });
    expect(reply.outcome.durationMs).toBeLessThan(1000);
  });

  it("without the kernel's word leaves rows that speak for themselves", async () => {
    const { run, shell } = await session();
    shell.scripts.set("sudo -k true", (running) => running.print("[sudo] password for user: "));
    expect((await run("sudo -k true")).outcome).toMatchObject({
      state: "asking",
      asked: "password",
      evidence: "pattern",
      row: "[sudo] password for user:",
    });
  });
});

describe("a shell without prompt hook", () => {
  it("is framed all the same, and pinged for the end of what was interrupted", async () => {
    const { first, run, keys, shell } = await session({ shell: { hooked: false } });
    expect(first.session.framing).toContain("without prompt hook");
    expect((await run("echo hi")).outcome).toMatchObject({ state: "done", exit: 0 });
    await run("sleep 9", { timeoutMs: 500 });
    expect((await keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130, command: 2 });
    expect(shell.writes.filter((text) => text === " __m -p\r")).toHaveLength(1);
  });
});

describe("a shell that says nothing", () => {
  it("gets nothing typed into it", async () => {
    const { first, shell } = await session({ shell: { silent: true } });
    expect(first.outcome).toMatchObject({
      state: "running",
      evidence: "timeout",
      notes: [
        expect.stringMatching(
          /^logged in and given a terminal, but nothing has come from it yet.* ssh_read waits on/,
        ),
      ],
    });
    expect(shell.writes).toEqual([]);
  });
});
