import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNRESTRICTED } from "../a-host.ts";
import { type FleetLab, fleetLab } from "../fleet/fleet-lab.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

let lab: FleetLab;
let desk: DeskOver;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-snapshots-"));
});
afterEach(async () => {
  await desk.dispose();
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function snapshot(args: object): Promise<string> {
  const text = await desk.call("ssh_snapshot", { hosts: "leaf*", timeout_s: 50, ...args });
  const number = /\[run #(\d+) running [^\n]*$/.exec(text)?.[1];
  if (number === undefined) return text;
  throw new Error(`snapshot ${number} took more than 50 s`);
}
const diff = (args: object = {}) => desk.call("ssh_diff", { a: "before", b: "after", ...args });
const change = (host: string, commands: readonly string[]) =>
  desk.call("ssh_run", { hosts: host, commands, mode: "config", stop_on: [], timeout_s: 50 });

function files(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(path, entry.name)) : [join(path, entry.name)],
  );
}

describe("ssh_snapshot and ssh_diff", { timeout: 180_000 }, () => {
  it("show what changed by host and kind, the same change of several hosts once, and no noise", async () => {
    lab = await fleetLab(2);
    desk = deskOver(lab.hosts, {
      toolsets: ["config"],
      snapshots: join(folder, "snapshots"),
      kept: (text) => text.replaceAll("s3cret-7", "[masked:x]"),
    });
    const kinds = ["interfaces", "config"];
    const first = await snapshot({ name: "before", kinds });
    expect(first).toMatch(/^leaf\[0001-0002\] #2-3: read\n/);
    expect(first).toMatch(/\n {2}interfaces: \d+ records\n/);
    expect(first).toMatch(/\n {2}config: \d+ lines\n/);
    expect(first).toMatch(/note: kept as "before"\n/);
    expect(await snapshot({ name: "before" })).toMatch(/^name_taken: .*nothing was sent/);
    const lines = ["interface GigabitEthernet1/0/7", "description s3cret-7", "shutdown"];
    expect(await change("leaf*", lines)).toMatch(/ ok=2 of 2 /);
    await snapshot({ name: "after", kinds });
    const text = await diff();
    expect(text).toMatch(
      /^leaf\[0001-0002\]: interfaces\n {2}~ GigabitEthernet1\/0\/7 state: up → administratively down, protocol: up → down$/m,
    );
    expect(text).toMatch(
      /leaf\[0001-0002\]: config\n {2}interface GigabitEthernet1\/0\/7\n {4}\+ description \[masked:x\]\n {4}\+ shutdown\n/,
    );
    expect(text.match(/: config$/gm)).toHaveLength(1);
    expect(text).not.toMatch(/uptime|Last configuration|Current configuration/);
    expect(text).toMatch(/\[before\.\.after diff done hosts=2 changed=2 /);
    for (const file of files(folder)) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, "utf8")).not.toContain("s3cret-7");
    }
    expect(await diff({ a: "bevore" })).toMatch(
      /there is no snapshot "bevore"\nNext: There are: before, after\./,
    );
    expect(await diff({ hosts: "leaf0002" })).toMatch(/\[before\.\.after diff done hosts=1 changed=1 /);
    expect(await snapshot({ name: "../x" })).toMatch(/is no name for a snapshot; nothing was sent/);
  });

  it("name a host or a kind that was not read as not compared, and do not count it as unchanged", async () => {
    const denied = { policy: { ...UNRESTRICTED, denyPatterns: ["running-config"] } };
    lab = await fleetLab(3, (index) => (index === 2 ? "refused" : undefined), {
      change: (index) => (index === 1 ? denied : {}),
    });
    desk = deskOver(lab.hosts, { toolsets: ["config"], snapshots: join(folder, "snapshots") });
    const kinds = ["version", "interfaces", "config"];
    const first = await snapshot({ name: "before", kinds });
    expect(first).toMatch(
      /\nleaf0002 #3: read not_read=1\n {2}version: 1 records\n {2}interfaces: \d+ records\n {2}config: NOT read: /,
    );
    expect(first).toMatch(/^leaf0003 #4: connect_failed\n/);
    await snapshot({ name: "after", kinds });
    const text = await diff();
    expect(text).toMatch(/^leaf0002: config not compared\n {2}not read before: .*deny pattern/m);
    expect(text).toMatch(/^leaf0003: not compared\n {2}not read in before: it .*refused the connection/m);
    expect(text).toMatch(/\[before\.\.after diff done hosts=3 changed=0 unchanged=1 not_compared=2/);
    const some = await desk.call("ssh_snapshot", { hosts: "leaf0003", name: "none", timeout_s: 50 });
    expect(some).toMatch(/note: nothing could be read: there is no snapshot "none"/);
    expect(readdirSync(join(folder, "snapshots")).sort()).toEqual(["after", "before"]);
  });
});
