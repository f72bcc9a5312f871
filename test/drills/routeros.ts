import { deviceShell } from "../../src/lab/device-shell.ts";
import { goDown } from "../../src/lab/routeros/config.ts";
import { createRouterOsConfig, createRouterOsTerminal } from "../../src/lab/routeros/routeros.ts";
import { listen } from "../../src/lab/server.ts";
import type { Drilled, Tried } from "./drilled.ts";
import { fastClock } from "./fast-clock.ts";
import type { Keys } from "./keys.ts";

const LOCKOUTS: readonly Tried[] = [
  { kind: "address", lines: ["/ip/address/set 0 address=192.168.88.2/24"] },
  { kind: "address gone", lines: ["/ip/address/remove 0"] },
  { kind: "route", lines: ["/ip/route/remove 0"] },
  { kind: "longer route", lines: ["/ip/route/add dst-address=203.0.113.0/24 gateway=10.9.9.9"] },
  { kind: "interface down", lines: ["/ip/dns/set servers=192.0.2.50", "/interface/disable bridge"] },
  { kind: "ACL", lines: ["/ip/firewall/filter/set 0 action=drop"] },
  { kind: "new connections", lines: ["/ip/firewall/filter/add chain=input action=drop"] },
  { kind: "rejected", lines: ["/ip/firewall/filter/add chain=input action=reject protocol=tcp dst-port=22"] },
  { kind: "user elsewhere", lines: ["/user/set admin address=10.0.0.0/8"] },
  { kind: "user", lines: ["/user/disable admin"] },
];

const GOODS: readonly Tried[] = [
  { kind: "comment", lines: ['/interface/set ether2 comment="printer room 4"'] },
  { kind: "servers", lines: ["/ip/dns/set servers=192.0.2.54"] },
  { kind: "route", lines: ["/ip/route/add dst-address=10.20.0.0/16 gateway=192.0.2.2"] },
  { kind: "hostname", lines: ["/system/identity/set name=lab-edge"] },
  { kind: "ACL", lines: ["/ip/firewall/filter/add chain=input action=drop src-address=10.0.0.0/8"] },
];

/** What `print` and `export` rest on; the log is no configuration. */
export async function drilledRouterOs({ hostKey, clientKey }: Keys, times: number): Promise<Drilled> {
  const clock = fastClock(times);
  const config = createRouterOsConfig({ clock });
  const server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "admin",
    ident: "ROSSSH",
    suffixed: true,
    shell: deviceShell((login) => createRouterOsTerminal({ ...login, config, clock, random: Math.random })),
    door: config.door,
  });
  const { journal, door } = config;
  return {
    platform: "mikrotik_routeros",
    server,
    journal,
    timed: false,
    login: "user: admin, platform: mikrotik_routeros",
    hostKey: hostKey.public,
    running() {
      const { log: _log, ...tables } = config.state.tables;
      return JSON.stringify([tables, config.state.singles]);
    },
    startup: () => undefined,
    pending: () => config.safeMode !== undefined,
    reachable: () => door.reach.admits,
    meddle() {
      config.state.singles.dns.servers = "192.0.2.99";
      journal.add({ at: clock.wallTime(), kind: "line", by: "root", text: "dns changed" });
    },
    reload: () => goDown(config, "root", clock),
    lockouts: LOCKOUTS,
    goods: GOODS,
    close: () => server.close(),
  };
}
