import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { grammarFor } from "../../src/app/grammars.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import { systemClock } from "../../src/base/clock.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { Guard } from "../../src/policy/guard.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type Fault, type FleetLab, fleetLab } from "../fleet/fleet-lab.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

let lab: FleetLab | undefined;
let desk: DeskOver;
const catalog = openCatalog();
const recorded: AuditEvent[] = [];
beforeEach(() => recorded.splice(0));
afterEach(async () => {
  await desk.dispose();
  await lab?.close();
  lab = undefined;
});

async function start(
  count: number,
  {
    faults = {},
    change,
    guard = false,
  }: {
    readonly faults?: Readonly<Record<number, Fault>>;
    readonly change?: (index: number) => Partial<ResolvedHost>;
    readonly guard?: boolean;
  } = {},
): Promise<void> {
  lab = await fleetLab(count, (index) => faults[index], change === undefined ? {} : { change });
  const audit = { record: (event: AuditEvent) => void recorded.push(event), close() {} };
  desk = deskOver(lab.hosts, {
    toolsets: ["config"],
    audit,
    ...(guard
      ? {
          gate: (directory) =>
            createAccess({
              directory,
              audit,
              guard: new Guard((platform) => grammarFor(catalog, platform), systemClock),
            }),
        }
      : {}),
  });
}

/** Waits on as long as it runs: a starved machine needs more than one call. */
async function run(args: object): Promise<string> {
  let text = await desk.call("ssh_run", { timeout_s: 50, first: false, stop_on: [], ...args });
  for (let number = running(text); number !== undefined; number = running(text))
    text = await desk.call("ssh_run", { run: number, timeout_s: 50 });
  return text;
}

function running(text: string): number | undefined {
  const number = /\[run #(\d+) running [^\n]*$/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A machine that has other things to do. */
const PATIENT_MS = 180_000;

const open = () => desk.multiplexer.sessions().filter(({ state }) => state !== "closed");

describe("ssh_run on switches", { timeout: PATIENT_MS }, () => {
  it("shows what most have in common once, outliers by the rows they differ in, failures with their reasons, and these first", async () => {
    await start(30, { faults: { 3: "refused", 7: "login", 11: "closes", 20: "down" } });
    const text = await run({ hosts: "leaf*", command: "show ip interface brief" });
    const rows = text.split("\n");
    const at = (pattern: RegExp) => rows.findIndex((row) => pattern.test(row));
    expect(rows[at(/^leaf0004 #5: not_run$/) + 1]).toMatch(/refused the connection/);
    expect(rows[at(/^leaf0008 #9: not_run$/) + 1]).toMatch(/refused the login of user "noc"/);
    expect(rows[at(/^leaf0012 #13: not_run$/) + 1]).toMatch(/showed last: % Maximum number of sessions/);
    expect(at(/^leaf0021 #22: done$/)).toBeGreaterThan(at(/^leaf0012/));
    const most = at(/\(26 hosts\): done$/);
    expect(most).toBeGreaterThan(at(/^leaf0021/));
    expect(rows[most + 1]).toMatch(/^ {2}Interface +IP-Address/);
    expect(rows.at(-1)).toMatch(/^\[run #1 done ok=27 of 30 failed=3 outcomes=2 \S+\]$/);
    expect(await desk.call("ssh_read", { exec: 22, grep: "Vlan10" })).toMatch(/administratively down/);
    expect(await desk.call("ssh_read", { exec: 1, offset: 4, lines: 1 })).toMatch(
      /^#5 leaf0004 closed not_run/,
    );
    expect(open()).toEqual([]);
  });

  it("costs little where all agree but for their names and times, and says so", async () => {
    await start(21);
    const text = await run({ hosts: ["group:leafs"], command: "show version" });
    expect(text).toMatch(/^leaf\[0001-0021\] #2-22 \(21 hosts\): done \(alike but for names(?:, times)?\)\n/);
    expect(text).toMatch(/rows left out; ssh_read\(exec: 2\) has all/);
    expect(text.length).toBeLessThan(1_600);
    // Byte for byte they are not the same.
    expect(await run({ hosts: ["leaf0001", "leaf0002"], command: "show version", ignore: [] })).toMatch(
      / outcomes=2 /,
    );
  });

  it("keeps what asks open, shows the question once, and answers it for some or for all that ask it", async () => {
    await start(4);
    const asked = await run({
      hosts: "leaf*",
      commands: ["copy running-config startup-config", "show clock"],
      mode: "enable",
      keep_going: true,
    });
    expect(asked).toMatch(/^leaf\[0001-0004\] #2-5 \(4 hosts\): asking /);
    expect(asked.match(/Destination filename/g)).toHaveLength(1);
    expect(asked).toMatch(/\[run #1 asking ok=0 of 4 asking=4 outcomes=0 .*\]$/);
    expect(open()).toHaveLength(4);
    const wrong = await desk.call("ssh_run", { run: 1, answer: "", question: "Delete it? [confirm]" });
    expect(wrong).toMatch(/^not_ready: .*no host asks "Delete it\? \[confirm\]" now; nothing was typed/);
    const some = await desk.call("ssh_run", { run: 1, answer: "", to: ["leaf0002"], timeout_s: 50 });
    expect(some).toMatch(/^leaf\[0001,0003-0004\] #2,4-5: asking /);
    expect(some).toMatch(/\nleaf0002 #3: done/);
    const strange = await desk.call("ssh_run", { run: 1, answer: "", to: ["leaf0002", "web9"] });
    expect(strange).toMatch(/web9 took no part in run 1; nothing was typed/);
    const all = await desk.call("ssh_run", { run: 1, answer: "", timeout_s: 50 });
    expect(all).toMatch(/\[run #1 done ok=4 of 4 outcomes=1 \S+( notes=\d)?\]$/);
    expect(open()).toEqual([]);
    const typed = recorded.filter(({ event, verb }) => event === "action" && verb === "type");
    expect(typed.map(({ host }) => host).sort()).toEqual(["leaf0001", "leaf0002", "leaf0003", "leaf0004"]);
    expect(await desk.call("ssh_run", { run: 1, answer: "" })).toMatch(
      /nothing asks in run 1 now; nothing was typed/,
    );
  });

  it("is no good end where lines behind an answered question were not typed", async () => {
    await start(1);
    await run({
      hosts: "leaf0001",
      commands: ["copy running-config startup-config", "show clock"],
      mode: "enable",
    });
    const text = await desk.call("ssh_run", { run: 1, answer: "", timeout_s: 50 });
    expect(text).toMatch(/^leaf0001 #2: done lines_not_typed=1\n/);
    expect(text).toMatch(/line 2 was NOT typed \(after a question\)/);
    expect(text).toMatch(/\[run #1 done ok=0 of 1 other=1 /);
  });

  it("begins with the first host alone, and with no other after an error or a question", async () => {
    await start(5);
    const careful = { hosts: "leaf*", first: undefined, stop_on: undefined };
    const text = await run({ ...careful, command: "show nonsense" });
    expect(text).toMatch(
      /^leaf\[0002-0005\] #3-6 \(4 hosts\): not_ready\n {2}stopped, since leaf0001 \(#2\) .* NOT run here/,
    );
    expect(text).toMatch(/\nleaf0001 #2: done error=/);
    expect(recorded.filter(({ event, verb }) => event === "action" && verb === "open")).toHaveLength(1);
    const asks = await run({ ...careful, command: "copy running-config startup-config", mode: "enable" });
    expect(asks).toMatch(/^leaf0001 #8: asking /);
    expect(asks).toMatch(/ asking=1 waiting=4 /);
    const end = await desk.call("ssh_run", { run: 7, answer: "", timeout_s: 50 });
    expect(end).toMatch(/stopped, since leaf0001 \(#8\) asks: Destination filename/);
    expect(end).toMatch(/ ok=1 of 5 failed=4 /);
  });

  it("stops at more than a share of failures, and where it is refused the host is named with its reason", async () => {
    await start(6, {
      faults: { 0: "refused", 1: "refused", 2: "refused" },
      change: (index) => (index === 4 ? { policy: { ...UNRESTRICTED, denyPatterns: ["^show"] } } : {}),
    });
    const text = await run({ hosts: "leaf*", command: "show clock", stop_on: ["20%"], at_once: 1 });
    expect(text).toMatch(
      /\nleaf\[0003-0006\] #4-7 \(4 hosts\): not_ready\n {2}stopped, since 2 of 6 hosts, more than 20 %/,
    );
    const refused = await run({ hosts: ["leaf0005", "leaf0006", "nobody"], command: "show clock" });
    expect(refused).toMatch(/leaf0005 #9: denied\n {2}.*deny pattern "\^show"/);
    expect(refused).toMatch(/nobody #11: unknown_host\n/);
    expect(refused).toMatch(/ ok=1 of 3 failed=2 outcomes=1 /);
  });

  it("works at one site on no more hosts at once than it may", async () => {
    await start(4, { change: (index) => ({ site: index < 3 ? "berlin" : "paris" }) });
    let most = 0;
    const watch = setInterval(() => {
      const here = open().filter(({ host }) => host !== "leaf0004").length;
      most = Math.max(most, here);
    }, 1);
    const text = await run({ hosts: "leaf*", command: "show clock", per_site: 1 });
    clearInterval(watch);
    expect(text).toMatch(/ ok=4 of 4 /);
    expect(most).toBe(1);
    expect(await run({ hosts: "site:paris", command: "show clock" })).toMatch(/^leaf0004 /);
  });

  it("begins with all at once, and stops for nothing, where the policy reads it as read-only", async () => {
    await start(3, { guard: true, faults: { 0: "refused" } });
    const text = await run({ hosts: "leaf*", command: "show clock", first: undefined, stop_on: undefined });
    expect(text).toMatch(/ ok=2 of 3 failed=1 /);
  });

  it("touches nobody for arguments that do not fit", async () => {
    await start(1);
    for (const [args, why] of [
      [{ hosts: "web*", command: "x" }, /no host's name is like "web\*"/],
      [{ hosts: "leaf*", command: "x", stop_on: ["never"] }, /stop_on knows no "never"/],
      [{ hosts: "leaf*" }, /either "command" or "commands"/],
      [{ command: "x" }, /neither "hosts" nor "run"/],
      [{ hosts: "leaf*", command: "x", answer: "y" }, /"answer" belongs to "run"/],
      [{ run: 9, first: undefined, stop_on: undefined }, /there is no run 9/],
      [{ run: 9, command: "x", first: undefined, stop_on: undefined }, /"command" does not go with "run"/],
    ] as const)
      expect(await run(args)).toMatch(why);
    expect(recorded.filter(({ verb }) => verb !== "look")).toEqual([]);
  });
});
