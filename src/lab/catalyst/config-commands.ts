import type { Add, IosContext } from "./context.ts";
import { type AccessList, createInterface, type IosInterface, type VtyLines } from "./settings.ts";
import * as show from "./shows.ts";

type Run = (context: IosContext, values: readonly string[]) => void;

/** Adds commands that change the configuration. */
function setter(add: Add): (path: string, run: Run) => void {
  return (path, run) =>
    add(path, (context, values) => {
      run(context, values);
      context.changed();
    });
}

export function configCommands(add: Add): void {
  const set = setter(add);
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
  set("no interface LINE", ({ config, say }, [name = ""]) => {
    const found = show.interfaceNamed(config.running, name);
    if (found?.name.includes("Ethernet")) say("% Removal of physical interfaces is not permitted");
    else if (found) config.running.interfaces.delete(found.name);
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
  set("no username LINE", ({ config }, [line = ""]) => {
    config.running.users = config.running.users.filter((name) => name !== line.split(" ")[0]);
  });
  add("exit", (context) => context.go("enable"));
  add("end", (context) => context.go("enable"));
  pathCommands(add);
}

/** What decides who gets here, and what is kept as it is typed. */
function pathCommands(add: Add): void {
  const set = setter(add);
  const keep = (rows: string[], row: string) => {
    if (!rows.includes(row)) rows.push(row);
  };
  const without = (rows: readonly string[], row: string) =>
    rows.filter((one) => one !== row && !one.startsWith(`${row} `));
  set("ip route A.B.C.D A.B.C.D LINE", ({ config }, values) => keep(config.running.routes, values.join(" ")));
  set("no ip route A.B.C.D LINE", ({ config, say }, values) => {
    const left = without(config.running.routes, values.join(" "));
    if (left.length === config.running.routes.length) say("%No matching route to delete");
    config.running.routes = left;
  });
  set("aaa new-model", ({ config }) => {
    config.running.newModel = true;
  });
  set("no aaa new-model", ({ config }) => {
    config.running.newModel = false;
    config.running.aaa = [];
  });
  for (const service of ["authentication login", "authorization exec"]) {
    set(`aaa ${service} LINE`, ({ config }, [rest = ""]) => {
      const name = `${service} ${rest.split(" ")[0]}`;
      config.running.aaa = [...without(config.running.aaa, name), `${service} ${rest}`];
    });
    set(`no aaa ${service} LINE`, ({ config }, [rest = ""]) => {
      config.running.aaa = without(config.running.aaa, `${service} ${rest}`);
    });
  }
  for (const verb of ["vrf definition", "ip vrf"]) {
    set(`${verb} WORD`, (context, [name = ""]) => {
      keep(context.config.running.vrfs, name);
      context.go("config-vrf", name);
    });
    set(`no ${verb} WORD`, ({ config }, [name = ""]) => {
      config.running.vrfs = config.running.vrfs.filter((one) => one !== name);
    });
  }
  for (const what of ["ntp server", "logging host", "snmp-server location", "ip name-server"]) {
    set(`${what} LINE`, ({ config }, [rest = ""]) => keep(config.running.others, `${what} ${rest}`));
    set(`no ${what} LINE`, ({ config }, [rest = ""]) => {
      config.running.others = without(config.running.others, `${what} ${rest}`);
    });
  }
  add("archive", (context) => context.go("config-archive"));
  set("no archive", ({ config }) => {
    config.running.archivePath = undefined;
  });
  listCommands(add);
}

function listCommands(add: Add): void {
  const set = setter(add);
  const listOf = ({ config }: IosContext, name: string, kind: AccessList["kind"]) => {
    const { lists } = config.running;
    const list = lists.get(name) ?? { kind, rows: [] };
    lists.set(name, list);
    return list;
  };
  for (const kind of ["standard", "extended"] as const) {
    set(`ip access-list ${kind} WORD`, (context, [name = ""]) => {
      listOf(context, name, kind);
      context.go(kind === "standard" ? "config-std-nacl" : "config-ext-nacl", name);
    });
    set(`no ip access-list ${kind} WORD`, ({ config }, [name = ""]) => {
      config.running.lists.delete(name);
    });
  }
  set("access-list WORD LINE", (context, [name = "", row = ""]) => {
    listOf(context, name, Number(name) < 100 ? "standard" : "extended").rows.push(row);
  });
  set("no access-list WORD", ({ config }, [name = ""]) => {
    config.running.lists.delete(name);
  });
}

/** The rows of one list. */
export function aclCommands(add: Add): void {
  const set = setter(add);
  const list = (context: IosContext) => context.config.running.lists.get(context.about);
  for (const verb of ["permit", "deny", "remark"]) {
    set(`${verb} LINE`, (context, [rest = ""]) => {
      list(context)?.rows.push(`${verb} ${rest}`);
    });
    set(`no ${verb} LINE`, (context, [rest = ""]) => {
      const found = list(context);
      if (found) found.rows = found.rows.filter((row) => row !== `${verb} ${rest}`);
    });
  }
  add("exit", (context) => context.go("config"));
}

export function archiveCommands(add: Add): void {
  const set = setter(add);
  set("path WORD", ({ config }, [path = ""]) => {
    config.running.archivePath = path;
  });
  set("no path", ({ config }) => {
    config.running.archivePath = undefined;
  });
  add("exit", (context) => context.go("config"));
}

export function vrfCommands(add: Add): void {
  add("address-family LINE", () => {});
  add("exit-address-family", () => {});
  add("rd WORD", () => {});
  add("exit", (context) => context.go("config"));
}

export function interfaceCommands(add: Add): void {
  type Change = (one: IosInterface, values: readonly string[], context: IosContext) => void;
  const set = (path: string, change: Change) =>
    setter(add)(path, (context, values) => {
      const one = context.config.running.interfaces.get(context.about);
      if (one) change(one, values, context);
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
  set("ip access-group WORD in", (one, [name = ""]) => {
    one.accessGroup = name;
  });
  set("no ip access-group WORD in", (one) => {
    one.accessGroup = "";
  });
  for (const verb of ["vrf forwarding", "ip vrf forwarding"]) {
    set(`${verb} WORD`, (one, [name = ""], context) => {
      if (!context.config.running.vrfs.includes(name)) {
        context.say(`% VRF ${name} not configured.`);
        return;
      }
      if (one.vrf !== name) moved(one, name, context);
    });
    set(`no ${verb} WORD`, (one, _values, context) => {
      if (one.vrf !== "") moved(one, "", context);
    });
  }
  add("exit", (context) => context.go("config"));
}

/** An interface loses its address when it changes its table. */
function moved(one: IosInterface, vrf: string, context: IosContext): void {
  const what = vrf === "" ? `disabling VRF ${one.vrf}` : `enabling VRF ${vrf}`;
  if (one.address !== "")
    context.say(`% Interface ${one.name} IPv4 disabled and address(es) removed due to ${what}`);
  one.vrf = vrf;
  one.address = "";
}

export function vlanCommands(add: Add): void {
  setter(add)("name WORD", (context, [name = ""]) => {
    context.config.running.vlans.set(Number(context.about), name);
  });
  add("exit", (context) => context.go("config"));
}

export function lineCommands(add: Add): void {
  const set = setter(add);
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
  const vty = (path: string, change: (lines: VtyLines, value: string) => void) =>
    set(path, (context, [value = ""]) => {
      for (const lines of linesOf(context)) change(lines, value);
    });
  vty("access-class WORD in", (lines, name) => {
    lines.accessClass = name;
  });
  vty("no access-class WORD in", (lines) => {
    lines.accessClass = "";
  });
  vty("transport input LINE", (lines, text) => {
    lines.transport = text;
  });
  vty("login local", (lines) => {
    lines.login = "local";
  });
  vty("login", (lines) => {
    lines.login = "";
  });
  vty("no login", (lines) => {
    lines.login = "";
  });
  add("exit", (context) => context.go("config"));
}

/** The ranges that the line mode is about: `vty 0 4`, `vty 5 15`, `vty 0 15`. */
function linesOf({ about, config }: IosContext): readonly VtyLines[] {
  const [, first = "", last = first] = /^vty\s+(\d+)(?:\s+(\d+))?/.exec(about) ?? [];
  if (first === "") return [];
  const [low, high] = config.running.vty;
  return [...(Number(first) < 5 ? [low] : []), ...(Number(last) > 4 ? [high] : [])];
}

export function routerCommands(add: Add): void {
  add("network LINE", () => {});
  add("neighbor LINE", () => {});
  add("exit", (context) => context.go("config"));
}
