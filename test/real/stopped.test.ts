import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { BOURNE } from "./own-states.ts";
import { type Result, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone, works } from "./scenarios.ts";
import { words } from "./words.ts";

/** What stops a job is not its end: by Ctrl-Z, by a signal of its own, or with the nested shell that it runs in. */

const W = words(1_130_029);
const SHELLS = [...BOURNE, "fish"];
/** In the others a stopped job has no status of its own. */
const TELL = ["bash", "zsh", "dash", "ash"];

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(SHELLS.map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "stopped");

function expectStopped({ outcome }: Result, level = 1): void {
  expect(outcome).toMatchObject({ state: "stopped", level });
  expect(outcome).not.toHaveProperty("exit");
  expect(outcome.notes.join(" ")).toContain("`fg`");
}

describe("a shell within another", () => {
  it.each(SHELLS.map((shell, at) => [shell, at % 2 === 0 ? "suspend" : "kill -STOP $$"]))(
    "is stopped, and goes on with fg: opened in %s, stopped by %s",
    (shell, stop) =>
      withSession(shell, async (session) => {
        await session.run("bash --norc");
        const word = W.word();
        await session.run(`kept=${word}`);
        const result = await session.run(stop);
        expectStopped(result);
        expect(result.outcome.notes.join(" ")).toContain("runs in the nested shell, which is stopped");
        await works(session, W.word(), 1);
        const resumed = await session.run("fg");
        expect(resumed.outcome).toMatchObject({ state: "asking", asked: "shell", level: 2 });
        expectDone(await session.run('echo "$kept"'), 0, word);
        expect((await session.run("exit 3")).outcome).toMatchObject({ state: "done", level: 1 });
        await works(session, W.word(), 1);
      }),
  );

  it("is stopped with the two around it left as they are", () =>
    withSession("bash", async (session) => {
      await session.run("dash");
      await session.run("zsh -f");
      expectStopped(await session.run("kill -STOP $$"), 2);
      await works(session, W.word(), 2);
      expectStopped(await session.run("kill -STOP $$"), 1);
      await works(session, W.word(), 1);
    }));

  it("that is another user's is stopped with the su that opened it", () =>
    withSession("zsh", async (session) => {
      await session.run("sudo su root -s /bin/bash", { timeoutMs: 15_000 });
      await works(session, W.word(), 2);
      expectStopped(await session.run("suspend"));
      await works(session, W.word(), 1);
      expect((await session.run("fg")).outcome).toMatchObject({ asked: "shell", level: 2 });
      await works(session, W.word(), 2);
    }));
});

describe("a status like a stopped job's", () => {
  it.each(TELL)("is `stopped` where a job is left, and the command's own where none is: %s", (shell) =>
    withSession(shell, async (session) => {
      for (const [signal, status] of [
        ["TSTP", 148],
        ["STOP", 147],
        ["TTIN", 149],
      ] as const) {
        expectDone(await session.run(`sh -c 'exit ${status}'`), status, "");
        expectStopped(await session.run(`sh -c 'kill -${signal} $$; exit 5'`));
        expectDone(await session.run(`(exit ${status})`), status, "");
        // zsh gives what it goes on with no status of its own there.
        expectDone(await session.run("fg"), shell === "zsh" ? 0 : 5);
      }
    }),
  );

  it("is the program's own where Ctrl-Z made it exit with that", () =>
    withSession("bash", async (session) => {
      const program = `perl -e '$SIG{TSTP} = sub { exit 148 }; $| = 1; print "up"; sleep 20'`;
      await session.run(program, { timeoutMs: 500 });
      expectDone(await session.keys("<C-z>", { timeoutMs: 10_000 }), 148);
    }));
});

it.each(["fish", "mksh"])("Ctrl-Z stops a job of %s, whatever status it has", (shell) =>
  withSession(shell, async (session) => {
    await session.run("sleep 30", { timeoutMs: 500 });
    expectStopped(await session.keys("<C-z>", { timeoutMs: 10_000 }));
    await works(session, W.word(), 1);
  }),
);
