/** A configuration as sections in their order: a head, and the rows below it. */
export type EosSettings = Map<string, string[]>;

export function defaultSettings(hostname: string): EosSettings {
  return new Map([
    [`hostname ${hostname}`, []],
    ["username admin privilege 15 role network-admin nopassword", []],
    ["vlan 10", ["name management"]],
    ["interface Ethernet1", ["description to core1", "no switchport", "ip address 192.0.2.10/24"]],
    ["interface Ethernet2", ["switchport access vlan 10"]],
    ["interface Ethernet3", ["shutdown"]],
    ["ip routing", []],
    ["ip route 0.0.0.0/0 192.0.2.1", []],
    ["management ssh", ["idle-timeout 60"]],
  ]);
}

export function copy(settings: EosSettings): EosSettings {
  return new Map([...settings].map(([head, rows]) => [head, [...rows]]));
}

/** As `show running-config` lists it, without its head. */
export function rowsOf(settings: EosSettings): string[] {
  const sections = [...settings].sort(([a], [b]) => place(a) - place(b));
  return [...sections.flatMap(([head, rows]) => [head, ...rows.map((row) => `   ${row}`), "!"]), "end"];
}

const ORDER = [
  /^hostname/,
  /^(?:ntp|logging|snmp)/,
  /^aaa/,
  /^username/,
  /^vrf/,
  /^vlan/,
  /^interface/,
  /^ip access-list/,
  /^ip routing/,
  /^ip route/,
  /^management/,
];

function place(head: string): number {
  return ORDER.findIndex((order) => order.test(head));
}

export function hostnameOf(settings: EosSettings): string {
  const head = [...settings.keys()].find((one) => one.startsWith("hostname "));
  return head?.slice("hostname ".length) ?? "localhost";
}

/** Heads that open a mode, with what the prompt calls it. */
const MODES: readonly (readonly [pattern: RegExp, name: (match: RegExpExecArray) => string])[] = [
  [/^interface Ethernet(\d{1,2})$/, ([, number]) => `if-Et${number}`],
  [/^interface Management(\d)$/, ([, number]) => `if-Ma${number}`],
  [/^interface Loopback(\d{1,4})$/, ([, number]) => `if-Lo${number}`],
  [/^vlan (\d{1,4})$/, ([, number]) => `vlan-${number}`],
  [/^ip access-list (?:standard )?(\S+)$/, ([, name]) => `acl-${name}`],
  [/^vrf instance (\S+)$/, ([, name]) => `vrf-${name}`],
  [/^management ssh$/, () => "mgmt-ssh"],
];

/** Rows of their own at the top; a second one with the same key takes the first one's place. */
const GLOBAL: readonly RegExp[] = [
  /^(hostname) \S+$/,
  /^(username \S+)(?: .+)?$/,
  /^(ip routing)$/,
  /^(ip route \S+) \S+$/,
  /^(ntp server \S+)$/,
  /^(logging host \S+)$/,
  /^(snmp-server location) .+$/,
  /^(aaa (?:authentication login|authorization exec) default) .+$/,
];

const BELOW: readonly RegExp[] = [
  /^(description) .+$/,
  /^(name) \S+$/,
  /^(ip address) \d[\d.]+\/\d{1,2}$/,
  /^(shutdown)$/,
  /^(no switchport)$/,
  /^(switchport access vlan) \d{1,4}$/,
  /^(ip access-group) \S+ in$/,
  /^(vrf) \S+$/,
  /^(idle-timeout) \d+$/,
  /^((?:\d+ )?(?:permit|deny|remark) .+)$/,
];

export interface Place {
  readonly head: string;
  readonly name: string;
}

/** The mode that a line opens, as the prompt calls it. */
export function modeOf(line: string): Place | undefined {
  const head = spelled(line);
  for (const [pattern, name] of MODES) {
    const match = pattern.exec(head);
    if (match) return { head, name: name(match) };
  }
  return undefined;
}

function spelled(line: string): string {
  return line
    .replace(/^int(?:erface)? +et(?:hernet)? ?(?=\d)/i, "interface Ethernet")
    .replace(/^int(?:erface)? +lo(?:opback)? ?(?=\d)/i, "interface Loopback")
    .replace(/ +/g, " ");
}

/** Takes a line in at a place; false: it is no line of this device there. */
export function take(settings: EosSettings, at: Place | undefined, typed: string): boolean {
  const line = spelled(typed);
  const isNo = line.startsWith("no ") && line !== "no switchport";
  const wanted = isNo ? line.slice(3) : line === "switchport" ? "no switchport" : line;
  if (at !== undefined && takeBelow(settings, at.head, wanted, isNo || line === "switchport")) return true;
  if (isNo && modeOf(wanted) !== undefined) {
    settings.delete(wanted);
    return true;
  }
  if (isNo) {
    const heads = [...settings.keys()].filter((head) => head === wanted || head.startsWith(`${wanted} `));
    for (const head of heads) settings.delete(head);
    return heads.length > 0 || GLOBAL.some((pattern) => pattern.test(wanted));
  }
  const key = keyOf(GLOBAL, wanted);
  if (key === undefined) return false;
  for (const head of [...settings.keys()]) if (keyOf(GLOBAL, head) === key) settings.delete(head);
  settings.set(wanted, []);
  return true;
}

function takeBelow(settings: EosSettings, head: string, line: string, isNo: boolean): boolean {
  const rows = settings.get(head) ?? [];
  if (isNo) {
    const left = rows.filter((row) => row !== line && !row.startsWith(`${line} `));
    settings.set(head, left);
    return left.length < rows.length || BELOW.some((pattern) => pattern.test(line)) || /^[\w -]+$/.test(line);
  }
  const key = keyOf(BELOW, line);
  if (key === undefined) return false;
  const left = rows.filter((row) => keyOf(BELOW, row) !== key);
  // An interface loses its addresses when it changes its table.
  const kept = key === "vrf" ? left.filter((row) => !row.startsWith("ip address")) : left;
  settings.set(head, [...kept, line]);
  return true;
}

function keyOf(patterns: readonly RegExp[], line: string): string | undefined {
  for (const pattern of patterns) {
    const [, key] = pattern.exec(line) ?? [];
    if (key !== undefined) return key;
  }
  return undefined;
}
