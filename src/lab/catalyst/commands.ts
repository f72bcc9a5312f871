import { reloadCommands, rollbackCommands, store } from "./change-commands.ts";
import type { IosConfig } from "./config.ts";
import * as configure from "./config-commands.ts";
import type { Add, IosContext, Mode } from "./context.ts";
import { define, emptyNode, type Node } from "./parser.ts";
import * as show from "./shows.ts";

/** Echo requests where nothing else is said. */
const PINGS = 5;

const HELP: Readonly<Record<string, string>> = {
  show: "Show running system information",
  configure: "Enter configuration mode",
  terminal: "Set terminal line parameters",
  enable: "Turn on privileged commands",
  disable: "Turn off privileged commands",
  exit: "Exit from the EXEC",
  logout: "Exit from the EXEC",
  end: "Exit from configure mode",
  reload: "Halt and perform a cold restart",
  write: "Write running configuration to memory, network, or terminal",
  copy: "Copy from one file to another",
  clear: "Reset functions",
  ping: "Send echo messages",
  delete: "Delete a file",
  interface: "Select an interface to configure",
  hostname: "Set system's network name",
  description: "Interface specific description",
  shutdown: "Shutdown the selected interface",
  no: "Negate a command or set its defaults",
  ip: "IP information",
  version: "System hardware and software status",
  "running-config": "Current operating configuration",
  "startup-config": "Contents of startup configuration",
  interfaces: "Interface status and configuration",
  brief: "Brief summary of IP status and configuration",
  vlan: "VTP VLAN status",
  clock: "Display the system clock",
  archive: "Archive the configuration",
  revert: "Parameters for reverting the configuration",
  confirm: "Confirm replacement of running-config with a new config file",
  replace: "Replace the running-config with a new config file",
  timer: "Time (minutes) by which a confirmation is expected",
  do: "To run exec commands in config mode",
};

type Tree = Node<IosContext>;

const adder =
  (root: Tree): Add =>
  (path, run) =>
    define(root, path, HELP, run);

/** The commands of each mode. */
export const TREES: Readonly<Record<Mode, Tree>> = {
  exec: tree(execCommands),
  enable: tree(execCommands, enableCommands, rollbackCommands, reloadCommands),
  config: tree(configure.configCommands),
  "config-if": tree(configure.configCommands, configure.interfaceCommands),
  "config-vlan": tree(configure.configCommands, configure.vlanCommands),
  "config-line": tree(configure.configCommands, configure.lineCommands),
  "config-router": tree(configure.configCommands, configure.routerCommands),
  "config-archive": tree(configure.configCommands, configure.archiveCommands),
  "config-vrf": tree(configure.configCommands, configure.vrfCommands),
  "config-std-nacl": tree(configure.configCommands, configure.aclCommands),
  "config-ext-nacl": tree(configure.configCommands, configure.aclCommands),
};

function tree(...parts: readonly ((add: Add) => void)[]): Tree {
  const root = emptyNode<IosContext>();
  for (const part of parts) part(adder(root));
  return root;
}

function execCommands(add: Add): void {
  const rows = (path: string, of: (config: IosConfig) => string[]) =>
    add(path, (context) => context.print(of(context.config)));
  rows("show version", show.showVersion);
  rows("show ip interface brief", show.interfaceBrief);
  rows("show interfaces", (config) => show.interfaces(config));
  rows("show interfaces status", show.interfaceStatus);
  rows("show vlan brief", show.vlanBrief);
  rows("show mac address-table", show.macTable);
  rows("show arp", show.arp);
  rows("show inventory", show.inventory);
  rows("show logging", show.logging);
  rows("show access-lists", show.accessLists);
  rows("show ip route", show.routes);
  add("show interfaces WORD", (context, [name = ""]) => showInterface(context, name));
  add("show interfaces WORD LINE", (context, [name = "", number = ""]) =>
    showInterface(context, name + number),
  );
  add("show clock", (context) => context.say(context.clock()));
  add("show history", (context) => context.say(...context.history.map((line) => `  ${line}`)));
  add("show privilege", (context) =>
    context.say(`Current privilege level is ${context.privileged ? 15 : 1}`),
  );
  add("show users", (context) =>
    context.say(
      "    Line       User       Host(s)              Idle       Location",
      "*  1 vty 0     noc        idle                 00:00:00 127.0.0.1",
    ),
  );
  add("terminal length <0-512>", (context, [value = "24"]) => context.setLength(Number(value)));
  add("terminal width <0-512>", (context, [value = "80"]) => context.setWidth(Number(value)));
  add("terminal monitor", (context) => context.monitor(true));
  add("terminal no monitor", (context) => context.monitor(false));
  add("ping WORD", (context, [target = ""]) => context.ping(target, PINGS));
  add("ping WORD repeat <1-4094>", (context, [target = "", count = ""]) =>
    context.ping(target, Number(count)),
  );
  add("enable", (context) => (context.privileged ? undefined : context.askSecret()));
  add("exit", (context) => context.hangUp());
  add("logout", (context) => context.hangUp());
}

function showInterface(context: IosContext, name: string): void {
  const found = show.interfaceNamed(context.config.running, name);
  if (found) context.print(show.interfaces(context.config, found.name));
  else context.refuse(name);
}

function enableCommands(add: Add): void {
  add("show running-config", (context) => context.print(show.runningConfig(context.config)));
  add("show startup-config", (context) => context.print(show.startupConfig(context.config)));
  add("show running-config interface LINE", (context, [name = ""]) => {
    const found = show.interfaceNamed(context.config.running, name);
    const rows = found ? show.interfaceRows(found) : [];
    context.print([
      "Building configuration...",
      "",
      `Current configuration : ${rows.join("\n").length} bytes`,
      "!",
      ...rows,
      "end",
      "",
    ]);
  });
  add("show tech-support", (context) => context.print(show.techSupport(context.config)));
  add("configure terminal", (context) => context.configure());
  add("disable", (context) => context.go("exec"));
  add("write memory", store);
  add("write", store);
  add("copy running-config startup-config", (context) =>
    context.ask("Destination filename [startup-config]? ", () => store(context)),
  );
  add("write erase", (context) =>
    context.confirm(
      "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]",
      () => {
        context.config.startup = undefined;
        context.config.dirty = true;
        context.say("[OK]", "Erase of nvram: complete");
      },
    ),
  );
  add("delete WORD", (context, [file = ""]) =>
    context.ask(`Delete filename [${file.replace(/^flash:\/?/, "")}]? `, () =>
      context.confirm(`Delete ${file}? [confirm]`, () =>
        context.say(`%Error deleting ${file} (No such file or directory)`, ""),
      ),
    ),
  );
  add("clear counters", (context) =>
    context.confirm('Clear "show interface" counters on all interfaces [confirm]', () => context.say()),
  );
}
