import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Board } from "../../src/approval/board.ts";
import { stateFolder } from "../../src/base/state-folder.ts";
import { dialDaemon } from "../../src/daemon/dial.ts";
import { FrameReader } from "../../src/daemon/frames.ts";
import { Tmux } from "../commands/hosts-editor/tmux.ts";
import { type Agent, CLI, until, World } from "./kit.ts";

const world = new World();
const tmux = new Tmux();
let agent: Agent;

beforeAll(async () => {
  agent = await world.agent("claude");
  await agent.call("ssh_connect", { host: "lab-sh", session: "web1", cols: 100, rows: 30 });
});
afterAll(async () => {
  tmux.stop();
  await world.dispose();
});

function attach(words: string, size = { cols: 80, rows: 24 }) {
  const { PATH, HOME, XDG_STATE_HOME } = world.env;
  const command = `${process.execPath} ${CLI} ${words} ${world.args.join(" ")}`;
  return tmux.open(command, size, { PATH, HOME, XDG_STATE_HOME });
}

/** The same in a shell with jobs. */
async function attachIn(words: string) {
  const { PATH, HOME, XDG_STATE_HOME } = world.env;
  const own = { PATH, HOME, XDG_STATE_HOME, PS1: "jobs> " };
  const terminal = await tmux.open("bash --norc --noprofile -i", { cols: 80, rows: 24 }, own);
  await terminal.sees(/jobs>/);
  await terminal.type(`${process.execPath} ${CLI} ${words} ${world.args.join(" ")}`, "Enter");
  return terminal;
}

/** Ctrl-\ and a key. */
async function ctrl(terminal: Awaited<ReturnType<typeof attach>>, key: string): Promise<void> {
  await terminal.type("", "C-\\", key);
}

const shell = (command: string, more: object = {}) =>
  agent.call("ssh_shell", { session: "web1", command, ...more });

describe("a person who attaches", () => {
  it("sees what the agent does, and types nothing before they have taken the keyboard", async () => {
    const terminal = await attach("attach web1");
    await terminal.sees(/web1 · ready · agents type/);
    await shell("echo from-the-''agent");
    await terminal.sees(/^from-the-agent$/m);
    await terminal.type("touch nothing");
    expect(await terminal.sees(/not typed: take the keyboard first/)).not.toContain("touch nothing");
    await ctrl(terminal, "d");
    expect(await terminal.sees(/ended with 0\n icanon\n echo/)).toContain("detached; the session goes on");
  });

  it("has the keyboard alone until they hand it back, and the agent learns what they did, but no secret", async () => {
    const terminal = await attach("attach web1");
    await terminal.sees(/agents type/);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have the keyboard/);
    // The session has the size of who types.
    await until(async () => /80x23/.test(await agent.call("ssh_sessions", { session: "web1" })));
    expect(await shell("echo no")).toMatch(
      /^not_ready: a human \(.*\) has the keyboard of this session; nothing was sent/,
    );
    expect(await agent.call("ssh_send", { session: "web1", keys: "<C-c>" })).toMatch(/^not_ready: a human/);
    await terminal.type("read -s -p 'Password: ' word; echo len ${#word}", "Enter");
    await terminal.sees(/^Password:/m);
    await terminal.type("s3cr3t-word", "Enter");
    await terminal.sees(/len 11\n[^\n]+[#$]\n[\s\S]* ready /m);
    await terminal.type("false", "Enter");
    await terminal.sees(/[#$] false\n[^\n]+[#$]\n[\s\S]* ready /m);
    await ctrl(terminal, "t");
    await terminal.sees(/agents type/);
    const next = await shell("echo back");
    expect(next).toMatch(
      /note: a human \(.*\) had the keyboard for \d+ s and has handed it back: typed "read -s/,
    );
    expect(next).toMatch(/"\[unrecorded, 11 chars\]", "false"; commands .*done exit=1/);
    expect(await agent.call("ssh_sessions", { session: "web1" })).toContain("100x30");
    const all = [
      await agent.call("ssh_read", { session: "web1", since: 0, timeout_s: 0 }),
      readFileSync(join(world.folder, "s/ssh-mcp/audit.jsonl"), "utf8"),
      JSON.stringify(world.log()),
      next,
    ].join("\n");
    expect(all).not.toContain("s3cr3t");
    expect(all).toMatch(/"event":"typed","kind":"human".*"text":"false"/);
    await ctrl(terminal, "d");
  });

  it("may let agents interrupt meanwhile", async () => {
    const terminal = await attach("attach web1");
    await terminal.sees(/agents type/);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have/);
    await ctrl(terminal, "i");
    await terminal.sees(/agents may interrupt/);
    // A key that comes before the shell has started the program is the shell's own, and ends nothing.
    await terminal.type("sh -c 'echo u''p; exec sleep 1000'", "Enter");
    await terminal.sees(/^up$/m);
    expect(await agent.call("ssh_send", { session: "web1", keys: "<C-c>" })).toMatch(/done exit=130/);
    await ctrl(terminal, "d");
  });

  it("works in a full-screen program, through a resize, and gives the keyboard back when their terminal dies", async () => {
    const terminal = await attach("attach web1");
    await terminal.sees(/agents type/);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have/);
    await terminal.type("vim -u NONE -N +'set showmode' notes", "Enter");
    await terminal.sees(/"?notes"? .*(New|0L)/i);
    await terminal.type("ifirst line", "Escape");
    await terminal.resize({ cols: 60, rows: 15 });
    await terminal.type("osecond line", "Escape");
    // The new size is painted in several pieces.
    await terminal.sees(/^first line\nsecond line\n(~\n){11,}/);
    expect(await agent.call("ssh_read", { session: "web1", screen: true })).toContain("second line");
    await terminal.type(":wq", "Enter");
    await until(() => {
      try {
        return readFileSync(join(world.folder, "notes"), "utf8") === "first line\nsecond line\n";
      } catch {
        return false;
      }
    });
    await terminal.die();
    await until(async () => !(await world.status())?.sessions.some(({ keyboard }) => keyboard !== undefined));
    // The file is there before vim is gone.
    await agent.call("ssh_read", { session: "web1", timeout_s: 20 });
    expect(await shell("echo free")).toMatch(/^free$/m);
  });

  it("pastes as one act: no key of ours is found in it, and it enters what it has line by line", async () => {
    const terminal = await attach("attach web1");
    await terminal.sees(/agents type/);
    await terminal.pastes("\u001ct touch nothing\n");
    await terminal.sees(/not typed: take the keyboard first/);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have/);
    await terminal.pastes("echo one-''line\necho an''other\n");
    // A shell that knows pastes shows both lines and runs them at an Enter of the person's own.
    await terminal.type("", "Enter");
    await terminal.sees(/^one-line\n[\s\S]*^another$/m);
    await terminal.sees(/YOU have/);
    await terminal.pastes(`: ${"x".repeat(70_000)}`);
    await terminal.sees(/not typed: 70002 bytes were pasted/);
    await ctrl(terminal, "d");
  });

  it("is stopped and continued like any program, and nobody waits meanwhile for a keyboard it had", async () => {
    const terminal = await attachIn("attach web1");
    await terminal.sees(/web1 · ready · agents type/);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have/);
    await ctrl(terminal, "z");
    await terminal.sees(/Stopped/);
    expect(await shell("echo mean''while")).toMatch(/^meanwhile$/m);
    await terminal.type("stty -a | grep -o -E -e ' -?icanon '; fg", "Enter");
    await terminal.sees(/^meanwhile$[\s\S]* web1 · ready · agents type/m);
    await ctrl(terminal, "t");
    await terminal.sees(/YOU have/);
    await terminal.type("echo from-''here", "Enter");
    await terminal.sees(/^from-here$/m);
    await ctrl(terminal, "d");
    await terminal.sees(/detached; the session goes on/);
  });

  it("is told what does not fit, in a terminal of one column and one row, too", async () => {
    const terminal = await attach("attach -r web1");
    await terminal.sees(/agents type · part of 100x30/);
    await terminal.resize({ cols: 1, rows: 1 });
    await terminal.resize({ cols: 120, rows: 40 });
    await terminal.sees(/agents type · Ctrl/);
    await ctrl(terminal, "d");
    await terminal.sees(/detached; the session goes on/);
  });

  it("who only watches cannot take it; and can be sent away", async () => {
    const terminal = await attach("watch web1");
    await terminal.sees(/agents type/);
    await ctrl(terminal, "t");
    await terminal.sees(/denied: attached read-only/);
    expect((await world.run("sessions")).stdout).toMatch(/^web1 .* of claude .*attached: \S+ at pts\/\d+/m);
    expect((await world.run("kick", "web1")).stdout).toMatch(/^sent away from web1: /);
    await terminal.sees(/sent away \(ssh-mcp kick\)/);
  });

  it("scrolls back in what was printed, and returns to the screen as it is", async () => {
    await shell("seq 3000 3400", { max_tokens: 200 });
    const terminal = await attach("attach -r web1");
    await terminal.sees(/agents type/);
    await ctrl(terminal, "h");
    await terminal.sees(/^3400$[\s\S]*lines \d+-\d+ of \d+/m);
    await terminal.type("", "PPage", "PPage");
    await terminal.sees(/^3350$/m);
    await terminal.type("q");
    await terminal.sees(/agents type/);
  });
});

describe("what waits for an approval", () => {
  it("is said in the line at the bottom, and answered without leaving", async () => {
    const board = new Board(stateFolder({ env: world.env, home: world.folder }), () => Date.now());
    const asked = { host: "lab-sh", address: "a", session: "web1", what: "run", reasons: ["it asks"] };
    const order = await board.post({ ...asked, key: "k1", text: "the-first-order", risk: "disruptive" });
    await board.post({ ...asked, key: "k2", text: "the-second-order", risk: "disruptive" });
    const terminal = await attach("attach -r web1");
    await terminal.sees(/AN APPROVAL WAITS: Ctrl-/);
    await ctrl(terminal, "a");
    await terminal.sees(/the-first-order[\s\S]*approve \(a\), deny \(d\)/);
    await terminal.type("a", "Enter");
    const [, code = ""] = /Type (\d{4}) to approve/.exec(await terminal.sees(/Type \d{4} to approve/)) ?? [];
    await terminal.type(code, "Enter");
    await terminal.sees(/is approved[\s\S]*Enter goes on/);
    await terminal.type("", "Enter");
    await terminal.sees(/the-second-order[\s\S]*approve \(a\), deny \(d\)/);
    await terminal.type("", "Enter");
    await terminal.sees(/ web1 · ready · agents type/);
    expect(await board.answer(order.id)).toMatchObject({ yes: true, key: "k1" });
    expect(await board.unanswered("web1")).toHaveLength(1);
    await ctrl(terminal, "d");
    await terminal.sees(/detached; the session goes on[\s\S]* icanon\n echo/);
  });
});

describe("a locked session", () => {
  it("is read and not typed in", async () => {
    expect((await world.run("lock", "web1")).stdout).toMatch(/^web1 is locked/);
    expect(await shell("echo no")).toMatch(/^not_ready: a human \(.* who has locked it\)/);
    expect(await agent.call("ssh_read", { session: "web1" })).not.toMatch(/not_ready/);
    expect((await world.run("lock", "web1", "--off")).stdout).toBe("web1 is unlocked\n");
    expect(await shell("echo again")).toMatch(/^again$/m);
  });
});

describe("a viewer that takes nothing", () => {
  it("costs nobody anything, and gets the newest picture once it does", async () => {
    const place = world.place;
    const reached = await dialDaemon(place, "test", "attach", {
      session: "web1",
      cols: 80,
      rows: 24,
      who: "slow",
    });
    if (reached === undefined) throw new Error("no daemon");
    reached.socket.pause();
    const before = (await world.status())?.memoryMb ?? 0;
    for (let at = 0; at < 5; at++)
      await shell("for i in $(seq 400); do printf '\\033[H%0999d' $i; done; clear", { max_tokens: 100 });
    expect(await shell("clear; echo the-''newest")).toContain("the-newest");
    expect(((await world.status())?.memoryMb ?? 0) - before).toBeLessThan(150);
    let shown = "";
    let bytes = 0;
    const frames = new FrameReader((_kind, content) => {
      shown = `${shown}${content}`.slice(-20_000);
    });
    reached.socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      frames.push(chunk);
    });
    reached.socket.resume();
    await until(() => shown.includes("the-newest"));
    expect(bytes).toBeLessThan(2_000_000);
    reached.socket.destroy();
  });
});
