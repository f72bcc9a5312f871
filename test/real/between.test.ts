import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser } from "./kit/users.ts";
import { BOURNE } from "./own-states.ts";
import { type Opened, type Result, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";
import { words } from "./words.ts";

/** What a session sets in a shell is seen by nobody, and what a shell says of itself is held against the kernel. */

const W = words(30_111_958);
const SHELLS = [...BOURNE, "fish", "posh", "yash"];
const HOSTS = [...SHELLS, "tcsh"];

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(HOSTS.map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "between");

function told(session: Opened, { outcome }: Result): string {
  return [...outcome.notes, ...(session.view().command(outcome.command)?.remarks ?? [])].join(" ");
}

describe("the directory is the shell's own, whatever its variable says", () => {
  for (const shell of SHELLS.filter((name) => name !== "fish"))
    it.concurrent(`in ${shell}`, () =>
      withSession(shell, async (session) => {
        await session.run("cd /usr/share");
        for (const state of ["PWD=/no/such", "PWD=/", "PWD=.", "PWD=", "unset PWD", "true"])
          expect((await session.run(state)).outcome.cwd, state).toBe("/usr/share");
      }));

  for (const shell of ["bash", "zsh", "dash", "fish"])
    it.concurrent(`of a directory that is renamed, made anew and removed: ${shell}`, () =>
      withSession(shell, async (session) => {
        const [one, two] = [`/tmp/between-${W.word()}-${shell}`, `/tmp/between-to-${W.word()}-${shell}`];
        await session.run(`rm -rf ${one} ${two}; mkdir ${one}; cd ${one}`);
        expect((await session.run(`mv ${one} ${two}`)).outcome.cwd).toBe(two);
        const gone = await session.run(`mkdir ${one}; rmdir ${two}`);
        expect(gone.outcome).not.toHaveProperty("cwd");
        expect(told(session, gone)).toContain("the directory this shell is in is not known");
        expect((await session.run(`cd ${one}`)).outcome.cwd).toBe(one);
        expect((await session.run(`cd /; rmdir ${one}`)).outcome.cwd).toBe("/");
      }));

  const CONTROLS = ["a\u0007b;c", "x\ny", "e\u001b]0;z", "it's\u0001 \\ é"];
  for (const shell of ["bash", "zsh", "fish", "dash", "mksh"])
    it.concurrent(`of names that hold control characters: ${shell}`, () =>
      withSession(shell, async (session) => {
        const top = `/tmp/between-c-${W.word()}-${shell}`;
        for (const name of CONTROLS) {
          const escaped = Buffer.from(name).reduce(
            (text, byte) => `${text}\\${byte.toString(8).padStart(3, "0")}`,
            "",
          );
          const path = `${top}/${name}`;
          const made = `/usr/bin/printf '${top}/${escaped}'`;
          const place = shell === "fish" ? `(${made} | string collect)` : `"$(${made})"`;
          const { outcome } = await session.run(`mkdir -p ${place}; cd ${place}`);
          expect(outcome).toMatchObject({ state: "done", exit: 0 });
          if (shell === "dash" || shell === "mksh") expect(outcome).not.toHaveProperty("cwd");
          else expect(outcome.cwd).toBe(path);
        }
        expectDone(await session.run(`cd /; rm -r ${top}`), 0, "");
      }));
});

describe("children see nothing of ours where all that is set is exported", () => {
  const SEEN = "env | grep -ac '__m\\|7717\\|BASH_FUNC'; echo end";
  for (const shell of SHELLS.filter((name) => name !== "fish"))
    it.concurrent(`in ${shell}`, () =>
      withSession(shell, async (session) => {
        await session.run("set -a; false");
        expectDone(await session.run(SEEN), 0, "0\nend");
        expectDone(await session.run("(exit 3)"), 3);
        expectDone(await session.run(`: ${"z".repeat(1200)}\n${SEEN}`), 0, "0\nend");
        expectDone(await session.run("k=own; env | grep '^k='"), 0, "k=own");
      }));

  for (const [shell, file] of [
    ["/bin/bash", ".bash_profile"],
    ["/usr/bin/zsh", ".zshrc"],
    ["/bin/dash", ".profile"],
  ] as const)
    it.concurrent(`in ${shell} whose start-up file has set it`, async () => {
      const user = await addTestUser({ shell, files: { [file]: "PS1='$LOGNAME@h $ '\nset -a\n" } });
      const own = rigFor([hostFor(server, user)]);
      try {
        expectDone(await (await own.open(user.login)).run(SEEN), 0, "0\nend");
      } finally {
        await own.close();
        await user.remove();
      }
    });
});

describe("the last word of the command before is the caller's", () => {
  for (const shell of ["bash", "zsh", "dash", "ash"])
    it.concurrent(`in ${shell}`, () =>
      withSession(shell, async (session) => {
        const [one, two] = [W.word(), W.word()];
        await session.run(`echo x ${one}`);
        expectDone(await session.run('echo "$_"'), 0, one);
        await session.run(`sh -c 'exit 4' '${two} $(x)"'`);
        expectDone(await session.run('echo "$_"; echo "$_"'), 0, `${two} $(x)"\n${two} $(x)"`);
        await session.run(`: ${"y".repeat(1200)} ${one}`);
        expectDone(await session.run('echo "$_"'), 0, one);
        await session.keys(`true ${two}<Enter>`);
        expectDone(await session.run('echo "$_"'), 0, two);
      }));
});

describe("builtins that are switched off, or stood for, change no command", () => {
  for (const [shell, states] of [
    [
      "zsh",
      [
        "disable printf",
        "disable return set",
        "disable eval",
        "disable setopt zle read",
        "disable builtin",
        "disable pwd break",
      ],
    ],
    [
      "bash",
      [
        "enable -n printf",
        "enable -n return",
        "enable -n eval",
        "enable -n local shopt unset set pwd",
        "enable -n :",
        "enable -n builtin",
      ],
    ],
    [
      "bash",
      [":() { echo colon; }", "alias :='echo colon'", "true() { echo true; }", "enable -n eval builtin"],
    ],
    [
      "zsh",
      [
        ":() { echo colon; }",
        "alias :='echo colon'",
        "alias -g :=colon",
        "disable enable eval || :",
        "enable eval 2>/dev/null",
      ],
    ],
    ["dash", ["alias :='echo colon'", "alias pwd='echo no' unset='echo no' return='echo no'"]],
    ["ash", ["alias :='echo colon'", "alias pwd='echo no' unset='echo no' return='echo no'"]],
    ["ksh", ["alias :='echo colon'", "alias kill='echo no' print='echo no'"]],
    ["mksh", ["alias :='echo colon'", "alias kill='echo no' print='echo no'", "kill() { echo no; }"]],
  ] as const)
    it.concurrent(`${shell}: ${states.join(", ")}`, () =>
      withSession(shell, async (session) => {
        for (const state of states) {
          await session.run(state);
          const word = W.word();
          const failed = await session.run(`echo ${word}; (exit 9)`);
          if (/NOT run/.test(told(session, failed))) {
            expect(failed.outcome).not.toHaveProperty("exit");
            continue;
          }
          expectDone(failed, 9, word);
          const after = await session.run(`echo "$? ${word}"`);
          expectDone(after, 0, `9 ${word}`);
          expect(told(session, after)).not.toMatch(/colon|builtin|not found/);
        }
      }));
});

it.concurrent("what hooks of the user's print is no part of our set-up, and takes no output with it", async () => {
  for (const [shell, file, text] of [
    [
      "/bin/bash",
      ".bash_profile",
      "title() { printf '\\e]0;%s\\a' \"$BASH_COMMAND\"; }; set -T; trap title DEBUG",
    ],
    ["/bin/bash", ".bash_profile", "set -T; trap 'echo rm -rf here' DEBUG"],
    ["/usr/bin/zsh", ".zshrc", "TRAPDEBUG() { print -n dbg }"],
  ] as const) {
    const user = await addTestUser({ shell, files: { [file]: `PS1='me@h $ '\n${text}\n` } });
    const own = rigFor([hostFor(server, user, { promptRegex: "me@h" })]);
    try {
      const session = await own.open(user.login);
      expect(session.first.outcome.evidence).toBe("sentinel");
      const word = W.word();
      expectDone(await session.run("true"), 0);
      const failed = await session.run(`printf ${word}; (exit 7)`);
      expectDone(failed, 7, new RegExp(word));
      expect(failed.text).not.toContain("__m");
      expectDone(await session.run("echo $?"), 0, /^(?:dbg)*7$/m);
      expect(told(session, failed)).not.toContain("switched off");
    } finally {
      await own.close();
      await user.remove();
    }
  }
});

it.concurrent("a history that a hook opens to lines with a blank gets none of ours", () =>
  withSession("bash", async (session) => {
    await session.run("HISTCONTROL=");
    await session.run("true");
    expectDone(await session.run("history | grep -c __m; echo end"), 0, "0\nend");
    await session.run("readonly HISTCONTROL=");
    expectDone(await session.run("echo on"), 0, "on");
  }));

it.concurrent("a csh that reads a line asks", () =>
  withSession("tcsh", async (session) => {
    const word = W.word();
    expect((await session.run("set x = $<")).outcome).toMatchObject({ state: "asking", asked: "line" });
    expect((await session.type(word)).outcome.state).toBe("done");
    expect((await session.run("echo got:$x")).text).toContain(`got:${word}`);
  }));

describe("a job that stops itself is no end, where it has no status of its own", () => {
  // ksh93 goes on with some of them by itself.
  for (const shell of ["mksh", "fish"])
    it.concurrent(`in ${shell}`, () =>
      withSession(shell, async (session) => {
        for (const signal of ["TSTP", "TTIN"]) {
          const { outcome } = await session.run(`sh -c 'kill -${signal} $$; exit 5'`);
          expect(outcome).toMatchObject({ state: "stopped" });
          expect(outcome).not.toHaveProperty("exit");
          expectDone(await session.run("true"), 0, "");
          // fish has no other status for it.
          expect((await session.run("fg")).outcome).toMatchObject({
            state: "done",
            exit: shell === "fish" ? 0 : 5,
          });
        }
        const word = W.word();
        const list = await session.run(`sh -c 'kill -TSTP $$'; echo ${word}`);
        expectDone(list, 0, word);
        expect(told(session, list)).toContain("a job that it began has stopped");
        expect((await session.run("fg")).outcome.state).toBe("done");
        // In the background it is no command's.
        expect((await session.run("sh -c 'kill -STOP $$' &")).outcome).toMatchObject({
          state: "done",
          exit: 0,
        });
        for (let at = 0; at < 2; at++) expectDone(await session.run("true"), 0, "");
        await session.run("sh -c 'exit 0'");
        expect((await session.run("fg")).outcome).toMatchObject({ state: "done" });
      }));
});
