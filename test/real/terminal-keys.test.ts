import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SshMcpError } from "../../src/base/errors.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";
import { BOURNE } from "./own-states.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone, works } from "./scenarios.ts";
import { words } from "./words.ts";

/** Terminals whose output is stopped or whose keys are changed, and shells that run or read otherwise than usual. */

const W = words(2_111_977);
const SOON = { timeoutMs: 10_000 };
const SHELLS = [...BOURNE, "posh", "fish"];

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

const withSession = sessionsOf(() => rig, "keys");

describe.concurrent("output that Ctrl-S has stopped", () => {
  // fish switches that key off.
  it.each(BOURNE)("is told with the key that lets it go on, and goes on: %s", (shell) =>
    withSession(shell, async (session) => {
      const [one, two] = [W.word(), W.word()];
      await session.run(`echo ${one}; sleep 0.6; echo ${two}; (exit 3)`, { timeoutMs: 300 });
      const stopped = await session.keys("<C-s>", SOON);
      expect(stopped.outcome).toMatchObject({ state: "running", evidence: "held" });
      expect(stopped.outcome.notes.join(" ")).toContain("<C-q>");
      expectDone(await session.keys("<C-q>", SOON), 3, two);
      await works(session, W.word());
    }),
  );

  it("by a program's own call is told as well", () =>
    withSession("bash", async (session) => {
      const off =
        "import termios,sys,time; termios.tcflow(0,termios.TCOOFF); time.sleep(0.3); print(1, flush=True)";
      const { outcome } = await session.run(`python3 -c '${off}'`, SOON);
      expect(outcome).toMatchObject({ state: "running", evidence: "held" });
    }));
});

describe.concurrent("a terminal's own keys", () => {
  it.each(["bash", "dash", "ash", "ksh", "mksh"])(
    "that are letters are told before anything is typed: %s",
    (shell) =>
      withSession(shell, async (session) => {
        await session.run("stty erase e");
        await expect(session.run("touch /tmp/never-made")).rejects.toThrow(
          /"e" for its erase key.*was not run/s,
        );
      }),
  );

  it.each([
    ["bash", "erase e"],
    ["bash", "kill s"],
    ["dash", "kill s"],
    ["ash", "erase e"],
    ["ksh", "erase e"],
    ["ksh", "eof n"],
  ])(
    "that are letters are not typed to before the shell itself has put them right: %s, %s",
    (shell, change) =>
      withSession(shell, async (session) => {
        const tty = (await session.run("tty")).text.trim();
        await session.run(`stty ${change}`);
        const refused = { next: expect.stringMatching(/^ssh_disconnect closes the session/) };
        await expect(session.run("true")).rejects.toMatchObject(refused);
        // From another terminal: a line editor has its own copy, and may bring the letter back.
        await withSession(shell, async (other) => expectDone(await other.run(`stty sane -F ${tty}`), 0));
        await expect(session.run("true")).rejects.toMatchObject(refused);
        await session.keys("<Enter>", SOON);
        const word = W.word();
        const again = await session.run(`echo ${word}`).catch((error: SshMcpError) => error);
        if ("outcome" in again) expectDone(again, 0, word);
        else expect(again).toMatchObject(refused);
      }),
  );

  it.each([
    ["bash", "erase e", "stty san<C-v>e"],
    ["dash", "kill s", "<C-v>stty <C-v>sane"],
    ["ksh", "erase e", "stty san<C-v>e"],
  ])("that are letters are typed to again once the shell has put them right: %s, %s", (shell, change, keys) =>
    withSession(shell, async (session) => {
      await session.run(`stty ${change}`);
      await expect(session.run("true")).rejects.toThrow("was not run");
      await session.keys(`${keys}<Enter>`, SOON);
      await works(session, W.word());
    }),
  );

  it("that are letters stay bound in mksh's editor: nothing is typed there again", () =>
    withSession("mksh", async (session) => {
      await session.run("stty erase e");
      await expect(session.run("true")).rejects.toMatchObject({
        next: expect.stringMatching(/^ssh_disconnect/),
      });
      await session.keys("stty san<C-v>e<Enter>", SOON);
      await expect(session.run("true")).rejects.toThrow("was not run");
    }));

  it.each(["zsh", "fish"])("that are letters change nothing in %s", (shell) =>
    withSession(shell, async (session) => {
      await session.run("stty erase e kill c");
      await works(session, W.word());
    }),
  );

  it.each([
    ["bash", "^X", "<C-x>"],
    ["dash", "^Y", "<C-y>"],
    ["fish", "^X", "<C-x>"],
  ])("interrupt by another one than Ctrl-C: %s, %s", (shell, key, name) =>
    withSession(shell, async (session) => {
      await session.run(`stty intr ${key}`);
      await session.run("sleep 20", { timeoutMs: 400 });
      const deaf = await session.keys("<C-c>", { timeoutMs: 2500 });
      expect(deaf.outcome.state).toBe("running");
      expect(deaf.outcome.notes.join(" ")).toContain(`its interrupt key is ${name}`);
      expect((await session.keys(name, SOON)).outcome).toMatchObject({ state: "done", exit: 130 });
      await works(session, W.word());
    }),
  );

  it.each(["bash", "dash"])("interrupt by none, and half a line is cleared all the same: %s", (shell) =>
    withSession(shell, async (session) => {
      await session.run("stty -isig");
      await session.run("sleep 2.5", { timeoutMs: 400 });
      const deaf = await session.keys("<C-c>", SOON);
      expectDone(deaf, 0);
      expect(deaf.outcome.notes.join(" ")).toContain("no interrupt key");
      await session.settle(SOON);
      await session.keys(W.word());
      await works(session, W.word());
    }),
  );
});

describe.concurrent("a shell with `set -n`", () => {
  it.each(["dash", "ash"])("is told to run nothing, and nothing is typed into it: %s", (shell) =>
    withSession(shell, async (session) => {
      const { outcome } = await session.run("set -n", SOON);
      expect(outcome.state).toBe("done");
      expect(outcome.notes.join(" ")).toContain("runs none of them");
      await expect(session.run("echo x")).rejects.toThrow("NOT run");
      await expect(session.run("echo x")).rejects.toMatchObject({
        next: expect.stringMatching(/<C-d>.*ssh_disconnect/),
      });
      expect((await session.keys("<C-d>", SOON)).outcome.state).toBe("closed");
    }),
  );

  it("is named where a line's eval was not carried out: mksh", () =>
    withSession("mksh", async (session) => {
      await session.run("set -n");
      expect((await session.run("echo x")).outcome.notes.join(" ")).toMatch(/NOT run.*`set -n`/);
    }));
});

describe.concurrent("a shell whose own input was taken off the terminal", () => {
  // The others read their terminal all the same.
  it.each([
    ["bash", "exec </dev/null"],
    ["bash", "true; exec 0<&-"],
    ["dash", "exec </dev/null"],
    ["dash", "exec 2>/dev/null </dev/null"],
    ["ash", "exec 0</dev/null"],
  ])("says so when it ends: %s, %s", (shell, command) =>
    withSession(shell, async (session) => {
      const first = await session.run(command, SOON);
      await until(async () => session.view().closedBecause !== undefined, { describe: "the shell ends" });
      const ended = first.outcome.state === "closed" ? first : await session.settle(SOON);
      expect(ended.outcome.state).toBe("closed");
      expect(ended.outcome.notes.join(" ")).toContain("a shell ends with its input");
    }),
  );
});

/** Texts that a shell cannot read. */
const BROKEN = [
  "foo() {",
  "case x in",
  "case x in\na) echo",
  "while true; do echo",
  "echo 'open",
  "echo $((1+",
  "[[ a == b",
];

describe.concurrent("what a shell says of a text that it cannot read", () => {
  it.each(SHELLS)("names nothing of ours: %s", (shell) =>
    withSession(shell, async (session) => {
      for (const text of BROKEN) {
        const { outcome, text: said } = await session.run(text, SOON);
        expect(outcome.state).toBe("done");
        expect(outcome.exit ?? 0, text).not.toBe(0);
        expect(said, text).not.toMatch(/__m|`-e'|'-e'|\b[0-9a-f]{8}\b/);
        expect(said, text).not.toBe("");
      }
      await works(session, W.word());
    }),
  );
});

describe.concurrent("`set -v`", () => {
  it.each(["ksh", "mksh", "dash", "ash"])("shows nothing of ours in results: %s", (shell) =>
    withSession(shell, async (session) => {
      await session.run("set -v");
      const word = W.word();
      const result = await session.run(`echo ${word}`);
      expectDone(result, 0);
      expect(result.text.trim()).toBe(word);
      expectDone(await session.run("(exit 3)"), 3, "");
      await session.run("set +v");
      await works(session, W.word());
    }),
  );
});

describe.concurrent("a prompt of one's own for lines that go on", () => {
  it.each(["bash", "zsh", "dash", "ksh", "mksh", "ash"])("is told as one, and a read as none: %s", (shell) =>
    withSession(shell, async (session) => {
      await session.run("PS2='more: '");
      expect((await session.type('echo "one')).outcome).toMatchObject({ asked: "continuation" });
      expect((await session.type('two"')).outcome).toMatchObject({ state: "done", exit: 0 });
      const asked = await session.type("printf 'more: '; read x");
      expect(asked.outcome).toMatchObject({ state: "asking" });
      expect(asked.outcome).not.toMatchObject({ asked: "continuation" });
    }),
  );
});
