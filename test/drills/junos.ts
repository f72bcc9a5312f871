import { deviceShell } from "../../src/lab/device-shell.ts";
import { createJunosTerminal, JunosDevice } from "../../src/lab/junos/junos.ts";
import { listen } from "../../src/lab/server.ts";
import type { Drilled, Tried } from "./drilled.ts";
import { fastClock } from "./fast-clock.ts";
import { type Keys, person } from "./keys.ts";

const INET = "interfaces ge-0/0/0 unit 0 family inet";
const TERM = "firewall family inet filter IN term 1";

const LOCKOUTS: readonly Tried[] = [
  { kind: "address", lines: [`delete ${INET} address 192.0.2.10/24`, `set ${INET} address 192.0.2.77/24`] },
  { kind: "address gone", lines: [`delete ${INET} address 192.0.2.10/24`] },
  { kind: "route", lines: ["delete routing-options static route 0.0.0.0/0"] },
  { kind: "longer route", lines: ["set routing-options static route 198.51.100.0/24 next-hop 10.9.9.9"] },
  { kind: "interface down", lines: ["set system ntp server 192.0.2.50", "set interfaces ge-0/0/0 disable"] },
  {
    kind: "VRF",
    lines: [
      "set routing-instances BLUE instance-type virtual-router",
      "set routing-instances BLUE interface ge-0/0/0.0",
    ],
  },
  {
    kind: "ACL",
    lines: [
      `set ${TERM} from source-address 10.0.0.0/8`,
      `set ${TERM} then accept`,
      `set ${INET} filter input IN`,
    ],
  },
  { kind: "SSH off", lines: ["delete system services ssh"] },
  { kind: "AAA", lines: ["set system authentication-order tacplus"] },
  { kind: "user", lines: ["delete system login user noc"] },
];

const GOODS: readonly Tried[] = [
  { kind: "description", lines: ['set interfaces ge-0/0/1 description "printer room 4"'] },
  { kind: "servers", lines: ["set system ntp server 192.0.2.50", "set system name-server 192.0.2.53"] },
  { kind: "route", lines: ["set routing-options static route 10.20.0.0/16 next-hop 192.0.2.2"] },
  { kind: "hostname", lines: ["set system host-name lab-edge"] },
  {
    kind: "ACL",
    lines: [
      `set ${TERM} from source-address 198.51.100.0/24`,
      `set ${TERM} then accept`,
      `set ${INET} filter input IN`,
    ],
  },
  { kind: "AAA", lines: ["set system authentication-order [ tacplus password ]"] },
];

export async function drilledJunos({ hostKey, clientKey }: Keys, times: number): Promise<Drilled> {
  const device = new JunosDevice({ clock: fastClock(times) });
  const open = (user: string) => (login: { output(bytes: Buffer): void; hangUp(): void }) =>
    createJunosTerminal({ ...login, device, user });
  const server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "noc",
    shell: deviceShell(open("noc")),
    door: device.door,
  });
  let meddled = 0;
  return {
    platform: "juniper_junos",
    server,
    journal: device.journal,
    timed: true,
    login: "user: noc, platform: juniper_junos",
    hostKey: hostKey.public,
    running: () => device.active.join("\n"),
    startup: () => undefined,
    pending: () => device.leftMs !== undefined,
    reachable: () => device.door.reach.admits,
    meddle() {
      meddled += 1;
      const console = person(open("root"));
      for (const line of ["configure", `set snmp location rack-${meddled}`, "commit and-quit"])
        console.type(`${line}\r`);
      console.close();
    },
    reload: () => device.goDown("root"),
    lockouts: LOCKOUTS,
    goods: GOODS,
    close: () => server.close(),
  };
}
