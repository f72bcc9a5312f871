import { clone, createInterface, type IosConfig, type IosInterface, restart } from "./config.ts";
import { define, emptyNode, type Node } from "./parser.ts";
import * as show from "./shows.ts";

export type Mode =
  | "exec"
  | "enable"
  | "config"
  | "config-if"
  | "config-vlan"
  | "config-line"
  | "config-router";

/** What a command may do to its session. */
export interface IosContext {
  readonly config: IosConfig;
  /** Rows through the pager. */
  print(rows: readonly string[]): void;
  /** Rows as they are. */
  say(...rows: readonly string[]): void;
  go(mode: Mode, about?: string): void;
  readonly about: string;
  hangUp(): void;
  askSecret(): void;
  /** A question answered by one key; anything but Enter and y declines. */
  confirm(question: string, yes: () => void): void;
  /** A question answered by a line. */
  ask(question: string, answered: (line: string) => void): void;
  ping(target: string, count: number): void;
  setLength(rows: number): void;
  setWidth(columns: number): void;
  monitor(on: boolean): void;
  readonly history: readonly string[];
  readonly privileged: boolean;
  /** Text up to `delimiter` becomes the banner. */
  readBanner(delimiter: string): void;
  changed(): void;
  /** A row of the system log, time aside. */
  log(text: string): void;
  /** `% Invalid input` with the caret under a value of the line. */
  refuse(value: string): void;
  clock(): string;
}

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
  do: "To run exec commands in config mode",
};

type Tree = Node<IosContext>;
type Add = (path: string, run: (context: IosContext, values: readonly string[]) => void) => void;

const adder =
  (root: Tree): Add =>
  (path, run) =>
    define(root, path, HELP, run);

/** The commands of each mode. */
export const TREES: Readonly<Record<Mode, Tree>> = {
  exec: tree(execCommands),
  enable: tree(execCommands, enableCommands),
  config: tree(configCommands),
  "config-if": tree(configCommands, interfaceCommands),
  "config-vlan": tree(configCommands, vlanCommands),
  "config-line": tree(configCommands, lineCommands),
  "config-router": tree(configCommands, routerCommands),
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
  add("configure terminal", (context) => {
    context.say("Enter configuration commands, one per line.  End with CNTL/Z.");
    context.go("config");
  });
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
  add("reload", (context) => {
    const proceed = () =>
      context.confirm("Proceed with reload? [confirm]", () => {
        restart(context.config);
        context.hangUp();
      });
    const save = () =>
      context.ask("System configuration has been modified. Save? [yes/no]: ", (answer) => {
        if (/^y(?:es?)?$/i.test(answer)) store(context);
        else if (!/^no?$/i.test(answer)) {
          context.say("% Please answer 'yes' or 'no'.");
          save();
          return;
        }
        proceed();
      });
    if (context.config.dirty) save();
    else proceed();
  });
}

function store(context: IosContext): void {
  context.config.startup = clone(context.config.running);
  context.config.dirty = false;
  context.say("Building configuration...", "[OK]");
}

function configCommands(add: Add): void {
  const set = (path: string, run: (context: IosContext, values: readonly string[]) => void) =>
    add(path, (context, values) => {
      run(context, values);
      context.changed();
    });
  set("hostname WORD", ({ config }, [name = ""]) => {
    config.running.hostname = name;
  });
  set("enable secret LINE", ({ config }, [secret = ""]) => {
    config.enableSecret = secret;
  });
  set("no hostname", ({ config }) => {
    config.running.hostname = "Switch";
  });
  add("interface LINE", (context, [name = ""]) => {
    const { running } = context.config;
    const found = show.interfaceNamed(running, name) ?? createInterface(running, name);
    if (found) context.go("config-if", found.name);
    else context.refuse(name);
  });
  set("vlan <1-4094>", (context, [id = "1"]) => {
    const { vlans } = context.config.running;
    if (!vlans.has(Number(id))) vlans.set(Number(id), `VLAN${id.padStart(4, "0")}`);
    context.go("config-vlan", id);
  });
  set("no vlan <1-4094>", ({ config }, [id = "1"]) => {
    config.running.vlans.delete(Number(id));
  });
  add("line LINE", (context, [line = ""]) => context.go("config-line", line));
  add("router LINE", (context, [line = ""]) => context.go("config-router", line));
  add("banner motd LINE", (context, [text = ""]) => context.readBanner(text));
  set("no banner motd", ({ config }) => {
    config.running.banner = "";
  });
  set("ip domain-lookup", ({ config }) => {
    config.running.domainLookup = true;
  });
  set("no ip domain-lookup", ({ config }) => {
    config.running.domainLookup = false;
  });
  set("username LINE", ({ config }, [line = ""]) => {
    const [name = ""] = line.split(" ");
    if (!config.running.users.includes(name)) config.running.users.push(name);
  });
  add("exit", (context) => context.go("enable"));
  add("end", (context) => context.go("enable"));
}

function interfaceCommands(add: Add): void {
  type Change = (one: IosInterface, values: readonly string[], context: IosContext) => void;
  const set = (path: string, change: Change) =>
    add(path, (context, values) => {
      const one = context.config.running.interfaces.get(context.about);
      if (one) change(one, values, context);
      context.changed();
    });
  set("description LINE", (one, [text = ""]) => {
    one.description = text;
  });
  set("no description", (one) => {
    one.description = "";
  });
  set("shutdown", (one, _values, context) => {
    if (one.shutdown) return;
    one.shutdown = true;
    context.log(`%LINK-5-CHANGED: Interface ${one.name}, changed state to administratively down`);
  });
  set("no shutdown", (one, _values, context) => {
    if (one.shutdown && one.wired) context.log(`%LINK-3-UPDOWN: Interface ${one.name}, changed state to up`);
    one.shutdown = false;
  });
  set("ip address A.B.C.D A.B.C.D", (one, [address = "", mask = ""]) => {
    one.address = `${address} ${mask}`;
  });
  set("no ip address", (one) => {
    one.address = "";
  });
  set("switchport access vlan <1-4094>", (one, [id = "1"]) => {
    one.accessVlan = Number(id);
  });
  add("exit", (context) => context.go("config"));
}

function vlanCommands(add: Add): void {
  add("name WORD", (context, [name = ""]) => {
    context.config.running.vlans.set(Number(context.about), name);
    context.changed();
  });
  add("exit", (context) => context.go("config"));
}

function lineCommands(add: Add): void {
  const set = (path: string, change: (context: IosContext) => void) =>
    add(path, (context) => {
      change(context);
      context.changed();
    });
  set("logging synchronous", ({ config }) => {
    config.running.loggingSynchronous = true;
  });
  set("no logging synchronous", ({ config }) => {
    config.running.loggingSynchronous = false;
  });
  set("exec prompt timestamp", ({ config }) => {
    config.running.timestampedPrompt = true;
  });
  set("no exec prompt timestamp", ({ config }) => {
    config.running.timestampedPrompt = false;
  });
  add("exit", (context) => context.go("config"));
}

function routerCommands(add: Add): void {
  add("network LINE", () => {});
  add("neighbor LINE", () => {});
  add("exit", (context) => context.go("config"));
}
