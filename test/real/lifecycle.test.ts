import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";
import { LONG_TEXT } from "./kit/users.ts";
import { type Rig, rigFor } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor([hostFor(server, "bash"), hostFor(server, "dash")]);
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

describe("names and busy sessions", () => {
  it("several sessions to one host get readable names, or the caller's own", async () => {
    const names = [await rig.open("bash"), await rig.open("bash"), await rig.open("bash", "mine")];
    expect(names.map((session) => session.name)).toEqual(["bash", "bash-2", "mine"]);
    for (const session of names) await session.close();
  });

  it("a command for a host without a session opens it and says so", async () => {
    const reply = await rig.mux.shell({ session: "dash", command: "echo opened" });
    expect(reply.opened).toBeDefined();
    expect(reply.outcome).toMatchObject({ state: "done", exit: 0 });
    await rig.mux.disconnect("dash");
  });

  it("an unknown name is answered with what there is, nearest first", async () => {
    const session = await rig.open("bash", "core-sw1");
    await expect(rig.mux.shell({ session: "core-sv1", command: "true" })).rejects.toThrow(/core-sw1/);
    await session.close();
  });

  it("another caller's command while one runs is refused as busy, naming it, and the first goes on", async () => {
    const session = await rig.open("bash", "two-at-once");
    const first = session.run("sleep 1; echo first");
    await until(() => session.view().state === "busy", { describe: "the first command to run" });
    await expect(session.run("echo second", { as: "another" })).rejects.toThrow(
      /busy|#1 `sleep 1; echo first` is still running/,
    );
    expectDone(await first, 0, "first");
    await session.close();
  });

  it("late output of a timed-out command is never taken for the next one's", async () => {
    const session = await rig.open("bash", "late");
    const running = await session.run("sleep 1; echo late; sleep 0.5; echo later", { timeoutMs: 200 });
    expect(running.outcome).toMatchObject({ state: "running", evidence: "timeout", command: 1 });
    const settled = await session.settle();
    expect(settled.outcome).toMatchObject({ state: "done", exit: 0, command: 1 });
    const next = await session.run("echo next");
    expectDone(next, 0, "next");
    expect(next.outcome.command).toBe(2);
    const record = session.view().command(1);
    expect((await session.view().text(record?.from ?? 0, record?.to ?? 0)).lines).toEqual(["late", "later"]);
    await session.close();
  });

  it("a read returns at once with what came, and waits only when told to", async () => {
    const session = await rig.open("bash", "reader");
    await session.run("python3 -u -c 'import time\nwhile True: print(\"tick\"); time.sleep(0.1)'", {
      timeoutMs: 300,
    });
    const reply = await rig.mux.wait({ session: "reader" });
    expect(reply.outcome.state).toBe("running");
    expect(reply.outcome.to).toBeGreaterThan(reply.outcome.from);
    const again = await rig.mux.wait({ session: "reader" });
    expect(again.outcome.from).toBe(reply.outcome.to);
    expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
    await session.close();
  });

  it("wait_for ends a wait when new output matches, and the command goes on", async () => {
    const session = await rig.open("bash", "matcher");
    const matched = await session.run("for i in 1 2 3 4 5 6 7 8; do echo step $i; sleep 0.2; done", {
      waitFor: "step [35]",
    });
    expect(matched.outcome).toMatchObject({ state: "running", evidence: "matched", match: "step 3" });
    expect((await session.settle()).outcome).toMatchObject({ state: "done", exit: 0 });
    await session.close();
  });

  it("aborting a wait leaves the command running", async () => {
    const session = await rig.open("bash", "aborted");
    const abort = new AbortController();
    const waiting = session.run("sleep 1; echo survived", { signal: abort.signal });
    await until(() => session.view().state === "busy", { describe: "the command to run" });
    abort.abort();
    expect((await waiting).outcome.state).toBe("running");
    expectDone(await session.settle(), 0);
    await session.close();
  });
});

describe("losing and finding again", () => {
  it("a dropped link closes the session with what was known, and a reconnect is a new shell with the old text", async () => {
    const proxy = await delayProxy({ target: server });
    const own = rigFor([
      hostFor({ ...server, port: proxy.port, address: proxy.address, knownHosts: proxy.knownHosts }, "bash"),
    ]);
    try {
      for (let round = 1; round <= 3; round++) {
        const session = await own.open("bash");
        expect(session.name).toBe("bash");
        if (round > 1) expect(session.first.opened?.newShell).toBe(true);
        expect((await session.run("pwd")).text).toMatch(/bash$/);
        await session.run("cd /usr; secret_of_round=1");
        const before = await session.run(`echo round ${round}`);
        const waiting = session.run("sleep 20");
        await until(() => session.view().state === "busy", { describe: "the command to run" });
        proxy.cut("rst");
        const lost = await waiting;
        expect(lost.outcome).toMatchObject({ state: "closed", evidence: "disconnect" });
        expect(lost.outcome.notes.join(" ")).toContain("unknown");
        expect(lost.outcome.exit).toBeUndefined();
        await expect(session.run("echo no")).rejects.toThrow(/is closed/);
        const record = session.view().command(before.outcome.command);
        expect((await session.view().text(record?.from ?? 0, record?.to ?? 0)).lines).toEqual([
          `round ${round}`,
        ]);
      }
      const last = await own.open("bash");
      const first = last
        .view()
        .commands()
        .find((command) => command.text === "echo round 1");
      expect((await last.view().text(first?.from ?? 0, first?.to ?? 0)).lines).toEqual(["round 1"]);
    } finally {
      await own.close();
      await proxy.close();
    }
  });

  it("a link that goes silent is noticed by keepalive", async () => {
    const proxy = await delayProxy({ target: server });
    const host = hostFor(
      { ...server, port: proxy.port, address: proxy.address, knownHosts: proxy.knownHosts },
      "bash",
    );
    const own = rigFor([
      { ...host, timing: { ...host.timing, keepaliveIntervalMs: 300, keepaliveCount: 2 } },
    ]);
    try {
      const session = await own.open("bash");
      proxy.blackhole(true);
      const lost = await session.run("echo hello", { timeoutMs: 10_000 });
      expect(lost.outcome).toMatchObject({ state: "closed", evidence: "disconnect" });
    } finally {
      await own.close();
      await proxy.close();
    }
  });

  it("a shell that ends while nobody waits is found closed, with its code", async () => {
    const session = await rig.open("bash", "leaver");
    await session.run("(sleep 0.3; kill -HUP $$) & true");
    await until(() => session.view().state === "closed", { describe: "the session to close" });
    const { outcome } = await session.settle();
    expect(outcome.state).toBe("closed");
  });

  it("an idle session expires, a busy one does not", async () => {
    const host = hostFor(server, "bash");
    const own = rigFor([{ ...host, timing: { ...host.timing, idleTimeoutMs: 1000 } }]);
    try {
      const idle = await own.open("bash", "idle");
      const busy = await own.open("bash", "busy");
      await busy.run("sleep 30", { timeoutMs: 100 });
      await until(() => idle.view().state === "closed", {
        timeoutMs: 15_000,
        describe: "the idle session to expire",
      });
      expect(busy.view().state).toBe("busy");
      expect((await idle.settle()).outcome).toMatchObject({
        state: "closed",
        detail: expect.stringContaining("idle"),
      });
    } finally {
      await own.close();
    }
  });

  it("disposing closes every session", async () => {
    const own = rigFor([hostFor(server, "bash")]);
    for (let i = 0; i < 5; i++) await own.open("bash");
    const started = performance.now();
    await own.close();
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(own.mux.sessions().every((session) => session.state === "closed")).toBe(true);
  });
});

describe("a link with 100 ms of delay, cut into small pieces", () => {
  it("commands, input, interrupt, nested shells and screens stay exact", async () => {
    const proxy = await delayProxy({ target: server, rttMs: 100, chunk: 7 });
    const at = { ...server, port: proxy.port, address: proxy.address, knownHosts: proxy.knownHosts };
    const names = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish"];
    const own = rigFor(names.map((name) => hostFor(at, name)));
    try {
      await Promise.all(
        names.map(async (name) => {
          const session = await own.open(name);
          for (let i = 0; i < 5; i++) expectDone(await session.run(`echo ${name}-${i}`), 0, `${name}-${i}`);
          expectDone(await session.run(`: ${"z".repeat(3000)}\necho long`), 0, "long");
          expect((await session.run("cat")).outcome).toMatchObject({ state: "asking" });
          expect((await session.keys("<C-d>")).outcome).toMatchObject({ state: "done" });
          await session.run("sleep 30", { timeoutMs: 600 });
          expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
          expect((await session.run("bash --norc")).outcome).toMatchObject({ asked: "shell", level: 2 });
          expect((await session.run("exit 6")).outcome).toMatchObject({ state: "done", exit: 6, level: 1 });
          expect((await session.run(`less ${LONG_TEXT}`)).outcome.state).toBe("screen");
          expect((await session.keys("q")).outcome.state).toBe("done");
          expectDone(await session.run("echo end"), 0, "end");
        }),
      );
    } finally {
      await own.close();
      await proxy.close();
    }
  });
});

describe("a terminal is resized", () => {
  it("at the prompt and under a full-screen program, which draws itself anew", async () => {
    const session = await rig.open("bash", "resized");
    await rig.mux.send({ session: "resized", cols: 90, rows: 30 });
    expectDone(await session.run("stty size"), 0, "30 90");
    expect((await session.run(`less ${LONG_TEXT}`)).outcome.state).toBe("screen");
    const { outcome } = await rig.mux.send({ session: "resized", rows: 12 });
    expect(outcome.state).toBe("screen");
    expect(session.view().screen().rows.length).toBe(12);
    expect((await session.keys("q")).outcome.state).toBe("done");
    await expect(rig.mux.send({ session: "resized", cols: 7 })).rejects.toThrow(/from 20 to 500/);
    await session.close();
  });
});
