import { deviceShell } from "../../src/lab/device-shell.ts";
import { createEosTerminal, EosDevice } from "../../src/lab/eos/eos.ts";
import { rowsOf } from "../../src/lab/eos/settings.ts";
import { listen } from "../../src/lab/server.ts";
import type { Drilled, Tried } from "./drilled.ts";
import { fastClock } from "./fast-clock.ts";
import { type Keys, person } from "./keys.ts";

const PORT = "interface Ethernet1";

const LOCKOUTS: readonly Tried[] = [
  { kind: "address", lines: [PORT, "ip address 192.0.2.77/24"] },
  { kind: "address gone", lines: [PORT, "no ip address"] },
  { kind: "mask", lines: [PORT, "ip address 192.0.2.10/30"] },
  { kind: "route", lines: ["no ip route 0.0.0.0/0 192.0.2.1"] },
  { kind: "longer route", lines: ["ip route 198.51.100.0/24 203.0.113.1"] },
  { kind: "interface down", lines: ["ntp server 192.0.2.50", PORT, "shutdown"] },
  { kind: "VRF", lines: ["vrf instance BLUE", PORT, "vrf BLUE"] },
  { kind: "ACL", lines: ["ip access-list IN", "10 permit ip 10.0.0.0/8 any", PORT, "ip access-group IN in"] },
  {
    kind: "access class",
    lines: [
      "ip access-list VTY",
      "10 permit ip host 203.0.113.9 any",
      "management ssh",
      "ip access-group VTY in",
    ],
  },
  { kind: "SSH off", lines: ["management ssh", "shutdown"] },
  { kind: "AAA", lines: ["aaa authentication login default group tacacs+"] },
  { kind: "user", lines: ["no username admin"] },
];

const GOODS: readonly Tried[] = [
  { kind: "description", lines: ["interface Ethernet2", "description printer room 4"] },
  { kind: "vlan", lines: ["vlan 30", "name guests", "interface Ethernet2", "switchport access vlan 30"] },
  { kind: "servers", lines: ["ntp server 192.0.2.50", "logging host 192.0.2.51"] },
  { kind: "route", lines: ["ip route 10.20.0.0/16 192.0.2.2"] },
  { kind: "hostname", lines: ["hostname lab-leaf"] },
  {
    kind: "ACL",
    lines: ["ip access-list IN", "10 permit ip 198.51.100.0/24 any", PORT, "ip access-group IN in"],
  },
  { kind: "AAA", lines: ["aaa authentication login default group tacacs+ local"] },
];

/** @param version as in `4.31.2F`: from 4.32 on a running timer is shown in another way */
export const drilledEos =
  (version: string) =>
  async (keys: Keys, times: number): Promise<Drilled> => {
    const device = new EosDevice({ clock: fastClock(times), version });
    const open = (user: string) => (login: { output(bytes: Buffer): void; hangUp(): void }) =>
      createEosTerminal({ ...login, device, user });
    const server = await listen({
      hostKey: keys.hostKey.private,
      clientKey: keys.clientKey.public,
      user: "admin",
      shell: deviceShell(open("admin")),
      door: device.door,
    });
    let meddled = 0;
    return {
      platform: `arista_eos ${version}`,
      server,
      journal: device.journal,
      timed: true,
      login: "user: admin, platform: arista_eos",
      hostKey: keys.hostKey.public,
      running: () => rowsOf(device.running).join("\n"),
      startup: () => rowsOf(device.startup).join("\n"),
      pending: () => device.armed !== undefined,
      reachable: () => device.door.reach.admits,
      meddle() {
        meddled += 1;
        const console = person(open("root"));
        for (const line of ["enable", "configure", `snmp-server location rack ${meddled}`, "end"])
          console.type(`${line}\r`);
        console.close();
      },
      reload: () => device.goDown("root"),
      lockouts: LOCKOUTS,
      goods: GOODS,
      close: () => server.close(),
    };
  };
