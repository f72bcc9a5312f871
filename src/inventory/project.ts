import { dirname, join } from "node:path";
import { SshMcpError } from "../base/errors.ts";
import { digestOf, readAllowed, readProjectFile } from "./allowed.ts";
import { type Foreign, foreignShape, foreignText } from "./foreign.ts";
import { isThere, ownInventory, type SearchPlace } from "./locate.ts";
import type { Inventory, InventoryEntry } from "./parse.ts";
import { parseApart } from "./parse-apart.ts";
import type { GroupEntry } from "./schema.ts";

/** What a `hosts.yaml` of the working directory is worth. */
export interface Project {
  /** It was allowed, and has not changed since. */
  readonly inventory?: Inventory;
  readonly note: string;
}

/**
 * What is taken of a project's hosts: where they are and how they behave. Nothing that names a secret or a file, that runs a
 * command or weakens a check.
 */
const TAKEN = [
  "user",
  "port",
  "platform",
  "prompt_regex",
  "device",
  "jump",
  "via",
  "tags",
  "site",
  "terminal",
  "timeouts",
  "limits",
  "deny_patterns",
] as const satisfies readonly (keyof GroupEntry)[];

/** The working directory's inventory, if there is one. Never throws for what is wrong with it. */
export async function projectAt(place: SearchPlace): Promise<Project | undefined> {
  const path = join(place.cwd, "hosts.yaml");
  if (!(await isThere(path))) return nearProject(path);
  try {
    const digest = (await readAllowed(place)).get(path);
    const use = `name it with --config or SSH_MCP_CONFIG, move it to ${ownInventory(place)}, or look at it and run ssh-mcp allow ${path}`;
    const foreign = digest === undefined ? await foreignAt(path) : undefined;
    if (foreign !== undefined)
      return {
        note: `${path} is ${foreign.what}, no inventory of ssh-mcp, and is not read. ${foreign.next}`,
      };
    if (digest === undefined)
      return { note: `${path} is not read, because it lies in the working directory: ${use}.` };
    const bytes = await readProjectFile(path);
    if (digestOf(bytes) !== digest)
      return { note: `${path} is not read, because it has changed since it was allowed: ${use}.` };
    const inventory = await parseApart(bytes.toString("utf8"), path);
    return {
      inventory,
      note: `${path} was allowed: its hosts are added, its deny_patterns count for all; no secrets, commands or host key settings are taken from it.`,
    };
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    return { note: `${path} is not read: ${error.message}` };
  }
}

/** Larger files are not looked into only to say what they are. */
const LOOKED_INTO = 48 * 1024;

/** What a file of another program is that lies here under our name; it is looked at and not used. */
async function foreignAt(path: string): Promise<Foreign | undefined> {
  const bytes = await readProjectFile(path).catch(() => undefined);
  if (bytes === undefined || bytes.length > LOOKED_INTO) return undefined;
  const text = bytes.toString("utf8");
  const { parseYaml } = await import("./yaml-source.ts");
  try {
    return foreignText(text) ?? foreignShape(parseYaml(text, path).value);
  } catch {
    return undefined;
  }
}

/** A file that would be a project's inventory by another ending. */
async function nearProject(path: string): Promise<Project | undefined> {
  const near = `${path.slice(0, -"yaml".length)}yml`;
  if (!(await isThere(near))) return undefined;
  return { note: `${near} is not read: a project's inventory is called hosts.yaml, and has to be allowed.` };
}

/** The user's inventory and the hosts of a project that it does not have itself; guards join. */
export function withProject(mine: Inventory | undefined, project: Inventory, place: SearchPlace): Inventory {
  const base: Inventory = mine ?? {
    path: project.path,
    own: true,
    folder: dirname(ownInventory(place)),
    hosts: new Map(),
    refused: new Map(),
    defaults: {},
    settings: {},
    secretVariables: [],
    notes: [],
  };
  const hosts = new Map(base.hosts);
  const own = [...base.hosts].flatMap(([name, { host }]) => [name, ...(host.host ? [host.host] : [])]);
  const names = new Set([...own, ...base.refused.keys()].map(spoken));
  const left: string[] = [];
  for (const [name, entry] of project.hosts)
    if (!names.has(spoken(name))) hosts.set(name, taken(entry, project.defaults));
    else if (!base.hosts.has(name)) left.push(name);
  const note = `${project.path}: ${left.join(", ")} not added: that is another spelling, or the address, of a host of yours.`;
  const patterns = [...(base.settings.deny_patterns ?? []), ...(project.settings.deny_patterns ?? [])];
  const settings =
    patterns.length === 0 ? base.settings : { ...base.settings, deny_patterns: [...new Set(patterns)] };
  return { ...base, hosts, settings, notes: left.length === 0 ? base.notes : [...base.notes, note] };
}

/** What a name leads to, however it is written: without user and port, case and last dot. */
function spoken(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*@/, "")
    .replace(/^\[(.*)\](?::\d+)?$/, "$1")
    .replace(/^([^:]*):\d+$/, "$1")
    .replace(/\.$/, "");
}

function taken({ host, groupNames, groups }: InventoryEntry, defaults: GroupEntry): InventoryEntry {
  return {
    host: {
      ...part(host),
      ...(host.host === undefined ? {} : { host: host.host }),
      ...(host.description === undefined ? {} : { description: host.description }),
    },
    groupNames,
    groups: [...groups, defaults].map(part),
    project: true,
  };
}

function part(entry: GroupEntry): GroupEntry {
  return Object.fromEntries(TAKEN.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])));
}
