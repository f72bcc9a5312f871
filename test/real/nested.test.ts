import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUser, testUsers } from "./kit/users.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;
const OUTER = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish"];

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(OUTER.map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig);

/** Enters a shell, works in it framed, leaves it with `exit 6`, and the command that opened it ends with 6. */
async function roundTrip(session: Opened, command: string, level = 2): Promise<void> {
  const inside = await session.run(command);
  expect(inside.outcome).toMatchObject({ state: "asking", asked: "shell", evidence: "sentinel", level });
  expectDone(await session.run("echo inside; false"), 1, "inside");
  const left = await session.run("exit 6");
  expect(left.outcome).toMatchObject({ state: "done", exit: 6, level: level - 1 });
  expect(left.outcome.notes.join(" ")).toContain("back at level");
  expectDone(await session.run("echo outside"), 0, "outside");
}

describe("a nested shell is joined, framed and left again", () => {
  for (const outer of OUTER) {
    for (const inner of ["bash", "zsh -f", "sh", "fish", "busybox ash", "mksh", "env -i sh"]) {
      it.concurrent(`${inner} in ${outer}`, () => withSession(outer, (session) => roundTrip(session, inner)));
    }
  }
});

describe("a replaced login shell is joined, and its end closes the session", () => {
  for (const outer of OUTER) {
    it.concurrent(`exec bash in ${outer}`, () =>
      withSession(outer, async (session) => {
        expect((await session.run("exec bash")).outcome).toMatchObject({ state: "asking", asked: "shell" });
        expectDone(await session.run("echo inside"), 0, "inside");
        expect((await session.run("exit 6")).outcome).toMatchObject({
          state: "closed",
          evidence: "exit",
          detail: "code 6",
        });
      }));
  }
});

describe("becoming another user", () => {
  it("su asks for the password, refuses a wrong one, and with the right one the new shell is framed", () =>
    withSession("bash", async (session) => {
      const login = testUser("zsh").login;
      expect((await session.run(`su - ${login}`)).outcome).toMatchObject({
        state: "asking",
        asked: "password",
        evidence: "kernel",
      });
      const refused = await session.type("wrong password");
      expect(refused.outcome).toMatchObject({ state: "done", exit: 1 });
      expect(refused.text).toMatch(/failure/i);
      expect((await session.run(`su - ${login}`)).outcome).toMatchObject({
        state: "asking",
        asked: "password",
      });
      const inside = await session.type(testUsers().password);
      expect(inside.outcome).toMatchObject({ state: "asking", asked: "shell", level: 2 });
      expect(inside.outcome.notes.join(" ")).toContain(`as ${login}@`);
      const within = await session.run("whoami");
      expectDone(within, 0, login);
      expect(within.outcome.on).toMatch(new RegExp(`^${login}@\\S+$`));
      const left = await session.run("exit 4");
      expect(left.outcome).toMatchObject({ state: "done", exit: 4, level: 1 });
      expect(left.outcome.on).toBeUndefined();
    }));

  it("sudo asks for the password, says so after a wrong one, and runs the command with the right one", () =>
    withSession("bash", async (session) => {
      expect((await session.run("sudo -k id -un")).outcome).toMatchObject({
        state: "asking",
        asked: "password",
        evidence: "kernel",
      });
      const again = await session.type("wrong password");
      expect(again.outcome).toMatchObject({ state: "asking", asked: "password" });
      expect(again.text).toMatch(/try again/i);
      const done = await session.type(testUsers().password);
      expect(done.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(done.text).toMatch(/root$/);
    }));

  it("sudo -i gives a framed root shell", () =>
    withSession("bash", async (session) => {
      expect((await session.run("sudo -k -i")).outcome).toMatchObject({ state: "asking", asked: "password" });
      expect((await session.type(testUsers().password)).outcome).toMatchObject({
        state: "asking",
        asked: "shell",
        level: 2,
      });
      expectDone(await session.run("id -un"), 0, "root");
      expect((await session.run("exit")).outcome).toMatchObject({ state: "done", level: 1 });
    }));
});

describe("hopping over ssh inside the session", () => {
  for (const inner of ["bash", "fish", "ash", "zsh"]) {
    it.concurrent(`to ${inner} and back`, () =>
      withSession("bash", async (session) => {
        const { port } = server;
        const hop = `ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o PubkeyAuthentication=no -p ${port} ${testUser(inner).login}@127.0.0.1`;
        const asked = await session.run(hop);
        expect(asked.outcome).toMatchObject({ state: "asking", asked: "password" });
        const inside = await session.type(testUsers().password);
        expect(inside.outcome).toMatchObject({ state: "asking", asked: "shell", level: 2 });
        expectDone(await session.run("whoami"), 0, testUser(inner).login);
        const asking = await session.run("read x", { timeoutMs: 1500 });
        expect(asking.outcome.state).toBe("running");
        expect((await session.type("v")).outcome).toMatchObject({ state: "done", exit: 0 });
        expect((await session.run("exit 6")).outcome).toMatchObject({ state: "done", exit: 6, level: 1 });
        expectDone(await session.run("echo home"), 0, "home");
      }));
  }
});

it("three levels deep, one exit code at a time", () =>
  withSession("bash", async (session) => {
    expect((await session.run("zsh -f")).outcome).toMatchObject({ asked: "shell", level: 2 });
    expect((await session.run("fish")).outcome).toMatchObject({ asked: "shell", level: 3 });
    expectDone(await session.run("echo deep"), 0, "deep");
    expect((await session.run("exit 3")).outcome).toMatchObject({ state: "done", exit: 3, level: 2 });
    expect((await session.run("exit 2")).outcome).toMatchObject({ state: "done", exit: 2, level: 1 });
    expectDone(await session.run("echo top"), 0, "top");
  }));

it("a nested shell that is killed leaves the outer one framed", () =>
  withSession("bash", async (session) => {
    expect((await session.run("zsh -f")).outcome).toMatchObject({ asked: "shell", level: 2 });
    const killed = await session.run("kill -9 $$");
    expect(killed.outcome).toMatchObject({ state: "done", exit: 137, level: 1 });
    expectDone(await session.run("echo top"), 0, "top");
  }));

it("a nested shell cannot claim to be the outer one: marks without that level's key count for nothing", () =>
  withSession("bash", async (session) => {
    await session.run("bash --norc");
    const listing = (await session.run("declare -p __mi")).text;
    const [, nonce, key] = /7717;([0-9a-f]{12})L2;%s;([0-9a-f]{8});/.exec(listing) ?? [];
    expect([nonce, key].every(Boolean)).toBe(true);
    const opener = session.view().commands()[0]?.id ?? 0;
    for (const guess of [key, "00000000", ""]) {
      const forged = `printf '\\033]7717;${nonce}L1;D;${guess};${opener};0;hB;/fake\\007'`;
      const { outcome } = await session.run(forged);
      expect(outcome).toMatchObject({ state: "done", level: 2 });
      expect(outcome.cwd).not.toBe("/fake");
    }
    expect((await session.run("exit 6")).outcome).toMatchObject({ state: "done", exit: 6, level: 1 });
  }));
