import { expect } from "vitest";
import { LONG_TEXT } from "./kit/users.ts";
import type { Opened, Result } from "./rig.ts";

/** What a shell can do, for scenarios that are not about every shell. */
export interface ShellTraits {
  readonly name: string;
  readonly posix: boolean;
  /** Ctrl-Z reaches the foreground job. */
  readonly suspends: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly posixOnly?: boolean;
  readonly only?: (shell: ShellTraits) => boolean;
  run(session: Opened, shell: ShellTraits): Promise<void>;
}

/** The command ended with this status and exactly this text. */
export function expectDone(result: Result, exit: number, text?: string | RegExp): void {
  expect(result.outcome).toMatchObject({ state: "done", evidence: "sentinel", exit });
  if (typeof text === "string") expect(result.text).toBe(text);
  else if (text) expect(result.text).toMatch(text);
}

/** The shell runs this command and shows its word, in the shell of this level where one is named. */
export async function works(session: Opened, word: string, level?: number): Promise<Result> {
  const result = await session.run(`echo ${word}`);
  expectDone(result, 0, word);
  if (level !== undefined) expect(result.outcome.level).toBe(level);
  return result;
}

/** The next command works and shows nothing of what went before. */
async function nextIsClean(session: Opened): Promise<void> {
  expectDone(await session.run("echo clean-$((40+2))".replace("$((40+2))", "42")), 0, "clean-42");
}

const MULTILINE = "echo one\necho two\necho three";
const LONG = Array.from({ length: 61 }, (_, i) => `echo "row ${i} ${"x".repeat(90)}"`).join("\n");

/** The 38 scenarios of the framing comparison (docs/framing.md), each against a shell of its own. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a plain command gives its text and 0",
    run: async (s) => expectDone(await s.run("echo hello"), 0, "hello"),
  },
  {
    name: "a failing command gives its status",
    run: async (s, shell) => expectDone(await s.run(shell.posix ? "(exit 7)" : "sh -c 'exit 7'"), 7, ""),
  },
  {
    name: "a multi-line command runs whole",
    run: async (s) => expectDone(await s.run(MULTILINE), 0, "one\ntwo\nthree"),
  },
  {
    name: "a multi-line loop and function work",
    posixOnly: true,
    run: async (s) =>
      expectDone(await s.run('f() {\n  echo "f:$1"\n}\nfor i in 1 2; do\n  f $i\ndone'), 0, "f:1\nf:2"),
  },
  {
    name: "a heredoc keeps its tab and arithmetic",
    posixOnly: true,
    run: async (s) => expectDone(await s.run("cat <<EOF\na\tb $((6*7))\nEOF"), 0, "a\tb 42"),
  },
  {
    name: "an open quote ends as a syntax error and the next command works",
    run: async (s) => {
      const result = await s.run("echo 'never closed");
      expect(result.outcome.state).toBe("done");
      expect(result.outcome.exit ?? 0).not.toBe(0);
      await nextIsClean(s);
    },
  },
  {
    name: "a syntax error ends with its status and the next command works",
    run: async (s, shell) => {
      const result = await s.run(shell.posix ? "if then fi )" : "if ; end )");
      expect(result.outcome.state).toBe("done");
      expect(result.outcome.exit ?? 0).not.toBe(0);
      await nextIsClean(s);
    },
  },
  {
    name: "a trailing comment is a comment",
    run: async (s) => expectDone(await s.run("echo a # b"), 0, "a"),
  },
  {
    name: "`exit 3` closes the session with code 3",
    run: async (s) => {
      const { outcome } = await s.run("exit 3");
      expect(outcome).toMatchObject({ state: "closed", evidence: "exit", detail: "code 3", exit: 3 });
    },
  },
  {
    name: "`kill -9 $$` closes the session with the signal known",
    run: async (s, shell) => {
      const { outcome } = await s.run(shell.posix ? "kill -9 $$" : "kill -9 $fish_pid");
      expect(outcome.state).toBe("closed");
      expect(outcome).toMatchObject({ detail: expect.stringMatching(/KILL|137|9/) });
    },
  },
  {
    name: "`set -u` with an unset variable fails and the session lives",
    posixOnly: true,
    only: (shell) => shell.name !== "posh",
    run: async (s) => {
      await s.run("set -u");
      const result = await s.run("echo $not_set_at_all");
      if (result.outcome.state === "closed") return; // POSIX lets a shell exit here; interactive ones mostly stay
      expect(result.outcome.exit ?? 0).not.toBe(0);
      await nextIsClean(s);
    },
  },
  {
    name: "`set -e` lets successes pass and a failure closes",
    posixOnly: true,
    run: async (s) => {
      await s.run("set -e");
      expectDone(await s.run("echo kept"), 0, "kept");
      const { outcome } = await s.run("false");
      expect(outcome).toMatchObject({ state: "closed", detail: "code 1" });
    },
  },
  {
    name: "a trap on errors hears nothing of ours behind a failure",
    posixOnly: true,
    only: (shell) => shell.name === "bash" || shell.name === "zsh",
    run: async (s) => {
      await s.run("trap 'echo heard' ERR");
      expect((await s.run("false")).outcome.exit).toBe(1);
      expectDone(await s.run('echo "left $?"'), 0, "left 1");
    },
  },
  {
    name: "a shell begun by hand inside runs no earlier command again, though variables are exported",
    posixOnly: true,
    only: (shell) => shell.name === "bash" || shell.name === "zsh",
    run: async (s) => {
      await s.run("set -a; n=0");
      await s.run("echo ran >>/tmp/ssh-mcp-again-$$; f=/tmp/ssh-mcp-again-$$");
      await s.run("sh -c 'echo inner'");
      expectDone(await s.run('wc -l <"$f" | tr -d " "; rm "$f"'), 0, "1");
    },
  },
  {
    name: "directory, variable and alias persist",
    run: async (s, shell) => {
      await s.run(
        shell.posix
          ? "cd /usr; v=kept; alias hi='echo aliased'"
          : "cd /usr; set v kept; alias hi 'echo aliased'",
      );
      const result = await s.run('echo "$v"; hi; pwd');
      expectDone(result, 0, "kept\naliased\n/usr");
      expect(result.outcome.cwd).toBe("/usr");
    },
  },
  {
    name: "the status of the command before is visible",
    run: async (s, shell) => {
      expectDone(await s.run("false"), 1, "");
      expectDone(await s.run(shell.posix ? "echo $?" : "echo $status"), 0, "1");
    },
  },
  {
    name: "a background job returns at once and leaves no notice in the next output",
    run: async (s) => {
      const result = await s.run("sleep 2 &");
      expect(result.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(result.outcome.durationMs).toBeLessThan(1900);
      expect((await s.run("sleep 2.3")).outcome).toMatchObject({ state: "done", exit: 0 });
      expectDone(await s.run("echo next"), 0, "next");
    },
  },
  {
    name: "cat reads what is typed and ends with Ctrl-D",
    run: async (s) => {
      const asked = await s.run("cat");
      expect(asked.outcome).toMatchObject({ state: "asking", asked: "line", evidence: "kernel" });
      await s.type("typed line");
      const result = await s.keys("<C-d>");
      expect(result.outcome).toMatchObject({ state: "done", exit: 0 });
      await nextIsClean(s);
    },
  },
  {
    name: "read takes a typed line",
    run: async (s) => {
      const asked = await s.run("read x");
      expect(asked.outcome).toMatchObject({ state: "asking", evidence: "kernel" });
      expect((await s.type("blue")).outcome).toMatchObject({ state: "done", exit: 0 });
      expectDone(await s.run('echo "got:$x"'), 0, "got:blue");
    },
  },
  {
    name: "python3 is a REPL until it exits",
    run: async (s) => {
      const asked = await s.run("python3 -q");
      expect(asked.outcome).toMatchObject({ state: "asking", asked: "repl", evidence: "kernel" });
      const computed = await s.type("6*7");
      expect(computed.outcome).toMatchObject({ state: "asking", asked: "repl" });
      expect(computed.text).toContain("42");
      expect((await s.type("exit(5)")).outcome).toMatchObject({ state: "done", exit: 5 });
      await nextIsClean(s);
    },
  },
  {
    name: "vim holds the alternate screen and gives it back",
    run: async (s) => {
      const opened = await s.run("vim -u NONE -n note.txt");
      expect(opened.outcome).toMatchObject({ state: "screen", evidence: "alternate_screen" });
      expect((await s.keys("ihello<Esc>")).outcome.state).toBe("screen");
      expect((await s.keys(":q<Enter>")).outcome.state).toBe("screen");
      expect(s.view().screen().rows.join("\n")).toContain("E37: No write since last change");
      const left = await s.keys(":wq<Enter>");
      expect(left.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(left.text).toMatch(
        /^\[full-screen program\] its last row: "note\.txt" .*\b1 lines?, 6 bytes written$/m,
      );
      expectDone(await s.run("cat note.txt; rm note.txt"), 0, "hello");
    },
  },
  {
    name: "less holds the alternate screen and gives it back",
    run: async (s) => {
      const opened = await s.run(`less ${LONG_TEXT}`);
      expect(opened.outcome).toMatchObject({ state: "screen", evidence: "alternate_screen" });
      const left = await s.keys("q");
      expect(left.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(left.text).not.toContain("last row");
      await nextIsClean(s);
    },
  },
  {
    name: "top is a screen program and ends with q",
    run: async (s) => {
      expect((await s.run("top")).outcome.state).toBe("screen");
      expect((await s.keys("q")).outcome).toMatchObject({ state: "done", exit: 0 });
      await nextIsClean(s);
    },
  },
  {
    name: "output without a final newline is exact",
    run: async (s) => {
      expectDone(await s.run("printf abc"), 0, "abc");
      await nextIsClean(s);
    },
  },
  {
    name: "output that replays this session's own marks ends nothing",
    run: async (s) => {
      // Ids of before, with nonce and key as the shell's own hooks have them.
      const listing = await s.run(
        "functions __mo 2>/dev/null; typeset -p __mi 2>/dev/null; typeset -f __mw 2>/dev/null; type __mw 2>/dev/null",
      );
      const rows = listing.text.replace(/\s*\n\s*/g, "");
      const [, nonce = "0123456789ab", key = "01234567"] =
        /7717;([0-9a-f]{12})L1;(?:%s|\$1);([0-9a-f]{8});/.exec(rows) ?? [];
      const forged = await s.run(
        `printf '\\033]7717;${nonce}L1;D;${key};1;9;hB;/fake\\007'; sleep 0.4; echo real`,
      );
      expectDone(forged, 0);
      expect(forged.text).toContain("real");
      expect(forged.outcome.cwd).not.toBe("/fake");
      await nextIsClean(s);
    },
  },
  {
    name: "60 KB of random bytes, then a clean command",
    run: async (s) => {
      const result = await s.run("head -c 60000 /dev/urandom");
      expect(result.outcome).toMatchObject({ state: "done", exit: 0 });
      await nextIsClean(s);
    },
  },
  {
    name: "a 400-column command is echoed by nobody",
    run: async (s) => expectDone(await s.run(`echo ${"y".repeat(400)}`), 0, "y".repeat(400)),
  },
  {
    name: "Ctrl-C ends a running command with 130",
    run: async (s) => {
      const running = await s.run("sleep 30", { timeoutMs: 400 });
      expect(running.outcome).toMatchObject({ state: "running", evidence: "timeout" });
      expect((await s.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
      await nextIsClean(s);
    },
  },
  {
    name: "Ctrl-Z stops a job and the session lives",
    only: (shell) => shell.suspends,
    run: async (s) => {
      await s.run("sleep 30", { timeoutMs: 400 });
      const { outcome } = await s.keys("<C-z>");
      expect(outcome.state).toBe("stopped");
      expect(outcome.notes.join(" ")).toContain("`fg`");
      await nextIsClean(s);
    },
  },
  {
    name: "literal tabs in a command stay tabs",
    run: async (s) => expectDone(await s.run("printf 'a\tb' | od -An -c | tr -d ' '"), 0, "a\\tb"),
  },
  {
    name: "an exclamation mark is no history expansion",
    run: async (s) => expectDone(await s.run('echo "hi!there"'), 0, "hi!there"),
  },
  {
    name: "UTF-8 and emoji in a command arrive whole",
    run: async (s) => expectDone(await s.run("echo 'žluťoučký 日本 🚀'"), 0, "žluťoučký 日本 🚀"),
  },
  {
    name: "a 6 KB, 61-line payload runs whole",
    run: async (s) => {
      const result = await s.run(LONG);
      expectDone(result, 0);
      expect(result.text.split("\n")).toHaveLength(61);
      expect(result.text).toContain(`row 60 ${"x".repeat(90)}`);
    },
  },
  {
    name: "a 200 KB payload runs whole",
    run: async (s) => {
      const result = await s.run(`: ${"z".repeat(200_000)}\necho end`);
      expectDone(result, 0, "end");
    },
  },
  {
    name: "a noisy background job never ends or delays six commands",
    run: async (s, shell) => {
      await s.run(
        shell.posix
          ? "(for i in 1 2 3 4 5 6 7 8; do echo noise; sleep 0.05; done) &"
          : "sh -c 'for i in 1 2 3 4 5 6 7 8; do echo noise; sleep 0.05; done' &",
      );
      for (let i = 0; i < 6; i++) {
        const result = await s.run(`sleep 0.05; echo cmd-${i}`);
        expectDone(result, 0);
        expect(result.text).toContain(`cmd-${i}`);
      }
    },
  },
  {
    name: "with `set -x` the output is the command's and its trace",
    posixOnly: true,
    run: async (s, shell) => {
      await s.run("set -x");
      const result = await s.run("echo traced");
      expectDone(result, 0);
      // "fancy" has a DEBUG trap, which is traced as well.
      const others = shell.name === "fancy" ? "(?:\\S.*__last=.*\\n)*" : "";
      expect(result.text).toMatch(
        new RegExp(`^${others}\\S.*echo traced\\n${others}traced(?:\\n${others})?$`),
      );
      const failed = await s.run("(exit 3)");
      expectDone(failed, 3);
      expectDone(
        await s.run("echo traced again"),
        0,
        /^(?:\S.*__last=.*\n)*\S.*echo traced again\n(?:\S.*__last=.*\n)*traced again/,
      );
      await s.run("set +x");
      await nextIsClean(s);
    },
  },
  {
    name: "after `exec >file` commands still end",
    posixOnly: true,
    run: async (s) => {
      await s.run("exec 5>&1 >away.txt");
      expectDone(await s.run("echo hidden"), 0, "");
      await s.run("exec >&5");
      const away = await s.run("cat away.txt; rm away.txt");
      expectDone(away, 0);
      // BusyBox ash writes its prompts to standard output, hence to the file.
      expect(away.text.split("\n")).toContain("hidden");
    },
  },
  {
    name: "`set -o noclobber` does not stop the marks",
    posixOnly: true,
    run: async (s) => {
      await s.run("set -C");
      await nextIsClean(s);
      expectDone(await s.run("false"), 1, "");
    },
  },
  {
    name: "aliases and functions that shadow printf, stty and head change nothing",
    run: async (s, shell) => {
      await s.run(
        shell.posix
          ? "alias printf='echo no' stty='echo no' head='echo no'\nprintf() { echo no; }"
          : "function printf; echo no; end; function stty; echo no; end; function head; echo no; end",
      );
      await nextIsClean(s);
      expectDone(await s.run(`: ${"z".repeat(3000)}\necho end`), 0, "end");
    },
  },
  {
    name: "a directory removed underneath does not wedge",
    run: async (s) => {
      await s.run("mkdir -p gone && cd gone && rmdir ../gone");
      await nextIsClean(s);
      expectDone(await s.run("cd"), 0, "");
    },
  },
];
