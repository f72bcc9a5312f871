/** What a device can be asked for. */
export const JOB_NAMES = [
  "version",
  "inventory",
  "interfaces",
  "neighbours",
  "routes",
  "arp",
  "macs",
  "log",
  "config",
] as const;

export type JobName = (typeof JOB_NAMES)[number];

/** One of them, as a tool. */
export interface Job {
  readonly title: string;
  readonly description: string;
  /** Fields a record may have, in the order in which they are shown; none: the text is the answer. */
  readonly fields: readonly string[];
  /** Fields by which a record is the same one at another time; none: its place. */
  readonly key: readonly string[];
  /** Fields that change by themselves: ages, uptimes. */
  readonly noise: readonly string[];
}

export const jobs: Readonly<Record<JobName, Job>> = Object.freeze({
  version: {
    title: "Version of a device",
    description: "Network device: software, model, serial, uptime.",
    fields: ["hostname", "version", "model", "serial", "mac", "uptime", "image", "restart"],
    key: [],
    noise: ["uptime"],
  },
  inventory: {
    title: "Parts of a device",
    description:
      "Network device: chassis, modules, power supplies, transceivers with part and serial numbers.",
    fields: ["name", "description", "part", "revision", "serial"],
    key: ["name"],
    noise: [],
  },
  interfaces: {
    title: "Interfaces of a device",
    description: "Network device: its interfaces with state and address or description.",
    fields: ["name", "state", "protocol", "address", "vlan", "speed", "mtu", "mac", "vrf", "description"],
    key: ["name"],
    noise: [],
  },
  neighbours: {
    title: "Neighbours of a device",
    description: "Network device: who is on which port, by LLDP or CDP.",
    fields: ["port", "neighbour", "remote_port", "chassis", "address", "platform", "capabilities"],
    key: ["port", "neighbour", "remote_port", "chassis"],
    noise: [],
  },
  routes: {
    title: "Routes of a device",
    description: "Network device: IPv4 routes of the main table.",
    fields: ["prefix", "protocol", "via", "interface", "preference", "metric", "age", "vrf"],
    key: ["prefix", "vrf", "via", "interface"],
    noise: ["age"],
  },
  arp: {
    title: "ARP table of a device",
    description: "Network device: addresses and the MACs they belong to.",
    fields: ["address", "mac", "interface", "age", "type", "vlan", "vrf"],
    key: ["address", "vrf", "interface"],
    noise: ["age"],
  },
  macs: {
    title: "MAC table of a device",
    description: "Network device: which MAC was seen on which port.",
    fields: ["vlan", "mac", "port", "type"],
    key: ["vlan", "mac", "port"],
    noise: [],
  },
  log: {
    title: "Log of a device",
    description: "Network device: the last rows of its log.",
    fields: [],
    key: [],
    noise: [],
  },
  config: {
    title: "Configuration of a device",
    description:
      "Network device: its running configuration; what a device prints of passwords and keys is in it.",
    fields: [],
    key: [],
    noise: [],
  },
});
