import type { IosInterface, IosState, LineSettings, Secret } from "./config.ts";

export const PORTS = 28;
/** Ports with something at the other end. */
const CABLED = new Set([1, 2, 3, 4, 5, 8, 9, 13, 24, 25, 26]);
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  1: "reception",
  2: "office 101",
  3: "office 102",
  4: "printer ground floor",
  5: "office 104",
  8: "camera north",
  9: "camera south",
  13: "access point 1",
  24: "spare for the workshop",
  25: "uplink to dist-1",
  26: "uplink to dist-2",
};

/** The switch as the lab starts it. */
export function labState(hostname: string, enable: Secret): IosState {
  return {
    hostname,
    enable,
    domainLookup: true,
    banners: { motd: undefined, login: undefined, exec: undefined },
    vlans: [
      { id: 10, name: "OFFICE" },
      { id: 20, name: "VOICE" },
      { id: 30, name: "CAMERAS" },
      { id: 99, name: "MANAGEMENT" },
    ],
    interfaces: [
      ...Array.from({ length: PORTS }, (_, index) => labPort(index + 1)),
      interfaceOf("Vlan1", { shutdown: true }),
      interfaceOf("Vlan99", {
        description: "management",
        cabled: true,
        address: { ip: "192.0.2.2", mask: "255.255.255.0" },
      }),
    ],
    routers: [],
    lines: labLines(),
    globals: [
      "ip domain-name lab.example",
      "ip default-gateway 192.0.2.1",
      "ip ssh version 2",
      "logging buffered 16384",
      "snmp-server location rack 3",
      "snmp-server contact noc@lab.example",
      "ntp server 192.0.2.1",
    ],
  };
}

/** A switch that nobody has configured. */
export function factoryState(): IosState {
  return {
    hostname: "Switch",
    enable: undefined,
    domainLookup: true,
    banners: { motd: undefined, login: undefined, exec: undefined },
    vlans: [],
    interfaces: [
      ...Array.from({ length: PORTS }, (_, index) => {
        return interfaceOf(portName(index + 1), { cabled: CABLED.has(index + 1) });
      }),
      interfaceOf("Vlan1", { shutdown: true }),
    ],
    routers: [],
    lines: labLines(),
    globals: [],
  };
}

export function interfaceOf(name: string, given: Partial<IosInterface> = {}): IosInterface {
  return {
    name,
    description: undefined,
    shutdown: false,
    cabled: false,
    address: undefined,
    mode: undefined,
    vlan: 1,
    lines: [],
    ...given,
  };
}

function portName(port: number): string {
  return `GigabitEthernet1/0/${port}`;
}

function labPort(port: number): IosInterface {
  const description = DESCRIPTIONS[port];
  const about = { description, cabled: CABLED.has(port) };
  if (port > 24) return interfaceOf(portName(port), { ...about, mode: "trunk", shutdown: port > 26 });
  const vlan = port === 8 || port === 9 ? 30 : 10;
  return interfaceOf(portName(port), {
    ...about,
    mode: "access",
    vlan,
    shutdown: port > 20 && !about.cabled,
    lines: ["spanning-tree portfast"],
  });
}

function labLines(): LineSettings[] {
  const line = (name: string, kind: "con" | "vty", from: number, to: number, lines: string[]) => ({
    name,
    kind,
    from,
    to,
    synchronous: kind === "con",
    timestamps: false,
    transportNone: false,
    historySize: 20,
    lines,
  });
  return [
    line("con 0", "con", 0, 0, []),
    line("vty 0 4", "vty", 0, 4, ["exec-timeout 0 0", "login local", "transport input ssh"]),
    line("vty 5 15", "vty", 5, 15, ["exec-timeout 0 0", "login local", "transport input ssh"]),
  ];
}
