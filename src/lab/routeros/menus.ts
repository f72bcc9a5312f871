import { listCommands } from "./list-commands.ts";
import { monitorTraffic, ping, torch, traceroute } from "./live-commands.ts";
import type { Command, Menu } from "./menu.ts";
import { SINGLES, TABLES } from "./schema.ts";
import { settingCommands } from "./setting-commands.ts";
import {
  delay,
  exportEverything,
  history,
  put,
  quit,
  reboot,
  resetConfiguration,
  shutdown,
} from "./system-commands.ts";

function menu(name: string, help: string, commands: readonly Command[], menus: readonly Menu[] = []): Menu {
  return { name, help, commands, menus };
}

/** Everything this device can do. */
export const ROOT: Menu = menu(
  "",
  "",
  [ping, quit, exportEverything],
  [
    menu("interface", "Interface configuration", [...listCommands(TABLES.interface), monitorTraffic]),
    menu(
      "ip",
      "IP options",
      [],
      [
        menu("address", "Address management", listCommands(TABLES.address)),
        menu("dns", "DNS settings", settingCommands(SINGLES.dns)),
        menu(
          "firewall",
          "Firewall management",
          [],
          [menu("filter", "Firewall filters", listCommands(TABLES.filter))],
        ),
        menu("route", "Route management", listCommands(TABLES.route)),
      ],
    ),
    menu("log", "System logs", listCommands(TABLES.log)),
    menu(
      "system",
      "System information and utilities",
      [reboot, resetConfiguration, shutdown],
      [
        menu("clock", "System clock", settingCommands(SINGLES.clock)),
        menu("history", "Show history of actions", [history]),
        menu("identity", "Set router identity", settingCommands(SINGLES.identity)),
        menu("resource", "System resources", settingCommands(SINGLES.resource)),
      ],
    ),
    menu("tool", "Diagnostics tools", [ping, torch, traceroute]),
    menu("user", "User management", listCommands(TABLES.user)),
  ],
);

/** Commands of the language itself, behind a colon, at any menu. */
export const LANGUAGE: readonly Command[] = [delay, put];
