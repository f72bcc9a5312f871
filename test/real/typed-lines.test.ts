import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { type OpenWrtLike, startOpenWrtLike } from "./kit/openwrt.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";
import { words } from "./words.ts";

/** Lines that a caller types at a shell's prompt by keys: what is said of them, and what is typed behind them. */

const SHELLS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "posh", "yash", "noediting"];
const W = words(7_112_929);

let server: TestServer;
let router: OpenWrtLike;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  router = await startOpenWrtLike();
  rig = rigFor([
    ...SHELLS.map((name) => hostFor(server, name)),
    hostFor(router.server, router.user, { name: "router", platform: "auto" }),
  ]);
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
  await router?.stop();
});

const withSession = sessionsOf(() => rig, "typed");

const SOON = { timeoutMs: 10_000 };

describe("a `read` that was typed waits for its answer, and one prompt ends both", () => {
  for (const host of [...SHELLS, "router"])
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        const word = W.word();
        expect((await session.keys("read x<Enter>", SOON)).outcome).toMatchObject({
          state: "asking",
          asked: "line",
          evidence: "kernel",
        });
        expect((await session.type(word, SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
        expectDone(await session.run('echo "$x"'), 0, word);
      }),
    );
});

describe("a line that goes on is a continuation, its last row ends it", () => {
  for (const host of SHELLS.filter((name) => name !== "noediting" && name !== "yash"))
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        const [open, rest] =
          host === "fish"
            ? ["for i in 1 2<Enter>", "echo $i; end"]
            : ["for i in 1 2; do<Enter>", "echo $i; done"];
        expect((await session.keys(open, SOON)).outcome).toMatchObject({
          state: "asking",
          asked: "continuation",
        });
        expect((await session.type(rest, SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
        expectDone(await session.run("echo behind"), 0, "behind");
      }),
    );
});

describe("nothing of ours is typed into an open quote, though its row is the prompt's own", () => {
  for (const host of ["bash", "zsh", "dash", "ash", "ksh", "mksh"])
    for (const prompt of ["> ", "$ "])
      it.concurrent(`${host}, ${prompt}`, () =>
        withSession(host, async (session) => {
          const [one, two] = [W.word(), W.word()];
          await session.run(`PS1='${prompt}'; PS2='${prompt}'`);
          expect((await session.keys(`x='${one}<Enter>`, SOON)).outcome.state).toBe("asking");
          expect((await session.type(`${two}'`, SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
          expectDone(await session.run('printf %s "$x"'), 0, `${one}\n${two}`);
        }));
});

describe("nothing of ours is typed into an open quote that was typed while a prompt was slow", () => {
  for (const [host, slow] of [
    ["bash", "PS1='$ '; PS2='$ '; PROMPT_COMMAND='sleep 1'"],
    ["zsh", "PS1='$ '; PS2='$ '; precmd() { sleep 1 }"],
    ["dash", "PS2='$ '; PS1='$(sleep 1)$ '"],
    ["ash", "PS2='$ '; PS1='$(sleep 1)$ '"],
    ["ksh", "PS2='$ '; PS1='$(sleep 1)$ '"],
    ["mksh", "PS2='$ '; PS1='$(sleep 1)$ '"],
  ] as const)
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        const [one, two] = [W.word(), W.word()];
        await session.run(slow);
        await session.run("true");
        expect((await session.keys(`x='${one}<Enter>`, SOON)).outcome.state).toBe("asking");
        expect((await session.type(`${two}'`, SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
        expectDone(await session.run('printf %s "$x"'), 0, `${one}\n${two}`);
      }),
    );
});

describe("several rows pasted between the paste's marks are text that is not entered", () => {
  for (const host of ["bash", "zsh", "fish"])
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        const pasted = await session.keys("<Esc>[200~echo one<Enter>echo two<Esc>[201~", SOON);
        expect(pasted.outcome).toMatchObject({ state: "asking", asked: "line" });
        expect(session.view().commands()).toHaveLength(1);
        const entered = await session.keys("<Enter>", SOON);
        expect(entered.outcome).toMatchObject({ state: "done", exit: 0 });
        expect(entered.text).toMatch(/one\n+two$/);
      }),
    );
});

describe("nothing of ours is typed into a `read` that was typed while a prompt was slow", () => {
  for (const [host, slow] of [
    ["bash", "PROMPT_COMMAND='sleep 1'"],
    ["zsh", "precmd() { sleep 1 }"],
    ["dash", "PS1='$(sleep 1)$ '"],
    ["ksh", "PS1='$(sleep 1)$ '"],
    ["mksh", "PS1='$(sleep 1)$ '"],
    ["fish", "function fish_prompt; sleep 1; echo '> '; end"],
  ] as const)
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        const word = W.word();
        await session.run(slow);
        await session.run("true");
        expect((await session.keys("read x<Enter>", SOON)).outcome).toMatchObject({
          state: "asking",
          asked: "line",
        });
        expect((await session.type(word, SOON)).outcome).toMatchObject({ state: "done" });
        expectDone(await session.run('echo "$x"'), 0, word);
      }),
    );
});

describe("half a line that was typed behind an entered one is not run by a question of ours", () => {
  for (const host of ["posh", "dash", "noediting"])
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        await session.keys(":<Enter>echo half >half", SOON);
        await session.settle({ timeoutMs: 3000 });
        expectDone(await session.run("[ -e half ] || echo none"), 0, "none");
      }),
    );
});

describe("a job that Ctrl-Z stopped is stopped, and the shell takes the next command", () => {
  for (const host of ["bash", "zsh", "dash", "ash", "yash", "router"])
    it.concurrent(host, () =>
      withSession(host, async (session) => {
        await session.run("sleep 60", { timeoutMs: 500 });
        const { outcome } = await session.keys("<C-z>", SOON);
        expect(outcome).toMatchObject({ state: "stopped", evidence: "sentinel" });
        expect(outcome).not.toHaveProperty("exit");
        expect(outcome.notes.join(" ")).toContain("`fg`");
        expect((await session.settle(SOON)).outcome.state).toBe("stopped");
        expect((await session.run("jobs")).text).toContain("sleep 60");
        await session.run("fg", { timeoutMs: 500 });
        expect((await session.keys("<C-c>", SOON)).outcome).toMatchObject({ state: "done" });
      }),
    );

  it.concurrent("a command that gives such a status by itself is done", () =>
    withSession("bash", async (session) => {
      expectDone(await session.run("(exit 148)"), 148, "");
    }));

  it.concurrent("so is one that ended behind keys that came after Ctrl-Z", () =>
    withSession("bash", async (session) => {
      await session.run("trap '' TSTP; sh -c 'read x; exit 148'", { timeoutMs: 2000 });
      await session.keys("<C-z>", { timeoutMs: 500 });
      expect((await session.type("on", SOON)).outcome).toMatchObject({ state: "done", exit: 148 });
    }));
});
