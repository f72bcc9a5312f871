import { describe, expect, it } from "vitest";
import { createIosConfig } from "../../src/lab/catalyst/ios.ts";
import { SECRET, SwitchConsole } from "./ios-console.ts";

const MINUTE = 60_000;

/** A switch with archive set up, and what it was set to is saved. */
function archived(): SwitchConsole {
  const console = new SwitchConsole().enable();
  for (const line of ["configure terminal", "archive", "path flash:backup", "end", "write memory"])
    console.run(line);
  return console;
}

function changed(console: SwitchConsole, ...lines: readonly string[]): void {
  for (const line of ["interface Vlan10", ...lines, "end"]) console.run(line);
}

describe("the revert timer of the simulated IOS", () => {
  it("needs archive, and says so", () => {
    const console = new SwitchConsole().enable();
    expect(console.run("show archive")).toBe("Archive feature not enabled\r\nlab-ios#");
    expect(console.run("configure terminal revert timer 2")).toBe(
      "%Turn config archive on before using Rollback Confirmed Change\r\nlab-ios#",
    );
  });

  it("takes back what is not confirmed, at its time and not before", () => {
    const console = archived();
    expect(console.run("configure terminal revert timer 2")).toMatch(
      /^Rollback Confirmed Change: Backing up current running config to flash:backup-Jan--1-00-00-00\.000-0\r\n/,
    );
    changed(console, "description moved");
    expect(console.run("show archive config rollback timer")).toMatch(
      /Timer type: absolute timer\r\nTimer value: 2 min\r\nUser: noc\r\n/,
    );
    console.clock.advance(2 * MINUTE - 1);
    expect(console.run("show running-config interface Vlan10")).toContain("description moved");
    console.clock.advance(1);
    expect(console.run("show running-config interface Vlan10")).toContain("description management");
    expect(console.run("show archive config rollback timer")).toBe(
      "%No Rollback Confirmed Change pending\r\nlab-ios#",
    );
    expect(console.config.journal.entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["armed", "undone"]),
    );
  });

  it("outlives the session that armed it", () => {
    const console = archived();
    console.run("configure terminal revert timer 1");
    changed(console, "description moved");
    console.terminal.close();
    console.clock.advance(MINUTE);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("management");
  });

  it("keeps what is confirmed, and has not saved it", () => {
    const console = archived();
    console.run("configure terminal revert timer 1");
    changed(console, "description moved");
    expect(console.run("configure confirm")).toBe("lab-ios#");
    console.clock.advance(5 * MINUTE);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("moved");
    expect(console.config.startup?.interfaces.get("Vlan10")?.description).toBe("management");
    expect(console.run("configure confirm")).toBe("%No Rollback Confirmed Change pending\r\nlab-ios#");
  });

  it("goes back at once, takes another time, and counts idle time", () => {
    const console = archived();
    console.run("configure terminal revert timer 1 idle");
    changed(console, "description moved");
    for (let times = 0; times < 3; times++) {
      console.clock.advance(50_000);
      console.run("show clock");
    }
    expect(console.config.revert?.kind).toBe("idle");
    console.run("configure revert timer 5");
    console.clock.advance(4 * MINUTE);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("moved");
    expect(console.run("configure revert now")).toMatch(/Total number of passes: 1\r\nRollback Done\r\n/);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("management");
  });
});

describe("differences of the simulated IOS", () => {
  it("are those of the running from the startup configuration", () => {
    const console = archived();
    expect(console.run("show archive config differences")).toContain("!No changes were found");
    console.run("configure terminal");
    changed(console, "description moved", "ntp server 192.0.2.99");
    expect(console.run("show archive config differences")).toBe(
      "\r\n!Contextual Config Diffs:\r\ninterface Vlan10\r\n +description moved\r\n+ntp server 192.0.2.99\r\n" +
        "interface Vlan10\r\n -description management\r\n\r\nlab-ios#",
    );
    expect(console.run("show archive config incremental-diffs nvram:startup-config")).toContain(
      "interface Vlan10\r\n description management\r\n",
    );
  });

  it("go when a file replaces what runs", () => {
    const console = archived();
    console.run("copy running-config flash:before");
    console.run("");
    console.run("configure terminal");
    changed(console, "description moved");
    expect(console.run("configure replace flash:before")).toMatch(/sure you want to proceed\. \? \[no\]: $/);
    console.run("no");
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("moved");
    expect(console.run("configure replace flash:before force time 1")).toMatch(
      /Backing up[\s\S]*Rollback Done/,
    );
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("management");
    console.clock.advance(MINUTE);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("moved");
    expect(console.run("configure replace flash:none force")).toContain("%Error opening flash:none");
  });
});

describe("a reload of the simulated IOS that is set for later", () => {
  it("asks to save and to proceed, is shown, and called off", () => {
    const console = archived();
    console.run("configure terminal");
    changed(console, "description moved");
    expect(console.run("reload in 5")).toBe("System configuration has been modified. Save? [yes/no]: ");
    console.type("no\r");
    expect(console.type("\r")).toBe("\r\nlab-ios#");
    console.clock.advance(MINUTE);
    expect(console.run("show reload")).toContain("(in 4 minutes and 0 seconds) by noc on vty0");
    expect(console.run("reload cancel")).toContain("*** --- SHUTDOWN ABORTED ---");
    expect(console.run("show reload")).toContain("No reload is scheduled.");
    console.clock.advance(10 * MINUTE);
    expect(console.hungUp).toBe(false);
  });

  it("leaves what was saved", () => {
    const console = archived();
    console.run("reload in 1");
    console.type("\r");
    console.run("configure terminal");
    changed(console, "description moved");
    console.clock.advance(MINUTE);
    expect(console.hungUp).toBe(true);
    expect(console.config.running.interfaces.get("Vlan10")?.description).toBe("management");
    expect(console.config.door.reach.packets).toBe(false);
    console.clock.advance(MINUTE);
    expect(console.config.door.reach.packets).toBe(true);
  });
});

describe("the way into the simulated IOS", () => {
  const silent = { packets: false };
  const refused = { packets: true, answers: false };
  const stranger = { packets: true, answers: true, admits: false };
  it.each([
    ["another address", ["interface Vlan10", "ip address 192.0.2.11 255.255.255.0"], silent],
    ["no address", ["interface Vlan10", "no ip address"], silent],
    [
      "a mask that leaves the gateway out",
      ["interface Vlan10", "ip address 192.0.2.10 255.255.255.252"],
      silent,
    ],
    ["the interface down", ["interface Vlan10", "shutdown"], silent],
    ["no route back", ["no ip route 0.0.0.0 0.0.0.0 192.0.2.1"], silent],
    ["a longer route that leads nowhere", ["ip route 198.51.100.0 255.255.255.0 203.0.113.1"], silent],
    ["another table", ["vrf definition BLUE", "interface Vlan10", "vrf forwarding BLUE"], silent],
    [
      "a list that leaves us out",
      [
        "ip access-list extended IN",
        "permit tcp 10.0.0.0 0.255.255.255 any eq 22",
        "interface Vlan10",
        "ip access-group IN in",
      ],
      silent,
    ],
    [
      "a list that has us in",
      ["access-list 10 permit 198.51.100.0 0.0.0.255", "interface Vlan10", "ip access-group 10 in"],
      {},
    ],
    [
      "an access class",
      ["access-list 10 permit host 203.0.113.9", "line vty 0 15", "access-class 10 in"],
      refused,
    ],
    ["lines without SSH", ["line vty 0 15", "transport input telnet"], refused],
    ["AAA without a way back", ["aaa new-model", "aaa authentication login default group tacacs+"], stranger],
    ["AAA with one", ["aaa new-model", "aaa authentication login default group tacacs+ local"], {}],
    ["no user", ["no username noc"], stranger],
    ["a description", ["interface Vlan10", "description x"], {}],
  ])("with %s", (_what, lines, expected) => {
    const console = new SwitchConsole({ config: createIosConfig({ enableSecret: SECRET }) }).enable();
    for (const line of ["configure terminal", ...lines, "end"])
      expect(console.run(line)).not.toContain("Invalid");
    expect(console.config.door.reach).toMatchObject({
      packets: true,
      answers: true,
      admits: true,
      ...(expected === silent ? { answers: false, admits: false } : {}),
      ...expected,
    });
  });
});
