import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSecret } from "../../src/secrets/read.ts";
import { errorOf, scratch } from "../inventory/scratch.ts";

const CANARY = "canary-7f3a";

describe("a secret in the environment", () => {
  const env = { GIVEN: CANARY, EMPTY: "" };

  test("is read", async () => {
    expect((await readSecret({ from: "env", name: "GIVEN" }, { env })).reveal()).toBe(CANARY);
  });

  test.each([
    ["GONE", "environment variable GONE is not set"],
    ["EMPTY", "environment variable EMPTY is empty"],
    ["constructor", "environment variable constructor is not set"],
  ])("that is not there (%s) is named", async (name, told) => {
    const error = await errorOf(readSecret({ from: "env", name }, { env }));
    expect(error.code).toBe("secret_unavailable");
    expect(error.message).toContain(told);
  });
});

describe("a secret in a file", () => {
  test("is read without its final newline, and only that", async () => {
    const { write } = scratch();
    for (const [text, value] of [
      [`${CANARY}\n`, CANARY],
      [`${CANARY}\r\n`, CANARY],
      [`${CANARY}\n\n`, `${CANARY}\n`],
      [` ${CANARY} `, ` ${CANARY} `],
    ] as const) {
      expect((await readSecret({ from: "file", path: write("secret", text) })).reveal()).toBe(value);
    }
  });

  test.each([0o640, 0o604, 0o660, 0o644, 0o610])(
    "that others may open (%o) is refused with the command that helps",
    async (mode) => {
      const path = scratch().write("my secret", CANARY, mode);
      const error = await errorOf(readSecret({ from: "file", path }));
      expect(error.message).toContain("is open to other users");
      expect(error.next).toBe(`Run: chmod 600 '${path}'`);
      expect(error.toText()).not.toContain(CANARY);
    },
  );

  test("that is missing, empty, a folder, too large or a FIFO nobody writes to is refused", async () => {
    const { home, write } = scratch();
    const fifo = join(home, "fifo");
    execFileSync("mkfifo", ["-m", "600", fifo]);
    const told = async (path: string) => (await errorOf(readSecret({ from: "file", path }))).message;
    expect(await told(join(home, "none"))).toContain("cannot be opened");
    expect(await told(write("empty", "\n"))).toContain("is empty");
    expect(await told(home)).toContain("is not a regular file");
    expect(await told(fifo)).toContain("is not a regular file");
    expect(await told(write("large", "x".repeat(70_000)))).toContain("is larger than 64 KiB");
  });
});

describe("a secret from a command", () => {
  const run = (command: string, timeoutMs?: number) =>
    readSecret({ from: "command", command }, timeoutMs === undefined ? {} : { timeoutMs });

  test("is what the command prints", async () => {
    expect((await run(`printf '%s\\n' ${CANARY}`)).reveal()).toBe(CANARY);
  });

  test.each([
    ["fails", `echo ${CANARY}; echo ${CANARY} >&2; exit 3`, "ended with exit code 3"],
    ["prints nothing", "true", "is empty"],
    ["is not there", `no-such-program ${CANARY}`, "ended with exit code 127"],
    ["is killed", `: ${CANARY}; kill -TERM $$`, "was ended by SIGTERM"],
    ["prints without end", `yes ${CANARY}`, "printed more than 65536 bytes"],
  ])("that %s is refused without a word of what it said", async (_what, command, told) => {
    const error = await errorOf(run(command));
    expect(error.code).toBe("secret_unavailable");
    expect(error.message).toContain(told);
    expect(error.message).toContain(`command "${command.trim().split(" ")[0]} …"`);
    expect(error.toText()).not.toContain(CANARY);
  });

  test("that hangs is ended together with what it started", async () => {
    const marker = join(scratch().home, "alive");
    // The child writes its process id, then waits for good; the shell waits for the child.
    const error = await errorOf(run(`sh -c 'echo $$ > ${marker}; exec sleep 600'; true`, 700));
    expect(error.message).toContain("did not end within 0.7 s");
    expect(existsSync(marker)).toBe(true);
    const pid = execFileSync("cat", [marker], { encoding: "utf8" }).trim();
    await expect.poll(() => isRunning(Number(pid))).toBe(false);
  });

  test("reads no input of ours", async () => {
    expect((await run("cat; echo done")).reveal()).toBe("done");
  });
});

function isRunning(pid: number): boolean {
  try {
    // A killed process stays as a zombie until its parent, maybe a busy init, collects it.
    return !/^\S+ \(.*\) Z/.test(
      execFileSync("cat", [`/proc/${pid}/stat`], { encoding: "utf8", stdio: "pipe" }),
    );
  } catch {
    return false;
  }
}

describe("a command that prints a secret", () => {
  test("is not given the variables that hold other secrets of the inventory, and has the rest", async () => {
    const env = { PATH: process.env.PATH, OTHER_PW: "other", VAULT_TOKEN: "token" };
    const ref = { from: "command", command: 'echo "$OTHER_PW|$VAULT_TOKEN"' } as const;
    const secret = await readSecret(ref, { env, withheld: () => ["OTHER_PW"] });
    expect(secret.reveal()).toBe("|token");
  });

  test("ends with this program", () => {
    const { write } = scratch();
    const program = `
      import { readSecret } from ${JSON.stringify(join(import.meta.dirname, "..", "..", "src", "secrets", "read.ts"))};
      import { existsSync } from "node:fs";
      readSecret({ from: "command", command: "echo $$ > " + process.argv[1] + "; sleep 1000" });
      const timer = setInterval(() => existsSync(process.argv[1]) && process.exit(0), 20);`;
    const note = write("note", "");
    rmSync(note);
    execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program, note], {
      cwd: join(import.meta.dirname, "..", ".."),
    });
    const pid = readFileSync(note, "utf8").trim();
    // A process that has ended and that nobody has waited for may still be listed.
    const state = existsSync(`/proc/${pid}/stat`)
      ? readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0]
      : "gone";
    expect(["gone", "Z", "X"]).toContain(state);
  });
});
