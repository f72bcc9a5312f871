/** Statements as `set` takes them, without the word, in their order. */
export type JunosSettings = readonly string[];

export function defaultSettings(hostname: string): JunosSettings {
  return [
    `system host-name ${hostname}`,
    "system root-authentication encrypted-password lab",
    "system login user noc class super-user",
    "system services ssh",
    'interfaces ge-0/0/0 description "to core1"',
    "interfaces ge-0/0/0 unit 0 family inet address 192.0.2.10/24",
    "interfaces ge-0/0/1 unit 0 family inet address 203.0.113.1/24",
    "routing-options static route 0.0.0.0/0 next-hop 192.0.2.1",
  ];
}

/** Where a statement stands: the longest that fits is the level it is written at. */
const LEVELS: readonly RegExp[] = [
  /^system(?= )/,
  /^system services(?= )/,
  /^system login user \S+(?= )/,
  /^interfaces \S+(?= )/,
  /^interfaces \S+ unit \d+(?= )/,
  /^interfaces \S+ unit \d+ family inet(?= )/,
  /^routing-options static(?= )/,
  /^routing-instances \S+(?= )/,
  /^firewall family inet filter \S+ term \S+(?: (?:from|then))?(?= )/,
  /^snmp(?= )/,
  /^vlans \S+(?= )/,
];

/** What may stand at a level; where the group says, one takes another's place. */
const STATEMENTS: readonly RegExp[] = [
  /^(system host-name) \S+$/,
  /^(system authentication-order) .+$/,
  /^system (?:name-server|ntp server) \S+$/,
  /^system root-authentication .+$/,
  /^(system login user \S+ class) \S+$/,
  /^system services ssh(?: .+)?$/,
  /^(interfaces \S+(?: unit \d+)? description) .+$/,
  /^interfaces \S+(?: unit \d+)? disable$/,
  /^interfaces \S+ unit \d+ family inet address [\d.]+\/\d{1,2}$/,
  /^(interfaces \S+ unit \d+ family inet filter input) \S+$/,
  /^(routing-options static route \S+ next-hop) [\d.]+$/,
  /^(routing-instances \S+ instance-type) \S+$/,
  /^routing-instances \S+ interface \S+$/,
  /^firewall family inet filter \S+ term \S+ from .+$/,
  /^(firewall family inet filter \S+ term \S+ then) (?:accept|discard|reject)$/,
  /^(snmp location) .+$/,
  /^(vlans \S+ vlan-id) \d+$/,
];

/** The settings with a statement; undefined: there is no such statement. */
export function withStatement(settings: JunosSettings, statement: string): JunosSettings | undefined {
  const known = STATEMENTS.find((pattern) => pattern.test(statement));
  if (known === undefined) return undefined;
  if (settings.includes(statement)) return settings;
  const key = known.exec(statement)?.[1];
  const at = settings.findIndex((one) => key !== undefined && known.exec(one)?.[1] === key);
  return at < 0 ? [...settings, statement] : settings.with(at, statement);
}

/** Without a statement and what is below it; undefined: nothing was there. */
export function without(settings: JunosSettings, statement: string): JunosSettings | undefined {
  const left = settings.filter((one) => one !== statement && !one.startsWith(`${statement} `));
  return left.length === settings.length ? undefined : left;
}

interface Leaf {
  readonly levels: readonly string[];
  readonly text: string;
}

/** A statement as its levels, one word or name each, and what is written there. */
function leafOf(statement: string): Leaf {
  const level = LEVELS.map((pattern) => pattern.exec(statement)?.[0] ?? "").reduce(
    (a, b) => (b.length > a.length ? b : a),
    "",
  );
  return { levels: braces(level), text: statement.slice(level.length).trim() };
}

/** `interfaces ge-0/0/0 unit 0 family inet` as `interfaces`, `ge-0/0/0`, `unit 0`, `family inet`. */
function braces(level: string): string[] {
  return level.match(/(?:unit|family|filter|term|user|route) \S+|\S+/g) ?? [];
}

/** As `show configuration` writes it. */
export function hierarchical(settings: JunosSettings): string[] {
  const rows: string[] = [];
  let open: readonly string[] = [];
  const close = (depth: number) => {
    for (let at = open.length; at > depth; at--) rows.push(`${"    ".repeat(at - 1)}}`);
  };
  for (const { levels, text } of inLevels(settings)) {
    let shared = 0;
    while (shared < open.length && open[shared] === levels[shared]) shared++;
    close(shared);
    for (let at = shared; at < levels.length; at++) rows.push(`${"    ".repeat(at)}${levels[at]} {`);
    rows.push(`${"    ".repeat(levels.length)}${text};`);
    open = levels;
  }
  close(0);
  return rows;
}

/** Statements of one level together, where its first one stands. */
function inLevels(settings: JunosSettings): Leaf[] {
  const groups = new Map<string, Leaf[]>();
  const leaves = settings.map(leafOf);
  const order = (leaf: Leaf) => {
    const at = (depth: number) =>
      leaves.findIndex(
        ({ levels }) => levels.slice(0, depth).join(" ") === leaf.levels.slice(0, depth).join(" "),
      );
    return leaf.levels.map((_, depth) => at(depth + 1));
  };
  for (const leaf of leaves) {
    const key = leaf.levels.join(" ");
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups.values()]
    .toSorted(([a], [b]) => {
      const [one, two] = [a ? order(a) : [], b ? order(b) : []];
      for (let at = 0; at < Math.max(one.length, two.length); at++)
        if (one[at] !== two[at]) return (one[at] ?? -1) - (two[at] ?? -1);
      return 0;
    })
    .flat();
}

/** As `show | compare` writes it, each level for itself; a level that is new is not folded together. */
export function compared(first: JunosSettings, second: JunosSettings): string[] {
  const rows = new Map<string, string[]>();
  const add = (statement: string, sign: "+" | "-") => {
    const { levels, text } = leafOf(statement);
    const key = levels.join(" ");
    const own = rows.get(key) ?? [];
    own.push(`${sign}${"   ".repeat(Math.max(1, levels.length))}${text};`);
    rows.set(key, own);
  };
  for (const one of first) if (!second.includes(one)) add(one, "-");
  for (const one of second) if (!first.includes(one)) add(one, "+");
  return [...rows].flatMap(([level, own]) => [`[edit${level === "" ? "" : ` ${level}`}]`, ...own]);
}

export function hostnameOf(settings: JunosSettings): string {
  return settings.find((one) => one.startsWith("system host-name "))?.split(" ")[2] ?? "";
}
