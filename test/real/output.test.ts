import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;
const SHELLS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish"];

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(SHELLS.map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig);

describe("much output", () => {
  it("50 MB end with the right status, exact counts, the head kept and the tail readable", () =>
    withSession("bash", async (session) => {
      const result = await session.run("seq 1 7000000", { timeoutMs: 45_000 });
      expect(result.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(result.outcome.to - result.outcome.from).toBe(7_000_000 + 54_888_896);
      const lines = result.text.split("\n");
      expect(lines[0]).toBe("1");
      expect(lines.at(-1)).toBe("7000000");
      expect(result.text).toMatch(/bytes pruned/);
      expect(session.view().screen().rows.join("\n")).toContain("7000000");
      expectDone(await session.run("echo next"), 0, "next");
    }));

  it("Ctrl-C stops a flood and the session is clean", () =>
    withSession("bash", async (session) => {
      expect((await session.run("yes", { timeoutMs: 700 })).outcome).toMatchObject({ state: "running" });
      expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
      expectDone(await session.run("echo next"), 0, "next");
    }));

  it("a flood in one session does not mix with another's commands", async () => {
    const flooded = await rig.open("bash");
    const calm = await rig.open("bash");
    await flooded.run("yes flood", { timeoutMs: 200 });
    for (let i = 0; i < 20; i++) expectDone(await calm.run(`echo calm-${i}`), 0, `calm-${i}`);
    expect((await flooded.keys("<C-c>")).outcome.state).toBe("done");
    await flooded.close();
    await calm.close();
  });

  it("binary output passes byte for byte into the transcript", () =>
    withSession("bash", async (session) => {
      await session.run("head -c 300000 /dev/urandom > bin; stty -opost");
      const sum = (await session.run("sha256sum < bin")).text.slice(0, 64);
      const result = await session.run("cat bin");
      expect(result.outcome).toMatchObject({ state: "done", exit: 0 });
      // What is shown is text made visible; the sum is taken where the bytes are.
      expect(result.outcome.to - result.outcome.from).toBe(300_000);
      expect(sum).toMatch(/^[0-9a-f]{64}$/);
      expect(result.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      await session.run("rm bin; stty opost");
    }));
});

describe("what a person would have seen", () => {
  it("a carriage-return progress bar is its last state", () =>
    withSession("bash", async (session) => {
      const result = await session.run(
        "for i in $(seq 1 100); do printf '\\r%3d%% [%-20s]' $i $(head -c $((i/5)) /dev/zero | tr '\\0' '#'); done; echo",
      );
      expectDone(result, 0, `100% [${"#".repeat(20)}]`);
    }));

  it("stacked bars that move the cursor up are their last state", () =>
    withSession("bash", async (session) => {
      const result = await session.run(
        "printf 'a 0\\nb 0\\nc 0\\n'; for i in $(seq 1 50); do printf '\\033[3A\\ra %d\\033[K\\n\\rb %d\\033[K\\n\\rc %d\\033[K\\n' $i $i $i; done",
      );
      expectDone(result, 0, "a 50\nb 50\nc 50");
    }));

  it("colours are gone and backspaces applied", () =>
    withSession("bash", async (session) => {
      expectDone(await session.run("printf '\\033[31mred\\033[0m plain\\nabX\\bc\\n'"), 0, "red plain\nabc");
    }));

  for (const shell of SHELLS) {
    it.concurrent(`wide characters written a byte at a time stay whole in ${shell}`, () =>
      withSession(shell, async (session) => {
        const script =
          "import sys,time\nfor b in 'žluť 日本語 🚀 é\\n'.encode():\n  sys.stdout.buffer.write(bytes([b])); sys.stdout.buffer.flush(); time.sleep(0.005)";
        expectDone(await session.run(`python3 -c "${script}"`), 0, "žluť 日本語 🚀 é");
      }));
  }

  for (const clear of [
    "clear",
    "printf '\\033[2J\\033[H'",
    "printf '\\033c'",
    "tput reset 2>/dev/null || printf '\\033c'",
  ])
    it(`what was cleared by ${clear} is still there`, () =>
      withSession("bash", async (session) => {
        const { text } = await session.run(`seq 1 60; ${clear}; echo end`);
        const rows = text.split("\n").filter((row) => row !== "");
        expect(rows.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, at) => `${at + 1}`));
        expect(rows.slice(60)).toEqual(["[the screen was cleared here]", "end"]);
      }));

  it("a job that Ctrl-Z stopped has not ended, and fg continues it", () =>
    withSession("bash", async (session) => {
      await session.run("sleep 2", { timeoutMs: 300 });
      const { outcome } = await session.keys("<C-z>");
      expect(outcome.notes.join()).toContain("`fg` goes on with it");
      expectDone(await session.run("fg"), 0);
    }));

  it("long lines are not wrapped", () =>
    withSession("bash", async (session) => {
      expectDone(await session.run("printf 'w%.0s' $(seq 1 1000); echo"), 0, "w".repeat(1000));
    }));
});

describe("programs killed at a bad moment leave a clean session", () => {
  for (const shell of SHELLS) {
    it.concurrent(`alternate screen, raw mode and mouse reporting in ${shell}`, () =>
      withSession(shell, async (session) => {
        const hold =
          "sh -c 'stty raw -echo; printf \"\\033[?1049h\\033[?1000h\\033[?1h\\033[?25l\\033[5;5HFULL\"; sleep 0.7; kill -9 $$'";
        const killed = await session.run(hold, { timeoutMs: 15_000 });
        const ended = killed.outcome.state === "done" ? killed : await session.settle();
        expect(ended.outcome.state).toBe("done");
        expect(ended.outcome.exit).toBe(137);
        const { alternate, modes } = session.view().screen();
        expect({
          alternate,
          mouse: modes.mouse,
          keys: modes.applicationCursorKeys && !modes.bracketedPaste,
        }).toEqual({ alternate: false, mouse: false, keys: false });
        expectDone(await session.run("echo clean"), 0, "clean");
        expectDone(await session.run("stty -a | grep -c -- ' icanon.* echo \\| -opost'; true"), 0);
        expect((await session.run("cat")).outcome).toMatchObject({ state: "asking", asked: "line" });
        expect((await session.keys("<C-d>")).outcome.state).toBe("done");
      }));
  }

  for (const [left, shells] of [
    ["stty raw -echo", SHELLS],
    ["stty raw", SHELLS],
    ["stty -icrnl", SHELLS],
    ["stty -icrnl -icanon -echo", SHELLS],
  ] as const)
    for (const shell of shells)
      it.concurrent(`commands go on behind "${left}" in ${shell}`, () =>
        withSession(shell, async (session) => {
          const { outcome } = await session.run(left);
          expect(outcome).toMatchObject({ state: "done", exit: 0 });
          for (const word of ["willow", "birch"])
            expectDone(await session.run(`echo ${word}; sh -c 'exit 3'`), 3, word);
          expectDone(await session.run(`printf '%s\\n' ${"x".repeat(1500)} | wc -c`), 0, "1501");
          expectDone(await session.run("stty sane"), 0);
          expectDone(await session.run("echo maple"), 0, "maple");
        }));

  it("a program that ignores Ctrl-C goes on and is said to", () =>
    withSession("bash", async (session) => {
      await session.run(
        "python3 -c 'import signal,time; signal.signal(2, signal.SIG_IGN); time.sleep(3); print(\"over\")'",
        { timeoutMs: 500 },
      );
      expect((await session.keys("<C-c>", { timeoutMs: 700 })).outcome).toMatchObject({
        state: "running",
        evidence: "timeout",
      });
      const { outcome, text } = await session.settle();
      expect(outcome).toMatchObject({ state: "done", exit: 0 });
      expect(text).toContain("over");
    }));
});

it("two hundred commands in a row keep their own output and status", () =>
  withSession("zsh", async (session) => {
    for (let i = 0; i < 200; i++) {
      const token = createHash("sha1").update(String(i)).digest("hex");
      expectDone(await session.run(`echo ${token}; (exit ${i % 200})`), i % 200, token);
    }
  }));

it("forty sessions over shared connections run commands at once without mixing", async () => {
  const sessions = await Promise.all(Array.from({ length: 40 }, (_, i) => rig.open("dash", `many-${i}`)));
  await Promise.all(
    sessions.map(async (session, i) => {
      for (let round = 0; round < 10; round++)
        expectDone(await session.run(`echo s${i}-r${round}`), 0, `s${i}-r${round}`);
    }),
  );
  await Promise.all(sessions.map((session) => session.close()));
});
