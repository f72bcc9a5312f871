import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChangeRig, changeRig, fast } from "./change-rig.ts";

let rig: ChangeRig;
beforeAll(async () => {
  rig = await changeRig(fast(2));
});
afterAll(() => rig.dispose());

const change = (args: object) => rig.call("ssh_change", args);
const PORT = "interface GigabitEthernet1/0/5";
const port = () => rig.config.running.interfaces.get("GigabitEthernet1/0/5")?.description;

async function planned(args: object): Promise<string> {
  const text = await change({ host: "sw1", ...args });
  const [, id] = /\[sw1 change planned change=(C\d+)/.exec(text) ?? [];
  if (id === undefined) throw new Error(text);
  return id;
}

/** Its end, however many calls it takes on a machine that has much to do. */
async function carriedOut(id: string): Promise<string> {
  let text = await change({ change: id, go: true });
  while (text.includes("[sw1 change running ")) text = await change({ change: id });
  return text;
}

/** Kinds of what the device itself noted since. */
function noted(): { kinds: () => string[] } {
  const from = rig.config.journal.entries.length;
  return { kinds: () => rig.config.journal.entries.slice(from).map(({ kind }) => kind) };
}

describe("ssh_change on an IOS switch", () => {
  it("keeps a good change: armed first, proven by a fresh login, confirmed, saved and read back", async () => {
    const device = noted();
    const id = await planned({
      lines: [PORT, "description to core1"],
      checks: [{ command: "show interfaces status", count: "connected", forbid: "err-disabled" }],
      confirm_after_s: 61,
    });
    expect(device.kinds()).toEqual([]);
    const text = await carriedOut(id);
    expect(text).toMatch(/^kept: it was proven, confirmed and is on the device\n/);
    expect(text).toContain("+ description to core1");
    expect(text).toMatch(/\[sw1 change kept change=C\d+ saved=yes /);
    expect(device.kinds()).toEqual(["armed", "line", "line", "line", "confirmed", "saved"]);
    // napalm#1538: 61 s are two minutes and never one.
    expect(rig.config.journal.entries.find(({ kind }) => kind === "armed")).toMatchObject({
      text: "absolute 2",
    });
    expect(await change({ change: id, go: true })).toMatch(
      /^busy: C\d+ was begun already; nothing is sent twice/,
    );
    // arista.eos#375: what leaves configuration mode is the tool's own.
    expect(await change({ host: "sw1", lines: [PORT, "end"] })).toMatch(
      /^invalid_argument: lines: "end" is no line of a change/,
    );
  });

  it("undoes what a check finds wrong at once, confirms nothing, and claims it on what the device shows", async () => {
    const device = noted();
    const before = port();
    const id = await planned({
      lines: [PORT, "description wrong"],
      checks: [{ command: "show running-config interface GigabitEthernet1/0/5", forbid: "wrong" }],
    });
    const text = await carriedOut(id);
    expect(text).toMatch(
      /^undone: the device shows the running configuration it had before, and no timer\nbecause: check /,
    );
    expect(text).toContain("[sw1 change undone ");
    expect(port()).toBe(before);
    expect(device.kinds()).not.toContain("confirmed");
    expect(device.kinds()).not.toContain("saved");
  });

  it("stops at the first line that the device refuses, and takes back what was typed before it", async () => {
    const before = port();
    const id = await planned({ lines: [PORT, "description half", "nonsense here", "shutdown"] });
    const text = await carriedOut(id);
    expect(text).toMatch(/^undone: .*\nbecause: % Invalid input/);
    expect(port()).toBe(before);
    expect(rig.config.running.interfaces.get("GigabitEthernet1/0/5")?.shutdown).toBe(false);
  });

  it("types nothing where somebody changed the device after the plan, and shows what differs", async () => {
    const id = await planned({ lines: [PORT, "description late"] });
    const second = await planned({ lines: [PORT, "description later"] });
    for (const line of [
      "configure terminal",
      "interface GigabitEthernet1/0/6",
      "description somebody",
      "end",
    ])
      rig.console.run(line);
    const device = noted();
    const [text, refused] = await Promise.all([carriedOut(id), change({ change: second, go: true })]);
    expect(refused).toMatch(/^busy: C\d+ is under way on sw1; nothing was sent/);
    expect(text).toMatch(/^not begun: it has to be planned again\n/);
    expect(text).toContain("+ description somebody");
    expect(device.kinds()).toEqual([]);
    // What others have not saved is named before a save keeps it, too.
    expect(await change({ host: "sw1", lines: [PORT, "description x"] })).toContain(
      "which the save KEEPS, TOO",
    );
  });

  it("refuses while somebody else's timer runs, since confirming would keep that one, too (napalm#1266)", async () => {
    rig.console.run("configure terminal revert timer 5");
    rig.console.run("end");
    expect(await change({ host: "sw1", lines: [PORT, "description x"] })).toMatch(
      /^busy: sw1: a change of noc waits for its confirmation already, 5 min left .*; nothing was changed/,
    );
    rig.console.run("configure confirm");
  });

  it("types secrets as they are, shows none, and keeps none on disk", async () => {
    const id = await planned({ lines: ["username backup privilege 15 secret Xk29fjQQw"] });
    const text = await carriedOut(id);
    expect(text).toMatch(/^kept: /);
    expect(text).toMatch(/\+username backup privilege 15/);
    expect(text).not.toContain("Xk29fjQQw");
    expect(rig.config.running.users).toContain("backup");
    expect(await readFile(join(rig.folder, `${id}.json`), "utf8")).not.toContain("backup");
  });

  it("is not begun where the operator denies what would undo it", async () => {
    const device = noted();
    expect(await change({ host: "strict", lines: [PORT, "description x"] })).toMatch(
      /^denied: the policy denies "configure revert now" .*, which would undo this change; nothing was changed/,
    );
    expect(device.kinds()).toEqual([]);
  });

  it("remembers what is armed without a line of it, and after a restart names it, sends none of it again, and can undo it", async () => {
    const before = port();
    rig.console.run("configure terminal revert timer 5");
    for (const line of [PORT, "description armed", "end"]) rig.console.run(line);
    const [name = ""] = (await readdir(rig.folder)).toSorted().reverse();
    const text = await readFile(join(rig.folder, name), "utf8");
    expect(text).not.toMatch(/description|interface/);
    expect((await stat(join(rig.folder, name))).mode & 0o777).toBe(0o600);
    // As a process leaves it that was killed between arming and proving.
    const kept = (await readdir(rig.folder)).map((file) => join(rig.folder, file));
    const first = JSON.parse(await readFile(kept.find((file) => file.endsWith("C2.json")) ?? "", "utf8"));
    const left = {
      ...first,
      id: "C90",
      stage: "armed",
      until: Date.now() + 3_600_000,
      after: undefined,
      end: undefined,
    };
    await writeFile(join(rig.folder, "C90.json"), JSON.stringify(left), { mode: 0o600 });
    const next = rig.again();
    expect(await next.call("ssh_change", { list: true })).toMatch(/C90 sw1 ARMED by a process that is gone/);
    expect(await next.call("ssh_sessions", {})).toContain("armed change: C90 on sw1, ");
    expect(await next.call("ssh_change", { change: "C90", go: true })).toMatch(
      /^not_ready: C90 was planned by another process/,
    );
    expect(await next.call("ssh_change", { change: "C90" })).toMatch(
      /timer runs, .*\n(?:.*\n)*\[sw1 change UNKNOWN /,
    );
    const device = noted();
    await next.call("ssh_change", { change: "C90", cancel: true });
    expect(device.kinds()).toContain("undone");
    expect(device.kinds()).not.toContain("line");
    expect(port()).toBe(before);
  });
});
