/** The way this program came to the device, as far as its configuration shows it. */
export interface Path {
  readonly user?: string;
  /** Addresses of the device that were dialled. */
  readonly addresses: readonly string[];
  /** Interfaces that have one of them. */
  readonly interfaces: readonly string[];
  /** Names of access lists on those interfaces and on the lines that logins come in by. */
  readonly lists: readonly string[];
  readonly vrfs: readonly string[];
}

export type Part =
  | "interface"
  | "address"
  | "route"
  | "access list"
  | "line"
  | "login"
  | "vrf"
  | "management"
  | "restart";

/** A line of the change that may touch that way. */
export interface Touch {
  /** The line itself. */
  readonly line: string;
  /** The section it is in, where it is in one. */
  readonly under?: string;
  readonly part: Part;
  readonly why: string;
}

const SECTION_INTERFACE = /^(?:interface|port|vlan-interface|edit interfaces?)\s+(.+)$/i;
const SECTION_LINE = /^(?:line\b|user-interface\b)/i;
const ACL_WORDS =
  /\b(?:access-group|access-class|traffic-filter|acl|filter(?:\s+(?:input|output))?|packet-filter)\s+(?:ipv[46]\s+|name\s+|inbound\s+|input\s+)?([\w.-]+)/i;
const SECTION_LIST =
  /^(?:(?:ip|ipv6|mac)\s+)?(?:access-list|prefix-list)(?:\s+(?:standard|extended|role-based))?\s+([\w.-]+)/i;

/** What can be seen of that way in the rows of a running configuration. */
export function pathIn(
  rows: readonly string[],
  { user, address }: { readonly user?: string; readonly address?: string },
): Path {
  const interfaces: string[] = [];
  const lists: string[] = [];
  const vrfs: string[] = [];
  for (const { header, body } of sectionsIn(rows)) {
    const name = SECTION_INTERFACE.exec(header)?.[1]?.trim();
    const ours = name !== undefined && address !== undefined && body.some((row) => hasWord(row, address));
    if (ours && name !== undefined) interfaces.push(name);
    if (!ours && !SECTION_LINE.test(header)) continue;
    for (const row of body) {
      const list = ACL_WORDS.exec(row)?.[1];
      if (list !== undefined) lists.push(list);
      const vrf = /\bvrf(?:\s+forwarding|\s+member)?\s+(\S+)/i.exec(row)?.[1];
      if (vrf !== undefined) vrfs.push(vrf);
    }
  }
  // Of flat configurations: `set interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/24`.
  if (address !== undefined)
    for (const row of rows) {
      const flat = /\binterfaces?\s+(?:ethernet\s+)?(\S+)\s.*\baddress\b/i.exec(row)?.[1];
      if (flat !== undefined && !/^interface\b/i.test(row) && hasWord(row, address)) interfaces.push(flat);
      const item = /^add\b.*\binterface=(\S+)/i.exec(row)?.[1];
      if (item !== undefined && hasWord(row, address)) interfaces.push(item);
    }
  return {
    ...(user === undefined ? {} : { user }),
    addresses: address === undefined ? [] : [address],
    interfaces: [...new Set(interfaces)],
    lists: [...new Set(lists)],
    vrfs: [...new Set(vrfs)],
  };
}

function sectionsIn(rows: readonly string[]): { readonly header: string; readonly body: string[] }[] {
  const sections: { header: string; body: string[] }[] = [];
  for (const row of rows) {
    if (row.trim() === "") continue;
    if (/^\s/.test(row)) sections.at(-1)?.body.push(row.trim());
    else sections.push({ header: row.trim(), body: [] });
  }
  return sections;
}

/**
 * Lines that may cut what they are typed through. It errs towards naming one too many: where it is not known which interface
 * we came by, every interface counts.
 */
export function touches(lines: readonly string[], path: Path): Touch[] {
  let under: string | undefined;
  const found: Touch[] = [];
  for (const raw of lines) {
    const line = raw.trim();
    if (line === "" || line.startsWith("!") || line.startsWith("#")) continue;
    const opens = opensSection(line);
    if (opens) under = line;
    const what = touchOf(line, opens ? undefined : under, path);
    if (what !== undefined) found.push({ line, ...(under === undefined || opens ? {} : { under }), ...what });
  }
  return found;
}

function opensSection(line: string): boolean {
  // Of an interface's own lines these begin like a section.
  if (/^(?:ip )?vrf (?:forwarding|member)\b|^crypto map \S+$/i.test(line)) return false;
  return (
    SECTION_INTERFACE.test(line) ||
    SECTION_LINE.test(line) ||
    SECTION_LIST.test(line) ||
    /^(?:router|vrf|vlan|route-map|policy-map|class-map|aaa group|control-plane|crypto|ip vrf|config|edit|\/\w)/i.test(
      line,
    )
  );
}

type Found = Pick<Touch, "part" | "why">;

const RULES: readonly (readonly [RegExp, Part, string])[] = [
  [/\b(?:reload|reboot|restart)\b/i, "restart", "restarts the device"],
  [
    /\b(?:aaa|tacacs(?:-server|\+)?|radius(?:-server)?|authentication-order|authorization|local-user)\b/i,
    "login",
    "decides who may log in",
  ],
  [
    /^(?:no |delete |undo )?(?:username|enable (?:secret|password)|set system (?:login|root-authentication)|\/?user\b)/i,
    "login",
    "decides who may log in",
  ],
  [
    /\b(?:ip ssh|ssh server|stelnet|crypto key|transport input|management (?:ssh|api)|services ssh|\/?ip[ /]service|line vty|user-interface vty|access-class|login local|no login|exec-timeout)\b/i,
    "management",
    "is part of how logins come in",
  ],
  [
    /\b(?:control-plane|copp|management-plane|loopback filter|lo0)\b/i,
    "management",
    "filters what reaches the device itself",
  ],
  [
    /\b(?:vrf|routing-instance|network-instance|vpn-instance)\b/i,
    "vrf",
    "moves routes or interfaces to another table",
  ],
  [
    /\b(?:access-group|access-class|access-list|traffic-filter|packet-filter|firewall|prefix-list|nftables?|iptables|\bacl\b)/i,
    "access list",
    "decides which packets pass",
  ],
  [
    /\b(?:ip route|ipv6 route|route-static|static route|routing-options|default-gateway|router (?:ospf|bgp|isis|eigrp|rip|static)|protocols (?:ospf|bgp|isis|static)|\/?ip[ /]route|set protocols)\b/i,
    "route",
    "may move the way back to us",
  ],
];

function touchOf(line: string, under: string | undefined, path: Path): Found | undefined {
  const address = path.addresses.find((one) => hasWord(line, one));
  if (address !== undefined) return { part: "address", why: `names ${address}, which we are connected to` };
  if (path.user !== undefined && hasWord(line, path.user) && /user|login/i.test(line))
    return { part: "login", why: `names the user we are logged in as, ${path.user}` };
  const inside = interfaceIn(line) ?? (under === undefined ? undefined : interfaceIn(under));
  if (inside !== undefined && cuts(line)) {
    const mine = path.interfaces.find((one) => sameInterface(one, inside));
    if (mine !== undefined)
      return { part: "interface", why: `changes ${mine}, which has the address we are connected to` };
    if (path.interfaces.length === 0)
      return { part: "interface", why: "it is not known by which interface we came, so it may be this one" };
  }
  if (under !== undefined && SECTION_LINE.test(under))
    return { part: "line", why: "changes the lines that logins come in by" };
  const list =
    /access-list|prefix-list|acl|filter/i.test(`${under ?? ""} ${line}`) &&
    SECTION_LIST.exec(under ?? line)?.[1];
  if (typeof list === "string" && path.lists.length > 0 && !path.lists.includes(list)) return undefined;
  if (under !== undefined && SECTION_LIST.test(under))
    return { part: "access list", why: "decides which packets pass" };
  for (const [pattern, part, why] of RULES) if (pattern.test(line)) return { part, why };
  return undefined;
}

/** Of what is set on an interface: what cannot cut it. */
function cuts(line: string): boolean {
  return (
    !/^(?:no |undo )?(?:description|interface\b[^|]*$|comment|snmp trap|load-interval|cdp|lldp|logging event)/i.test(
      line,
    ) || /\b(?:delete|disable|no|undo|remove|default)\b\s*\/?interfaces?/i.test(line)
  );
}

function interfaceIn(line: string): string | undefined {
  const [, section] = SECTION_INTERFACE.exec(line.replace(/^(?:no|default|undo)\s+/i, "")) ?? [];
  if (section !== undefined) return section.trim();
  return /\binterfaces?[ =/](?:ethernet\s+|set\s+\S*\s*)?"?([\w./:-]+)/i.exec(line)?.[1];
}

/** `gi1/0/1` is GigabitEthernet1/0/1, and `ge-0/0/0` holds ge-0/0/0.0. */
function sameInterface(one: string, other: string): boolean {
  const parts = (name: string) =>
    /^([a-z]*)-?\s*(.*)$/i.exec(name.trim().toLowerCase())?.slice(1) ?? ["", ""];
  const [kind = "", place = ""] = parts(one);
  const [otherKind = "", otherPlace = ""] = parts(other);
  const kinds = kind.startsWith(otherKind) || otherKind.startsWith(kind);
  return (
    kinds &&
    (place === otherPlace || place.startsWith(`${otherPlace}.`) || otherPlace.startsWith(`${place}.`))
  );
}

function hasWord(row: string, word: string): boolean {
  const at = row.toLowerCase().indexOf(word.toLowerCase());
  if (at < 0) return false;
  return (
    !/[\w.]/.test(row[at - 1] ?? " ") && !/[\w.]/.test((row[at + word.length] ?? " ").replace(/\./, "x"))
  );
}
