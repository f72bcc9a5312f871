import { dirname } from "node:path";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile, UnusableFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import { inventoryInvalid } from "./faults.ts";
import type { GroupEntry, HostEntry, InventoryFile } from "./schema.ts";
import { forbiddenKeys, groupFaults, groupsOf, idleKeys, patternFaults, schemaFaults } from "./validate.ts";

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
  /** Where relative paths in the file start. */
  readonly folder: string;
  readonly hosts: ReadonlyMap<string, InventoryEntry>;
  readonly defaults: GroupEntry;
  readonly settings: Settings;
  readonly notes: readonly string[];
}

/** Reads and checks the inventory at `path`. @throws SshMcpError `inventory_invalid`, naming file, line and key. */
export async function loadInventory(path: string): Promise<Inventory> {
  return parseInventory(await readTrusted(path), path);
}

/** Checks `text` as the content of the inventory at `path`. @throws SshMcpError `inventory_invalid`. */
export async function parseInventory(text: string, path: string): Promise<Inventory> {
  // Loaded on demand: a server that only reads ~/.ssh/config pays for neither the parser nor the schema.
  const [{ parseYaml }, { inventorySchema }] = await Promise.all([
    import("./yaml-source.ts"),
    import("./schema.ts"),
  ]);
  const source = parseYaml(text, path);
  const forbidden = forbiddenKeys(source);
  if (forbidden.length > 0) throw inventoryInvalid(path, forbidden);

  // An empty file is an inventory without hosts.
  const checked = inventorySchema.safeParse(source.value ?? {});
  if (!checked.success) throw inventoryInvalid(path, schemaFaults(checked.error.issues, source));
  const file = checked.data;
  const faults = [...groupFaults(file, source), ...(await patternFaults(file, source))];
  if (faults.length > 0) throw inventoryInvalid(path, faults);

  const groups = new Map(Object.entries(file.groups ?? {}));
  const hosts = new Map<string, InventoryEntry>();
  for (const [name, entry] of Object.entries(file.hosts ?? {})) {
    const host = entry ?? {};
    const groupNames = groupsOf(host.groups);
    hosts.set(name, { host, groupNames, groups: groupNames.map((group) => groups.get(group) ?? {}) });
  }
  return {
    path,
    folder: dirname(path),
    hosts,
    defaults: file.defaults ?? {},
    settings: file.settings ?? {},
    notes: idleKeys(file, source, path),
  };
}

const OWN_INVENTORY = "Name an inventory of your own with --config or SSH_MCP_CONFIG.";

async function readTrusted(path: string): Promise<string> {
  const refuse = (why: string, next: string) =>
    new SshMcpError("inventory_invalid", `The inventory ${path} ${why}.`, next);
  const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
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
  return bytes.toString("utf8");
}
