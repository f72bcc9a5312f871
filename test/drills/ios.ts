import { createIosConfig, createIosTerminal } from "../../src/lab/catalyst/ios.ts";
import { goDown } from "../../src/lab/catalyst/rollback.ts";
import { configRows } from "../../src/lab/catalyst/shows.ts";
import { deviceShell } from "../../src/lab/device-shell.ts";
import { listen } from "../../src/lab/server.ts";
import type { Drilled, Tried } from "./drilled.ts";
import { fastClock } from "./fast-clock.ts";
import { type Keys, person } from "./keys.ts";

const ENABLE = "lab-enable";
const VLAN = "interface Vlan10";

const LOCKOUTS: readonly Tried[] = [
  { kind: "address", lines: [VLAN, "ip address 192.0.2.77 255.255.255.0"] },
  { kind: "address gone", lines: [VLAN, "no ip address"] },
  { kind: "mask", lines: [VLAN, "ip address 192.0.2.10 255.255.255.252"] },
  { kind: "route", lines: ["no ip route 0.0.0.0 0.0.0.0 192.0.2.1"] },
  { kind: "longer route", lines: ["ip route 198.51.100.0 255.255.255.0 203.0.113.1"] },
  { kind: "interface down", lines: ["ntp server 192.0.2.50", VLAN, "shutdown"] },
  { kind: "VRF", lines: ["vrf definition BLUE", VLAN, "vrf forwarding BLUE"] },
  { kind: "ACL", lines: ["access-list 10 permit 10.0.0.0 0.255.255.255", VLAN, "ip access-group 10 in"] },
  {
    kind: "access class",
    lines: ["access-list 11 permit host 203.0.113.9", "line vty 0 15", "access-class 11 in"],
  },
  { kind: "transport", lines: ["line vty 0 15", "transport input none"] },
  { kind: "AAA", lines: ["aaa new-model", "aaa authentication login default group tacacs+"] },
  { kind: "user", lines: ["no username noc"] },
];

const GOODS: readonly Tried[] = [
  { kind: "description", lines: ["interface GigabitEthernet1/0/5", "description printer room 4"] },
  {
    kind: "vlan",
    lines: ["vlan 30", "name guests", "interface GigabitEthernet1/0/7", "switchport access vlan 30"],
  },
  { kind: "servers", lines: ["ntp server 192.0.2.50", "logging host 192.0.2.51"] },
  { kind: "route", lines: ["ip route 10.20.0.0 255.255.0.0 192.0.2.2"] },
  { kind: "hostname", lines: ["hostname lab-core"] },
  { kind: "ACL", lines: ["access-list 10 permit 198.51.100.0 0.0.0.255", VLAN, "ip access-group 10 in"] },
  { kind: "AAA", lines: ["aaa new-model", "aaa authentication login default group tacacs+ local"] },
];

/** @param times how much faster than ours its time passes */
export async function drilledIos({ hostKey, clientKey }: Keys, times: number): Promise<Drilled> {
  const config = createIosConfig({ enableSecret: ENABLE, archive: "flash:backup" });
  const clock = fastClock(times);
  const open =
    (by: string) => (login: { cols: number; rows: number; output(bytes: Buffer): void; hangUp(): void }) =>
      createIosTerminal({ ...login, config, clock, random: Math.random, by });
  const server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "noc",
    ident: "Cisco-1.25",
    shell: deviceShell(open("noc on vty0 (198.51.100.7)")),
    door: config.door,
  });
  const rows = (settings: typeof config.running | undefined) =>
    settings === undefined ? "" : configRows(settings, []).join("\n");
  let meddled = 0;
  return {
    platform: "cisco_ios",
    server,
    journal: config.journal,
    timed: true,
    login: "user: noc, platform: cisco_ios",
    hostKey: hostKey.public,
    running: () => rows(config.running),
    startup: () => rows(config.startup),
    pending: () => config.revert !== undefined || config.reload !== undefined,
    reachable: () => config.door.reach.admits,
    meddle() {
      meddled += 1;
      const console = person(open("root on console"));
      for (const line of [
        "enable",
        ENABLE,
        "configure terminal",
        `snmp-server location rack ${meddled}`,
        "end",
        "exit",
      ])
        console.type(`${line}\r`);
      console.close();
    },
    reload: () => goDown(config, { by: "root", time: clock }),
    lockouts: LOCKOUTS,
    goods: GOODS,
    close: () => server.close(),
  };
}
