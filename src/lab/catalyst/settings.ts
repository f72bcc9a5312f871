/** One interface; its name as IOS writes it. */
export interface IosInterface {
  readonly name: string;
  description: string;
  shutdown: boolean;
  /** `192.0.2.1 255.255.255.0`; routed ports and SVIs only. */
  address: string;
  accessVlan: number;
  /** Name or number of the list that packets coming in pass; "" for none. */
  accessGroup: string;
  /** "" for the global table. */
  vrf: string;
  /** Whether something is plugged in. */
  readonly wired: boolean;
}

export interface AccessList {
  readonly kind: "standard" | "extended";
  /** `permit 192.0.2.0 0.0.0.255`, in order. */
  rows: string[];
}

/** Lines 0 to 4, or 5 to 15. */
export interface VtyLines {
  accessClass: string;
  /** What stands behind `transport input`. */
  transport: string;
  /** `local`: the users of the switch; "" for the line's own password, of which there is none. */
  login: "local" | "";
}

/** What the switch is set to; the running configuration is made from it. */
export interface IosSettings {
  hostname: string;
  readonly interfaces: Map<string, IosInterface>;
  readonly vlans: Map<number, string>;
  users: string[];
  banner: string;
  domainLookup: boolean;
  loggingSynchronous: boolean;
  timestampedPrompt: boolean;
  newModel: boolean;
  /** Rows of AAA behind `aaa `. */
  aaa: string[];
  vrfs: string[];
  /** Behind `ip route `. */
  routes: string[];
  readonly lists: Map<string, AccessList>;
  /** `line vty 0 4` and `line vty 5 15`. */
  readonly vty: readonly [VtyLines, VtyLines];
  /** Where `archive` puts its files; undefined: it is not set up. */
  archivePath: string | undefined;
  /** Rows that are kept as they are typed: `ntp server …`, `logging host …`. */
  others: string[];
}

const PORT = {
  description: "",
  shutdown: false,
  address: "",
  accessVlan: 1,
  accessGroup: "",
  vrf: "",
  wired: false,
};

export function clone(settings: IosSettings): IosSettings {
  return structuredClone(settings);
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

export function defaultSettings(hostname: string): IosSettings {
  const vty = (): VtyLines => ({ accessClass: "", transport: "ssh", login: "local" });
  return {
    hostname,
    interfaces: defaultInterfaces(),
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
    newModel: false,
    aaa: [],
    vrfs: [],
    routes: ["0.0.0.0 0.0.0.0 192.0.2.1"],
    lists: new Map(),
    vty: [vty(), vty()],
    archivePath: undefined,
    others: [],
  };
}

/** 24 ports, two uplinks, two SVIs. */
function defaultInterfaces(): Map<string, IosInterface> {
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
  return interfaces;
}
