import { dirname } from "node:path";
import { SshMcpError } from "../base/errors.ts";
import { type Fault, hostRefused, inventoryInvalid } from "./faults.ts";
import { type Foreign, foreignShape, foreignText } from "./foreign.ts";
import { placeRules } from "./policy.ts";
import { ruleFaults } from "./rule-faults.ts";
import type { GroupEntry, HostEntry, InventoryFile, inventorySchema } from "./schema.ts";
import {
  forbiddenKeys,
  groupFaults,
  groupsOf,
  idleKeys,
  likeNames,
  patternFaults,
  platformFaults,
  schemaFaults,
} from "./validate.ts";
import type { YamlSource } from "./yaml-source.ts";

export type Settings = NonNullable<InventoryFile["settings"]>;

/** One host of the inventory with what it inherits, narrowest first. */
export interface InventoryEntry {
  readonly host: HostEntry;
  readonly groupNames: readonly string[];
  readonly groups: readonly GroupEntry[];
  /** It comes from a project's file: no secret and no weaker check of the user's defaults is for it. */
  readonly project?: boolean;
}

/** A loaded and checked hosts.yaml. */
export interface Inventory {
  readonly path: string;
  /** The file belongs to the user this program runs as. */
  readonly own?: boolean;
  /** Where relative paths in the file start. */
  readonly folder: string;
  readonly hosts: ReadonlyMap<string, InventoryEntry>;
  /** Hosts whose own entry is faulty, and why; they are nobody else's fault. */
  readonly refused: ReadonlyMap<string, SshMcpError>;
  readonly defaults: GroupEntry;
  readonly settings: Settings;
  /** Environment variables that secrets are read from. */
  readonly secretVariables: readonly string[];
  /** Files and folders that it names, as they are written there: keys, secrets, known_hosts, the audit log. */
  readonly files?: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Checks `text` as the content of the inventory at `path`. A fault inside one host's entry refuses that host alone; one
 * anywhere else (settings, defaults, groups) the whole file, since every host follows them.
 * @throws SshMcpError `inventory_invalid`.
 */
export async function parseInventory(text: string, path: string): Promise<Inventory> {
  // Loaded on demand: a server that only reads ~/.ssh/config pays for neither the parser nor the schema.
  const [{ parseYaml }, { inventorySchema }] = await Promise.all([
    import("./yaml-source.ts"),
    import("./schema.ts"),
  ]);
  refuseForeign(foreignText(text), path);
  const source = parseYaml(text, path);
  refuseForeign(foreignShape(source.value), path);
  const broken = new Map<string, Fault[]>();
  /** Puts faults down to their hosts. @throws when one is nobody's own. */
  const sort = (faults: readonly Fault[]) => {
    if (faults.some((fault) => hostOf(fault) === undefined)) throw inventoryInvalid(path, faults);
    for (const fault of faults) {
      const host = hostOf(fault) ?? "";
      const known = broken.get(host);
      if (known === undefined) broken.set(host, [fault]);
      else known.push(fault);
    }
  };
  const early = [...source.faults, ...forbiddenKeys(source)];
  if (early.some((fault) => hostOf(fault) === undefined))
    throw inventoryInvalid(path, [...early, ...furtherFaults(early, source, inventorySchema)]);
  sort(early);
  const file = checkedFile(source, inventorySchema, broken, sort);
  sort([
    ...groupFaults(file, source),
    ...platformFaults(file, source),
    ...(await patternFaults(file, source)),
    ...(await ruleFaults(file, source)),
  ]);
  placeRules(file, source, path);

  const groups = new Map(Object.entries(file.groups ?? {}));
  const hosts = new Map<string, InventoryEntry>();
  for (const [name, entry] of Object.entries(file.hosts ?? {})) {
    if (broken.has(name)) continue;
    const host = entry ?? {};
    const groupNames = groupsOf(host.groups);
    hosts.set(name, { host, groupNames, groups: groupNames.map((group) => groups.get(group) ?? {}) });
  }
  return {
    path,
    folder: dirname(path),
    hosts,
    refused: new Map([...broken].map(([name, faults]) => [name, hostRefused(path, name, faults)])),
    defaults: file.defaults ?? {},
    settings: file.settings ?? {},
    secretVariables: [...variablesIn(file)],
    files: [...filesIn(file)],
    notes: [...idleKeys(file, source, path), ...likeNames(file, source, path)],
  };
}

/** Files of other programs whose hosts can be imported. */
const IMPORTED = /^an inventory of (?:Ansible|Nornir)|CSV|netmiko|export of NetBox|configuration of ssh/;

/** @throws SshMcpError `inventory_invalid` for a file of another program. */
function refuseForeign(foreign: Foreign | undefined, path: string): void {
  if (foreign === undefined) return;
  const { what, next } = foreign;
  const taken = IMPORTED.test(what)
    ? ` To take its hosts over, move it elsewhere and run: ssh-mcp hosts import FILE`
    : "";
  throw new SshMcpError(
    "inventory_invalid",
    `${path}:1: this is ${what}, no inventory of ssh-mcp.`,
    `${next}${taken}`,
  );
}

/** The host in whose entry a fault stands; undefined: it concerns the file. */
function hostOf({ path: [first, host], everywhere }: Fault): string | undefined {
  return first === "hosts" && host !== undefined && everywhere !== true ? String(host) : undefined;
}

/** What the schema finds beside faults that refuse the file already: whoever mends it wants to know all. */
function furtherFaults(
  known: readonly Fault[],
  source: YamlSource,
  schema: typeof inventorySchema,
): readonly Fault[] {
  // A value inside itself has no end that a schema could come to.
  if (known.some(({ everywhere }) => everywhere === true)) return [];
  const checked = schema.safeParse(source.value);
  if (checked.success) return [];
  const told = new Set(known.map(({ path }) => path.join(".")));
  return schemaFaults(checked.error.issues, source).filter(({ path }) => !told.has(path.join(".")));
}

/** The file by its schema, without the hosts whose entries do not fit it. */
function checkedFile(
  source: YamlSource,
  schema: typeof inventorySchema,
  broken: ReadonlyMap<string, unknown>,
  sort: (faults: readonly Fault[]) => void,
): InventoryFile {
  // Each round refuses at least one host more.
  for (;;) {
    // An empty file is an inventory without hosts.
    const checked = schema.safeParse(withoutHosts(source.value ?? {}, broken));
    if (checked.success) return checked.data;
    sort(schemaFaults(checked.error.issues, source));
  }
}

function withoutHosts(value: unknown, names: ReadonlyMap<string, unknown>): unknown {
  if (names.size === 0 || typeof value !== "object" || value === null || !("hosts" in value)) return value;
  const { hosts } = value;
  if (typeof hosts !== "object" || hosts === null) return value;
  return { ...value, hosts: Object.fromEntries(Object.entries(hosts).filter(([name]) => !names.has(name))) };
}

/** What stands under a key such as `password_env`, wherever that is. */
function variablesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === "object") variablesIn(child, found);
    else if (typeof child === "string" && (key === "env" || key.endsWith("_env"))) found.add(child);
  }
  return found;
}

/** What stands under a key that names a file of this machine, wherever that is; the folders of `local_roots` are no such. */
function filesIn(value: unknown, found = new Set<string>(), under = ""): Set<string> {
  if (typeof value === "string" && FILE_KEYS.test(under)) found.add(value);
  else if (Array.isArray(value)) for (const child of value) filesIn(child, found, under);
  else if (typeof value === "object" && value !== null)
    for (const [key, child] of Object.entries(value)) filesIn(child, found, key);
  return found;
}

const FILE_KEYS =
  /^(?:file|\w+_file|key_path|certificate_path|only_keys|known_hosts|audit_log|devices_dir|recipes_dir|ssh_config)$/;
