import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { quoteWord } from "../../src/base/shell-quote.ts";
import { execLine } from "../../src/remote/exec-line.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { seeded } from "../seeds/random.ts";

const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), "ssh-mcp-quote-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const SHELLS: readonly (readonly [string, ...string[]])[] = [
  ["dash"],
  ["bash"],
  ["busybox", "ash"],
  ["zsh"],
  ["ksh93"],
  ["mksh"],
  ["fish"],
  ["tcsh"],
];
const present = SHELLS.filter(([program]) => spawnSync(program, ["--help"]).error === undefined);

/** What shells take for something else than itself. */
const PIECES = [
  ..."'\"\\$`!#&;|<>(){}[]*?~^%=-@: \t\n\r\u0001\u0007\u001b\u007f\u0085é漢\u{1f600}\u202e\u2028aZ0",
  ..."''|\\\\|\\'|'\\|$HOME|$(id)|`id`|${x}|$'\\n'|!!|-n|--|~root|\\\n|\r\n|&&|# x|%s|\\x41|(|)|end|EOF".split(
    "|",
  ),
];

function hostile(count: number, seed: number): string[] {
  const random = seeded(seed);
  const fixed = ["", "-", "-n", "--", "\\", "'", "\n", "\\\n", "!", "a'b\"c\\d!e", ...PIECES];
  const made = Array.from({ length: count }, () =>
    Array.from(
      { length: 1 + Math.floor(random() * 12) },
      () => PIECES[Math.floor(random() * PIECES.length)],
    ).join(""),
  );
  return [...fixed, ...made];
}

describe("a quoted word", () => {
  it.each(present)("is read by %s as what it was, whatever is in it", async (program, ...more) => {
    // csh has no word with a newline in it.
    const words = hostile(400, 4711).filter((word) => program !== "tcsh" || !/[\n\r]/.test(word));
    const line = `exec /usr/bin/printf '%s\\000' ${words.map(quoteWord).join(" ")}`;
    const { stdout } = await run(program, [...more, "-c", line], {
      encoding: "buffer",
      env: { PATH: process.env.PATH, HOME: home, LC_ALL: "C.UTF-8" },
    });
    expect(stdout.toString("utf8").split("\0").slice(0, -1)).toEqual(words);
  });

  it("cannot hold a NUL or half a character, and says so", () => {
    expect(() => quoteWord("a\0b")).toThrow(/cannot hold a NUL byte; nothing was sent/);
    expect(() => quoteWord("a\ud800b")).toThrow(/cannot hold half of a surrogate pair/);
  });

  it("is taken out of a text where it is a secret", () => {
    const redactor = new Redactor();
    redactor.remember("it's a !secret");
    expect(redactor.redact(quoteWord("KEY=it's a !secret"))).toBe("'KEY=[secret]'");
  });
});

describe("the line of a command with a directory and variables", () => {
  const NAMES = ["plain", "it's", "a b", "-", "~odd", "$HOME", "back\\slash", "new\nline", "漢字"];
  for (const name of NAMES) mkdirSync(join(home, name));
  /** A command's own text: read by the login shell, which it says itself. */
  const COMMAND = 'printf "%s\\n" "$VALUE"; pwd # a comment\necho "it\'s \\\\ $0" | cat';

  const send = (shell: readonly [string, ...string[]], line: string, env: object = {}) => {
    const path = execFileSync("which", [shell[0]], { encoding: "utf8" }).trim();
    const [program, ...more] = shell;
    const login = shell.length === 1 ? path : join(home, "ash");
    if (shell.length > 1)
      writeFileSync(login, `#!/bin/sh\nexec ${path} ${more.join(" ")} "$@"\n`, { mode: 0o755 });
    return spawnSync(program, [...more, "-c", line], {
      encoding: "utf8",
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, SHELL: login, CDPATH: "/", LC_ALL: "C.UTF-8", ...env },
    });
  };

  it.each(present.filter(([program]) => program !== "tcsh"))(
    "goes there, and the login shell runs it: %s",
    (program, ...more) => {
      for (const name of NAMES)
        for (const cwd of [name, join(home, name), `~/${name}`]) {
          if (cwd === "~odd") continue;
          const value = `it's "x" \\ $y\n!z`;
          const { stdout, stderr } = send(
            [program, ...more],
            execLine(COMMAND, { cwd, env: { VALUE: value } }).line,
          );
          expect(stderr).toBe("");
          expect(stdout.startsWith(`${value}\n${join(home, name)}\nit's \\`)).toBe(true);
        }
    },
  );

  it.each(present)(
    "runs nothing where the directory cannot be entered, and says so: %s",
    (program, ...more) => {
      const { line, notEntered = "" } = execLine("echo RAN; touch ran", { cwd: "/no/such; echo RAN" });
      const { stdout, stderr, status } = send([program, ...more], line);
      expect({ stdout, status }).toEqual({ stdout: "", status: 126 });
      expect(stderr.split("\n").slice(-2)).toEqual([notEntered, ""]);
    },
  );

  it("has no home directory to go to where there is none", () => {
    const { line, notEntered = "" } = execLine("echo RAN", { cwd: "~" });
    expect(send(["dash"], line).stdout).toBe("RAN\n");
    const { stdout, stderr } = send(["dash"], line, { HOME: "" });
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: `${notEntered}\n` });
  });

  it("is the command itself where neither is given", () => {
    expect(execLine("ls; echo '", {})).toEqual({ line: "ls; echo '" });
  });

  it.each([
    [{ cwd: "" }, /cwd is empty/],
    [{ cwd: "~jo/x" }, /~jo is not expanded/],
    [{ env: { "A B": "x" } }, /"A B" is no name of a variable/],
    [{ env: { A: "x\0" } }, /NUL/],
    [{ cwd: "a\0" }, /NUL/],
  ])("is refused for %j", (setting, why) => {
    expect(() => execLine("ls", setting)).toThrow(why);
  });
});
