import { dirname } from "node:path";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile, UnusableFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import { type Fault, hostRefused, inventoryInvalid } from "./faults.ts";
import type { GroupEntry, HostEntry, InventoryFile, inventorySchema } from "./schema.ts";
import { forbiddenKeys, groupFaults, groupsOf, idleKeys, patternFaults, schemaFaults } from "./validate.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Thousands of hosts fit; anything larger is a mistake or an attack. */
const MAX_BYTES = 1024 * 1024;

export type Settings = NonNullable<InventoryFile["settings"]>;

/** One host of the inventory with what it inherits, narrowest first. */
export interface InventoryEntry {
  readonly host: HostEntry;
  readonly groupNames: readonly string[];
  readonly groups: readonly GroupEntry[];
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
  readonly notes: readonly string[];
}

/** Reads and checks the inventory at `path`. @throws SshMcpError `inventory_invalid`, naming file, line and key. */
export async function loadInventory(path: string): Promise<Inventory> {
  const { text, own } = await readTrusted(path);
  const inventory = await parseInventory(text, path);
  const { ssh_config } = inventory.settings;
  if (own || typeof ssh_config !== "object" || ssh_config.exec !== true) return { ...inventory, own };
  const note = `${path}: settings.ssh_config.exec has no effect: this file is not your own.`;
  return { ...inventory, own, notes: [...inventory.notes, note] };
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
  const source = parseYaml(text, path);
  const broken = new Map<string, Fault[]>();
  /** Puts faults down to their hosts. @throws when one is nobody's own. */
  const sort = (faults: readonly Fault[]) => {
    if (faults.some((fault) => hostOf(fault) === undefined)) throw inventoryInvalid(path, faults);
    for (const fault of faults) {
      const host = hostOf(fault) ?? "";
      broken.set(host, [...(broken.get(host) ?? []), fault]);
    }
  };
  sort(source.faults);
  sort(forbiddenKeys(source));
  const file = checkedFile(source, inventorySchema, broken, sort);
  sort([...groupFaults(file, source), ...(await patternFaults(file, source))]);

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
    notes: idleKeys(file, source, path),
  };
}

/** The host in whose entry a fault stands; undefined: it concerns the file. */
function hostOf({ path: [first, host], everywhere }: Fault): string | undefined {
  return first === "hosts" && host !== undefined && everywhere !== true ? String(host) : undefined;
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

const OWN_INVENTORY = "Name an inventory of your own with --config or SSH_MCP_CONFIG.";

async function readTrusted(path: string): Promise<{ readonly text: string; readonly own: boolean }> {
  let own = true;
  const refuse = (why: string, next: string) =>
    new SshMcpError("inventory_invalid", `The inventory ${path} ${why}.`, next);
  const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
    own = process.getuid === undefined || stats.uid === process.getuid();
    const fault = distrust(path, stats, "write");
    // Whoever can write it chooses where our credentials go and which commands run for them.
    if (fault !== undefined)
      throw refuse(fault.reason, fault.fix === undefined ? OWN_INVENTORY : `Run: ${fault.fix}`);
  }).catch((error: unknown) => {
    if (error instanceof SshMcpError) throw error;
    if (error instanceof UnusableFile)
      throw refuse(error.message, "Name a YAML file, and split it or look for what bloats it if it is one.");
    throw refuse(
      `cannot be read: ${messageOf(error)}`,
      "Correct the path given by --config or SSH_MCP_CONFIG, or create the file.",
    );
  });
  return { text: bytes.toString("utf8"), own };
}
