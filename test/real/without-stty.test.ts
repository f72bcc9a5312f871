import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { testUser } from "./kit/users.ts";
import { startWithoutStty } from "./kit/without-stty.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

/** BusyBox ash behind dropbear on a system that has neither stty nor ps. */

const SOON = { timeoutMs: 10_000 };

let server: TestServer;
let slow: DelayProxy;
let rig: Rig;
beforeAll(async () => {
  server = await startWithoutStty();
  slow = await delayProxy({ target: server, rttMs: 100 });
  const of = (name: string, at: TestServer | DelayProxy, platform: "auto" | "posix") =>
    hostFor(at, testUser("ash"), { name, platform, user: "root" });
  rig = rigFor([of("posix", server, "posix"), of("auto", server, "auto"), of("far", slow, "posix")]);
});
afterAll(async () => {
  await rig?.close();
  await slow?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "bare");

describe.each(["posix", "auto", "far"])("a host without stty: %s", (host) => {
  it.concurrent("is framed, says what is missing, and shows nothing of the set-up", () =>
    withSession(host, async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
      expect(session.first.outcome.notes.join(" ")).toContain("the host has no stty");
      const first = await session.run("echo one; false");
      expectDone(first, 1, "one");
      expect(first.outcome.notes.join(" ")).not.toMatch(/background|stty/);
      expectDone(await session.run(`echo ${"0123456789 ".repeat(200)}| wc -c`), 0, "2200");
      expectDone(await session.run("stty"), 127);
    }));

  it.concurrent("a `read`, typed or run, asks; a busy program does not", () =>
    withSession(host, async (session) => {
      for (const start of [() => session.run("read x", SOON), () => session.keys("read x<Enter>", SOON)]) {
        expect((await start()).outcome).toMatchObject({ state: "asking", asked: "line", evidence: "kernel" });
        expect((await session.type("value", SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
        expectDone(await session.run('echo "$x"'), 0, "value");
      }
      expect((await session.run("sleep 30", { timeoutMs: 2000 })).outcome.state).toBe("running");
      expect((await session.keys("<C-z>", SOON)).outcome.state).toBe("stopped");
      expectDone(await session.run("kill %1; echo on"), 0, /on$/);
    }));

  it.concurrent("a shell inside is joined and left", () =>
    withSession(host, async (session) => {
      expect((await session.run("sh", SOON)).outcome).toMatchObject({ state: "asking", asked: "shell" });
      expectDone(await session.run("echo in; false"), 1, "in");
      expect((await session.run("exit 3")).outcome).toMatchObject({ state: "done", level: 1 });
    }));
});
