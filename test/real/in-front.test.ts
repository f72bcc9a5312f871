import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUser, testUsers } from "./kit/users.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";
import { words } from "./words.ts";

let server: TestServer;
let rig: Rig;
let wrapper: string;
const W = words(6_112_028);

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(["bash", "zsh", "dash", "ksh", "mksh", "ash"].map((name) => hostFor(server, name)));
  wrapper = join(testUser("bash").home, "..", "..", `${W.word()}-${W.word()}`);
  await writeFile(wrapper, "#!/bin/sh\necho entering\nzsh -f\n", { mode: 0o755 });
  await chmod(wrapper, 0o755);
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig);

/** A shell in front is joined whatever the command is called, works, and is left again. */
async function joined(session: Opened, command: string, closes = false): Promise<void> {
  const inside = await session.run(command, { timeoutMs: 15_000 });
  expect(inside.outcome).toMatchObject({ state: "asking", asked: "shell", evidence: "sentinel", level: 2 });
  expectDone(await session.run("echo inside; false"), 1, "inside");
  const left = await session.run("exit 6");
  if (closes) expect(left.outcome.state).toBe("closed");
  else {
    expect(left.outcome).toMatchObject({ state: "done", level: 1 });
    expectDone(await session.run("echo outside"), 0, "outside");
  }
}

describe("a shell in front is joined by what the kernel sees, not by the words of the command", () => {
  const NAME = W.word();
  for (const [command, closes] of [
    ["bash --norc +o history", false],
    ["bash --noprofile --norc -O extglob", false],
    ["exec bash --norc", true],
    ["exec -a other zsh -f", true],
    ["script -q -c sh /dev/null", false],
    ["script -q -c 'bash --norc' /dev/null", false],
    [`alias ${NAME}='zsh -f'; eval ${NAME}`, false],
    [`${NAME}() { command mksh; }; ${NAME}`, false],
    ["env TERM=vt100 busybox ash", false],
    ["WRAPPER", false],
    ["stdbuf -o0 dash", false],
    ["eval exec zsh -f", true],
    ["timeout --foreground 300 dash", false],
    ["nice ksh93", false],
  ] as const)
    it.concurrent(command, () =>
      withSession("bash", (session) => joined(session, command.replace("WRAPPER", wrapper), closes)),
    );

  it.concurrent("sudo su -, whose shell is root's", () =>
    withSession("zsh", (session) => joined(session, "sudo su -")));
  it.concurrent("sudo -E bash --norc", () =>
    withSession("zsh", (session) => joined(session, "sudo -E bash --norc")));

  it.concurrent("ssh with options, behind which the prompt names its login", () =>
    withSession("bash", async (session) => {
      const hop = `ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o PubkeyAuthentication=no -o ServerAliveInterval=15 -p ${server.port} ${testUser("bash").login}@127.0.0.1`;
      expect((await session.run(hop)).outcome).toMatchObject({ state: "asking", asked: "password" });
      expect((await session.type(testUsers().password)).outcome).toMatchObject({ asked: "shell", level: 2 });
      expect((await session.run("exit 6")).outcome).toMatchObject({ state: "done", exit: 6, level: 1 });
    }));
});

describe("what only looks like a shell in front is not joined", () => {
  const row = `~/${W.word()} $ `;
  for (const [host, command] of [
    ["bash", `read -e -p '${row}' x`],
    ["bash", `(read -p '${row}' x)`],
    ["zsh", `printf '${row}'; (read x)`],
    ["dash", `printf '${row}'; read x`],
    ["mksh", `printf '${row}'; (read x)`],
    ["bash", `sh -c "printf '${row}'; read x"`],
    ["bash", `bash -c "read -e -p '${row}' x"`],
    ["bash", `python3 -c 'input("${row}")'`],
    ["bash", `zsh -fc "x=; vared -p '${row}' x"`],
    ["ksh", `printf '${row}'; read x`],
  ] as const)
    it.concurrent(`${command} in ${host}`, () =>
      withSession(host, async (session) => {
        const { outcome } = await session.run(command, { timeoutMs: 15_000 });
        expect(outcome).toMatchObject({ state: "asking", evidence: "kernel", level: 1 });
        expect(session.view().screen().rows.join("\n")).not.toMatch(/7717|head -c/);
        expect((await session.type(W.word())).outcome).toMatchObject({ state: "done" });
        expectDone(await session.run("echo outside"), 0, "outside");
      }));
});

describe("a command whose prompt hook is gone has ended behind an interrupt", () => {
  for (const host of ["bash", "zsh", "ksh", "mksh", "ash"])
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        await session.run("PS1=; unset PROMPT_COMMAND; precmd_functions=()", { timeoutMs: 4000 });
        await session.run("sleep 30", { timeoutMs: 1000 });
        expect((await session.keys("<C-c>", { timeoutMs: 10_000 })).outcome.state).toBe("done");
        expectDone(await session.run("echo after"), 0, "after");
      }),
    );
});

describe('here: "prompt", the word of the caller', () => {
  it.concurrent("makes a shell usable whose prompt looks like nothing", () =>
    withSession("bash", async (session) => {
      const opened = await session.run(`PS1='${W.word()} ' bash --norc`, { timeoutMs: 5000 });
      expect(opened.outcome.state).not.toBe("done");
      expectDone(await session.run("echo in; false", { here: "prompt" }), 1, "in");
      expect((await session.run("exit 6")).outcome).toMatchObject({ state: "done", exit: 6, level: 1 });
    }));

  for (const [command, why] of [
    ["sleep 30", /busy and reads nothing/],
    ["cat", /reads, which is no shell/],
    ["read -s x", /reads a secret/],
    ["less /etc/passwd", /full-screen/],
  ] as const)
    it.concurrent(`is refused where it is known to be wrong: ${command}`, () =>
      withSession("bash", async (session) => {
        await session.run(command, { timeoutMs: 2000 });
        await expect(session.run("echo no", { here: "prompt" })).rejects.toMatchObject({
          code: "not_ready",
          message: expect.stringMatching(why),
        });
        await session.keys("<C-c>");
      }));
});
