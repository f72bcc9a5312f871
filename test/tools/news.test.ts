import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, hostWith } from "./fake.ts";

const OTHER: Caller = { ...AGENT, id: "agent-2" };

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

/** A shell at its prompt behind the tools; calls give the last line of their result. */
async function opened() {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const text = async (tool: string, args: object = {}, caller = AGENT) =>
    (await rig.drive(desk.call(caller, tool, { session: "fake", ...args }))).text;
  const call = async (tool: string, args: object = {}, caller = AGENT) =>
    (await text(tool, args, caller)).split("\n").at(-1) ?? "";
  await call("ssh_connect", { host: "fake" });
  /** A command behind which the shell is in another directory. */
  const cd = (cwd: string, caller?: Caller) => {
    const far = rig.shells.at(-1);
    if (far) far.cwd = cwd;
    return call("ssh_shell", { command: "true" }, caller);
  };
  return { ...rig, call, text, cd };
}

describe("the directory in a status line", () => {
  it("is told when it is another than this caller was told last", async () => {
    const { call, cd } = await opened();
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
    expect(await cd("/var/log")).toContain(" cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
    expect(await cd("/home/user")).toContain(" cwd=/home/user ");
  });

  it("is told to each caller", async () => {
    const { call, cd } = await opened();
    await cd("/var/log");
    expect(await call("ssh_shell", { command: "echo hi" }, OTHER)).toContain(" cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" }, OTHER)).not.toContain("cwd=");
    await cd("/home/user", OTHER);
    expect(await call("ssh_shell", { command: "echo hi" })).toContain(" cwd=/home/user ");
  });

  it("is told again where the caller of the call before went away", async () => {
    const { call, cd } = await opened();
    const gone = { ...AGENT, signal: AbortSignal.abort() };
    await cd("/var/log", OTHER);
    await call("ssh_read", {}, gone);
    expect(await call("ssh_read")).toContain(" cwd=/var/log ");
  });

  it("is told for a new shell under the old name, also where it is the same", async () => {
    const { call } = await opened();
    await call("ssh_disconnect");
    expect(await call("ssh_connect", { host: "fake" })).toContain(" ready cwd=/home/user ");
  });

  it("is told by ssh_connect that returns a session which is open", async () => {
    const { call, cd } = await opened();
    await cd("/var/log");
    expect(await call("ssh_connect", { host: "fake", session: undefined })).toContain(" ready cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
  });
});

it("a command that has printed nothing for long is said to be silent", async () => {
  const { call } = await opened();
  expect(await call("ssh_shell", { command: "sleep 100", timeout_s: 5 })).toMatch(/ running timeout 5\.0s /);
  expect(await call("ssh_read", { timeout_s: 15 })).toMatch(/ running timeout silent=(19|20)s 20\.\ds /);
});

/** A full-screen program that has painted 20 rows, opened by the tools. */
async function program() {
  const rig = await opened();
  const far = rig.shells[0];
  if (far === undefined) throw new Error("no shell was opened");
  let end = () => {};
  far.scripts.set("edit", (running) => {
    const rows = Array.from({ length: 20 }, (_, index) => `row ${index + 1} of the text that is edited`);
    running.print(`\x1b[?1049h\x1b[H\x1b[2J${rows.join("\r\n")}`);
    end = () => {
      running.print("\x1b[?1049l");
      running.end(0);
    };
  });
  const edit = () => rig.text("ssh_shell", { command: "edit" });
  const first = await edit();
  const paint = async (row: number, text: string) => {
    far.print(`\x1b[${row};1H\x1b[K${text}`);
    await rig.clock.pass(500);
  };
  const leave = async () => {
    end();
    await rig.clock.pass(500);
  };
  return { ...rig, first, edit, paint, leave };
}

describe("a screen", () => {
  it("is shown whole at first, then as the rows that changed since this caller saw it, and the status line says so", async () => {
    const { first, paint, text } = await program();
    expect(first).toMatch(/^row 1 of the text/);
    expect(first).not.toContain("changed=");
    const [, seen = ""] = / version=(\d+) /.exec(first) ?? [];
    await paint(3, "three");
    const second = await text("ssh_read", { screen: true });
    expect(second).toMatch(/^3\| three\n\[fake #1 /);
    expect(second).toContain(` changed=1 of 40 rows since=${seen} version=`);
    expect(await text("ssh_read", { screen: true })).toMatch(/^\[fake #1 .*changed=0 of 40 rows since=/);
  });

  it("is shown whole on request, and as another version where that is named: sub-agents share a caller", async () => {
    const { first, paint, text } = await program();
    const since = Number(/ version=(\d+) /.exec(first)?.[1]);
    await paint(3, "three");
    await text("ssh_read", { screen: true });
    const whole = await text("ssh_read", { since: 0 });
    expect(whole).toMatch(/^row 1 of the text/);
    expect(whole).toContain("\nthree\n");
    expect(whole).not.toContain("changed=");
    expect(await text("ssh_read", { since })).toMatch(/^3\| three\n.* changed=1 of 40 rows since=/);
  });

  it("is shown whole to another caller, in another size, and behind another command", async () => {
    const { text, edit, leave } = await program();
    expect(await text("ssh_read", { screen: true }, OTHER)).toMatch(/^row 1 of the text/);
    expect(await text("ssh_send", { cols: 100, timeout_s: 1 })).toMatch(/^row 1 of the text/);
    await leave();
    const again = await edit();
    expect(again).not.toContain("changed=");
    expect(again).toMatch(/^row 1 of the text[^[]*\n\[fake #2 screen [^[]*version=/);
  });

  it("of a version that a new shell has not reached is shown whole", async () => {
    const { text } = await program();
    expect(await text("ssh_read", { since: 9_999 })).toMatch(/^row 1 of the text/);
  });
});

it("empty rows of a screen are counted where they are many, and rows that became empty are numbered as one", async () => {
  const { text, paint } = await program();
  await paint(40, "the last row");
  const whole = await text("ssh_read", { since: 0 });
  expect(whole).toMatch(/row 20 of the text that is edited\n… 19 empty rows …\nthe last row\n\[/);
  for (let row = 5; row <= 14; row++) await paint(row, "");
  expect(await text("ssh_read", { screen: true })).toMatch(/^5-14\|\n\[fake #1 .*changed=10 of 40 rows /);
});
