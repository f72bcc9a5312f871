import { randomBytes } from "node:crypto";
import { systemClock } from "../base/clock.ts";
import { createIosConfig, createIosTerminal } from "./catalyst/ios.ts";
import { deviceShell } from "./device-shell.ts";
import type { Door } from "./door.ts";
import { createRouterOsConfig, createRouterOsTerminal } from "./routeros/routeros.ts";
import type { LabShell } from "./server.ts";

/** A simulated device of the lab: what it takes to serve it. */
export interface LabDevice {
  readonly name: string;
  readonly description: string;
  /** Profile of `devices/`. */
  readonly platform: string;
  /** Software name of its identification line. */
  readonly ident: string;
  readonly user: string;
  /** Its user name takes a suffix of login parameters. */
  readonly suffixed: boolean;
  /** Password of its privileged mode. */
  readonly enableSecret?: string;
  readonly shell: LabShell;
  /** How its configuration lets connections in; without it always. */
  readonly door?: Door;
}

/** The simulated devices, each with a configuration of its own that lasts as long as the lab. */
export function labDevices(): readonly LabDevice[] {
  const router = createRouterOsConfig({ clock: systemClock });
  const enableSecret = randomBytes(9).toString("base64url");
  const ios = createIosConfig({ enableSecret, archive: "flash:backup" });
  return [
    {
      name: "lab-ios",
      description: "a simulated Cisco IOS switch",
      platform: "cisco_ios",
      ident: "Cisco-1.25",
      user: "noc",
      suffixed: false,
      enableSecret,
      door: ios.door,
      shell: deviceShell((login) =>
        createIosTerminal({ ...login, config: ios, clock: systemClock, random: Math.random }),
      ),
    },
    {
      name: "lab-routeros",
      description: "a simulated MikroTik RouterOS 7 router",
      platform: "mikrotik_routeros",
      ident: "ROSSSH",
      user: "admin",
      suffixed: true,
      door: router.door,
      shell: deviceShell((login) =>
        createRouterOsTerminal({ ...login, config: router, clock: systemClock, random: Math.random }),
      ),
    },
  ];
}
