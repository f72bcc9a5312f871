import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { LONG_TEXT, testUser } from "./kit/users.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";

let server: TestServer;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor([hostFor(server, "bash")]);
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const onAny = sessionsOf(() => rig);
const withSession = (work: (session: Opened) => Promise<void>) => onAny("bash", work);

/** Programs that wait for a person, what they are taken for, and the keys that end them. */
const WAITING: readonly (readonly [command: string, expected: Record<string, unknown>, leave: string])[] = [
  ["read x", { state: "asking", asked: "line" }, "<Enter>"],
  ["read -p 'Name: ' x", { state: "asking", asked: "question", row: "Name:" }, "<Enter>"],
  ["read -s x", { state: "asking", asked: "password" }, "<Enter>"],
  ["cat", { state: "asking", asked: "line" }, "<C-d>"],
  ["python3 -q", { state: "asking", asked: "repl" }, "<C-d>"],
  ["node", { state: "asking", asked: "repl" }, "<C-d>"],
  ["sudo -k true", { state: "asking", asked: "password" }, "<C-c>"],
  ["su -", { state: "asking", asked: "password" }, "<C-c>"],
  [
    "ssh -p PORT -o UserKnownHostsFile=/dev/null someone@127.0.0.1",
    { state: "asking", asked: "confirm" },
    "<C-c>",
  ],
  ["touch a && chmod 400 a && rm -i a", { state: "asking", asked: "question" }, "n<Enter>"],
  [`less ${LONG_TEXT}`, { state: "screen" }, "q"],
  [`more ${LONG_TEXT}`, { state: "asking", asked: "pager" }, "q"],
  [`man -P less ls 2>/dev/null || less /etc/passwd ${LONG_TEXT}`, { state: "screen" }, "q"],
  ["vim -u NONE", { state: "screen" }, ":q!<Enter>"],
  ["nano x.txt", { state: "screen" }, "<C-x>"],
  ["top", { state: "screen" }, "q"],
  ["htop", { state: "screen" }, "q"],
  ["bc -q", { state: "asking" }, "<C-d>"],
  ["passwd", { state: "asking", asked: "password" }, "<C-c>"],
  ["dialog --yesno sure? 7 30", { state: "screen" }, "<Enter>"],
  ["TMPDIR=~ mc -x", { state: "screen" }, "<F10>"],
  ["bash --norc -c 'select x in a b; do break; done'", { state: "asking" }, "1<Enter>"],
  ["sh -c 'printf \"Proceed? [y/N] \"; read a'", { state: "asking", asked: "confirm" }, "n<Enter>"],
  ["python3 -c 'input()'", { state: "asking", asked: "line" }, "<Enter>"],
  ["python3 -c 'import getpass; getpass.getpass()'", { state: "asking", asked: "password" }, "<Enter>"],
];

/** Programs that are busy, however much they look as if they asked. */
const BUSY: readonly string[] = [
  "sleep 30",
  "printf 'Downloading index: '; sleep 30",
  "printf 'really? '; sleep 30",
  "printf 'user@host:~$ '; sleep 30",
  "printf 'Password: '; sleep 30",
  "sleep 30 | cat",
  "while :; do :; done",
  "i=0; while :; do printf '\\r%d%%' $i; i=$((i+1)); sleep 0.2; done",
  "(sleep 30; echo x) | grep y",
  'python3 -c \'import time; print(">>> ", end="", flush=True); time.sleep(30)\'',
];

describe("a program that waits is recognised by the kernel's word", () => {
  for (const [command, expected, leave] of WAITING) {
    it.concurrent(command, () =>
      withSession(async (session) => {
        const { outcome } = await session.run(command.replace("PORT", String(server.port)), {
          timeoutMs: 15_000,
        });
        expect(outcome).toMatchObject(expected);
        if (outcome.state === "asking") expect(outcome.evidence).toBe("kernel");
        const left = await session.keys(leave, { timeoutMs: 15_000 });
        expect(left.outcome.state === "done" || left.outcome.state === "asking").toBe(true);
      }),
    );
  }
});

describe("a busy program is never taken for a waiting one", () => {
  for (const command of BUSY) {
    it.concurrent(command, () =>
      withSession(async (session) => {
        expect((await session.run(command, { timeoutMs: 5000 })).outcome).toMatchObject({
          state: "running",
          evidence: "timeout",
        });
        expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
      }),
    );
  }
});

it("an open quote typed at the prompt is a continuation, and Ctrl-C restores the session", () =>
  withSession(async (session) => {
    const open = await session.keys("echo 'never closed<Enter>");
    expect(open.outcome).toMatchObject({ state: "asking", asked: "continuation", evidence: "kernel" });
    expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
    expect((await session.run("echo fine")).text).toBe("fine");
  }));

it("an open quote typed at the prompt is cleared before the next framed command", () =>
  withSession(async (session) => {
    await session.keys("echo 'never closed<Enter>");
    const next = await session.run("echo fine");
    expect(next.outcome).toMatchObject({ state: "done", exit: 0 });
    expect(next.text).toBe("fine");
  }));

it("half-typed text at the prompt is cleared before the next framed command", () =>
  withSession(async (session) => {
    expect((await session.keys("rm -rf /tmp/not-this")).outcome).toMatchObject({
      state: "asking",
      asked: "line",
    });
    expect((await session.run("echo fine")).text).toBe("fine");
  }));

it("vi mode with a pending Escape does not turn the next command into editor keys", () =>
  withSession(async (session) => {
    await session.run("set -o vi");
    await session.keys("abc<Esc>");
    const next = await session.run("echo fine");
    expect(next.outcome).toMatchObject({ state: "done", exit: 0 });
    expect(next.text).toBe("fine");
  }));

it("a command typed by keys ends with the prompt's own mark", () =>
  withSession(async (session) => {
    const typed = await session.keys("(exit 9)<Enter>");
    expect(typed.outcome).toMatchObject({ state: "done", evidence: "sentinel", exit: 9 });
  }));

it("while keys started a program, a framed command is refused", () =>
  withSession(async (session) => {
    await session.keys("sleep 30<Enter>", { timeoutMs: 500 });
    await expect(session.run("echo no")).rejects.toThrow(/still running/);
    expect((await session.keys("<C-c>")).outcome.state).toBe("done");
    expect((await session.run("echo yes")).text).toBe("yes");
  }));

it("where exec is forbidden the rows alone are evidence, and it says so", async () => {
  const forced = await startSshd({
    config: [
      `Match User ${testUser("dash").login}`,
      '  ForceCommand if [ -z "$SSH_ORIGINAL_COMMAND" ]; then exec dash -l; fi; exit 1',
      "Match all",
    ],
  });
  // The kernel cannot be asked, and a bare dollar names nobody: the inventory has to say that it is the prompt.
  const other = rigFor([hostFor(forced, "dash", { promptRegex: "^\\$$" })]);
  try {
    const session = await other.open("dash");
    expect(session.first.outcome.notes.join(" ")).toContain("kernel cannot be asked");
    expect(
      (await session.run("printf 'Password: '; stty -echo; read x; stty echo", { timeoutMs: 8000 })).outcome,
    ).toMatchObject({ state: "asking", asked: "password", evidence: "pattern" });
    expect((await session.keys("x<Enter>")).outcome).toMatchObject({ state: "done", exit: 0 });
  } finally {
    await other.close();
    await forced.stop();
  }
});
