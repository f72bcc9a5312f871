import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { mustRun } from "./kit/process.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { BOURNE, OWN_STATES } from "./own-states.ts";
import { type Opened, type Result, type Rig, rigFor } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

/** What a shell's own traps, options, functions and limits do to the commands of a session: nothing. */

const WORDS = [
  "amber",
  "birch",
  "cobalt",
  "dune",
  "ember",
  "fjord",
  "grove",
  "heron",
  "iris",
  "juniper",
  "kelp",
  "larch",
];
let drawn = 0;
/** Another word each time, so that no test passes by one text. */
const word = () => WORDS[(process.pid + drawn++) % WORDS.length] ?? "amber";

const HOSTS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "yash", "posh", "noediting"];
const WITH_ERR = ["bash", "zsh", "ash", "ksh", "mksh"];

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

async function withShell(host: string, work: (session: Opened) => Promise<void>): Promise<void> {
  const session = await rig.open(host, `own-shell-${++drawn}`);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

function remarks(session: Opened, { outcome }: Result): string {
  return [...outcome.notes, ...(session.view().command(outcome.command)?.remarks ?? [])].join(" ");
}

describe.each(OWN_STATES)("with %s", (_, shells, state) => {
  it.concurrent.each(shells)("%s gives output and status, and runs what is longer than a line", (host) =>
    withShell(host, async (session) => {
      await session.run(state);
      const [one, two] = [word(), word()];
      expectDone(await session.run(`echo ${one}; false`), 1, one);
      expectDone(await session.run(`x='${"y".repeat(1200)}'; echo "\${#x} ${two}"`), 0, `1200 ${two}`);
      expectDone(await session.run("true"), 0, "");
    }),
  );
});

describe("a trap on errors that counts, counts one failure once", () => {
  it.each(WITH_ERR)("%s", (host) =>
    withShell(host, async (session) => {
      await session.run(
        host === "bash" ? "n=0; set -E; trap 'n=$((n+1))' ERR" : "n=0; trap 'n=$((n+1))' ERR",
      );
      expectDone(await session.run("false"), 1, "");
      expectDone(await session.run("echo n=$n"), 0, "n=1");
      expectDone(await session.run("true"), 0, "");
      expectDone(await session.run("echo n=$n"), 0, "n=1");
    }),
  );
});

it("a trap on returns that functions inherit is set off by no function but the user's", () =>
  withShell("bash", async (session) => {
    await session.run("n=0; set -T; trap 'n=$((n+1))' RETURN");
    expectDone(await session.run("f() { false; }; f"), 1, "");
    expectDone(await session.run("echo n=$n"), 0, "n=1");
    expectDone(await session.run("set +T; f; echo n=$n $-"), 0, /^n=1 [^T]*$/);
  }));

describe.each([
  ["a trap on returns that prints", ["bash"], "set -T; trap 'echo RET' RETURN"],
  ["a command that prints", ["bash", "dash", "ksh", "mksh"], "command() { echo CMD; }"],
] as const)("with %s, a file that output is sent to holds that of the commands alone", (_, shells, state) => {
  it.each(shells)("%s", (host) =>
    withShell(host, async (session) => {
      const file = `/tmp/own-shell-${process.pid}-${++drawn}`;
      const [one, two] = [word(), word()];
      await session.run(`exec >${file}`);
      await session.run(state);
      const from = (await readFile(file, "utf8")).length;
      expectDone(await session.run(`echo ${one}; false`), 1, "");
      expectDone(await session.run(`echo ${two}`), 0, "");
      expect((await readFile(file, "utf8")).slice(from)).toBe(`${one}\n${two}\n`);
      await rm(file);
    }),
  );
});

it.each(BOURNE)("%s with no descriptor left goes on behind a status that tells of a signal", (host) =>
  withShell(host, async (session) => {
    const one = word();
    await session.run("ulimit -n 4");
    expectDone(await session.run(`f() { echo ${one}; return 130; }; f`), 130, one);
    expectDone(await session.run("echo still"), 0, "still");
  }),
);

it("bash that can start no process goes on at once behind hooks of the user's and behind an interrupt's status", () =>
  withShell("bash", async (session) => {
    await session.run(`PROMPT_COMMAND='x=${word()}'; ulimit -u 1`);
    expectDone(await session.run("f() { return 130; }; f"), 130, "");
    expectDone(await session.run("echo still"), 0, "still");
  }));

it("what an inherited trap prints never becomes an argument of the next command", () =>
  withShell("bash", async (session) => {
    const folder = `/tmp/own-shell-${process.pid}`;
    await mustRun("mkdir", ["-m", "777", folder]);
    try {
      await session.run(
        `cd ${folder}; mkdir a b c; set -E; trap 'echo b c' ERR; set -T; trap 'echo c' RETURN`,
      );
      await session.run("false");
      expectDone(await session.run("rm -r a"), 0, "");
      expect((await readdir(folder)).sort()).toEqual(["b", "c"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }));

it("exit codes with digits among what splits words are whole", () =>
  withShell("bash", async (session) => {
    await session.run("IFS=0");
    expectDone(await session.run("(exit 70)"), 70);
    await session.run("IFS=7");
    expectDone(await session.run("(exit 17)"), 17);
    expectDone(await session.run("IFS=1; false"), 1);
  }));

describe("what is open at the end of a command is the command's own", () => {
  it.each(["bash", "zsh", "dash", "ash", "ksh"])(
    "%s: a here-document without an end, a trailing backslash",
    (host) =>
      withShell(host, async (session) => {
        const text = word();
        const open = await session.run(`cat <<END\n${text}`);
        expect(open.outcome).toMatchObject({ state: "done", exit: 0 });
        expect(open.text.split("\n").at(-1)).toBe(text);
        const back = await session.run(`echo ${text} \\`);
        expect(back.text.trim()).toMatch(new RegExp(`^${text}(?: \\\\)?$`));
        expectDone(await session.run("echo next"), 0, "next");
      }),
  );
});

it("a redirection of the shell's own error output stays", () =>
  withShell("bash", async (session) => {
    await session.run("exec 2>/tmp/own-shell-err.$$; f=/tmp/own-shell-err.$$");
    expectDone(await session.run("echo gone >&2"), 0, "");
    expectDone(await session.run(`grep -c 'gone$' "$f"; rm -f "$f"`), 0, "1");
  }));

describe("what cannot be run is an outcome, and the session goes on", () => {
  it("functions named builtin and eval that run nothing", () =>
    withShell("bash", async (session) => {
      await session.run("builtin() { :; }; eval() { :; }");
      const folder = `/tmp/own-shell-not-${process.pid}`;
      for (const command of [`mkdir ${folder}`, `mkdir -p ${folder}`])
        expect(remarks(session, await session.run(command))).toMatch(/NOT run/);
      expect(existsSync(folder)).toBe(false);
    }));

  it("a function named builtin that runs nothing is gone round", () =>
    withShell("bash", async (session) => {
      await session.run("builtin() { echo no; }");
      const text = word();
      expectDone(await session.run(`echo ${text}; false`), 1, text);
      expectDone(await session.run(`echo ${text}`), 0, text);
    }));

  it.each(["bash", "zsh", "dash", "ash", "mksh"])(
    "%s: the function that frames commands is removed",
    (host) =>
      withShell(host, async (session) => {
        const removed = await session.run("unset -f __m");
        expect(removed.outcome.state).toBe("done");
        expect(removed.outcome).not.toHaveProperty("exit", 0);
        expect(remarks(session, removed)).toMatch(/__m.*removed/);
        await session.settle({ timeoutMs: 5000 });
        const text = word();
        expectDone(await session.run(`echo ${text}; false`), 1, text);
      }),
  );
});

describe("a long command needs no helper", () => {
  it.each(["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "yash"])(
    "%s, 20 KB with characters of all kinds",
    (host) =>
      withShell(host, async (session) => {
        const rows = Array.from({ length: 300 }, (_, at) => `echo 'row ${at} "${word()}" $x \`y\` é ✓'`);
        expect(rows.join("\n").length).toBeGreaterThan(9000);
        const { outcome, text } = await session.run(`${rows.join("\n")}\necho "sum: 300"`);
        expect(outcome).toMatchObject({ state: "done", exit: 0 });
        expect(text.split("\n").length).toBe(301);
        expect(text.split("\n").at(-1)).toBe("sum: 300");
      }),
  );
});
