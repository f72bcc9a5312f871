/** One interface; its name as IOS writes it. */
export interface IosInterface {
  readonly name: string;
  description: string;
  shutdown: boolean;
  /** `192.0.2.1 255.255.255.0`; routed ports and SVIs only. */
  address: string;
  accessVlan: number;
  /** Whether something is plugged in. */
  readonly wired: boolean;
}

/** What the switch is set to; the running configuration is made from it. */
export interface IosSettings {
  hostname: string;
  readonly interfaces: Map<string, IosInterface>;
  readonly vlans: Map<number, string>;
  readonly users: string[];
  banner: string;
  domainLookup: boolean;
  loggingSynchronous: boolean;
  timestampedPrompt: boolean;
}

/** The device its sessions share. */
export interface IosConfig {
  enableSecret: string;
  running: IosSettings;
  /** Undefined once it is erased. */
  startup: IosSettings | undefined;
  /** The running configuration differs from the startup one. */
  dirty: boolean;
  /** Rows of `show logging`, newest last. */
  readonly log: string[];
}

const LOG_ROWS = 200;
const PORT = { description: "", shutdown: false, address: "", accessVlan: 1, wired: false };

/** A switch with 24 ports, two uplinks, two SVIs. `enableSecret` opens privileged mode. */
export function createIosConfig(
  options: { readonly hostname?: string; readonly enableSecret?: string } = {},
): IosConfig {
  const { hostname = "lab-ios", enableSecret = "enable" } = options;
  const settings = defaults(hostname);
  return { enableSecret, running: settings, startup: clone(settings), dirty: false, log: [] };
}

/** What a reload leaves: the startup configuration, or a switch as new. */
export function restart(config: IosConfig): void {
  config.running = config.startup === undefined ? defaults("Switch") : clone(config.startup);
  config.dirty = false;
  config.log.length = 0;
}

/** A virtual interface comes into being when it is first named; undefined for a name that cannot. */
export function createInterface(settings: IosSettings, typed: string): IosInterface | undefined {
  const [, kind = "", number = ""] = /^(vlan?|vl|lo(?:opback)?)\s*(\d{1,4})$/i.exec(typed.trim()) ?? [];
  if (kind === "") return undefined;
  const virtual = kind.toLowerCase().startsWith("v") ? "Vlan" : "Loopback";
  const one: IosInterface = { ...PORT, name: `${virtual}${Number(number)}`, wired: true };
  settings.interfaces.set(one.name, one);
  return one;
}

export function logRow(config: IosConfig, row: string): void {
  config.log.push(row);
  if (config.log.length > LOG_ROWS) config.log.shift();
}

export function clone(settings: IosSettings): IosSettings {
  return {
    ...settings,
    interfaces: new Map([...settings.interfaces].map(([name, one]) => [name, { ...one }])),
    vlans: new Map(settings.vlans),
    users: [...settings.users],
  };
}

function defaults(hostname: string): IosSettings {
  const interfaces = new Map<string, IosInterface>();
  const add = (name: string, change: Partial<IosInterface> = {}) =>
    interfaces.set(name, { ...PORT, name, ...change });
  add("Vlan1", { shutdown: true });
  add("Vlan10", { address: "192.0.2.10 255.255.255.0", description: "management", wired: true });
  for (let port = 1; port <= 24; port++)
    add(`GigabitEthernet1/0/${port}`, {
      accessVlan: port <= 12 ? 10 : 20,
      wired: port % 3 !== 0,
      ...(port === 1 ? { description: "uplink to core1#Gi1/0/7" } : {}),
      ...(port === 24 ? { shutdown: true } : {}),
    });
  add("TenGigabitEthernet1/1/1", { description: "to dist1", wired: true });
  add("TenGigabitEthernet1/1/2");
  return {
    hostname,
    interfaces,
    vlans: new Map([
      [1, "default"],
      [10, "management"],
      [20, "users"],
    ]),
    users: ["noc"],
    banner: "",
    domainLookup: true,
    loggingSynchronous: false,
    timestampedPrompt: false,
  };
}
