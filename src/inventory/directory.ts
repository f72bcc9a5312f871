import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { identityFile } from "../secrets/identity.ts";
import { type Adhoc, adhocIn } from "./adhoc.ts";
import { allowedList } from "./allowed.ts";
import { auditSettings } from "./audit-settings.ts";
import { KEY_VARIABLE } from "./auth.ts";
import type { DirectorySettings, HostDirectory, HostSummary, Reloaded, ResolvedHost } from "./host.ts";
import { loadInventory } from "./load.ts";
import { locateInventory, namedInventory, nearMisses, ownInventory, type SearchPlace } from "./locate.ts";
import { masksOf, resolvePath } from "./merge.ts";
import { formatTarget } from "./names.ts";
import type { Inventory } from "./parse.ts";
import { type Project, projectAt, withProject } from "./project.ts";
import { recordingsSettings } from "./recordings-settings.ts";
import { Resolver } from "./resolve.ts";
import { MatchExec } from "./ssh-config/match-exec.ts";
import { type Commands, readSshConfig, type SshConfig, type Surroundings } from "./ssh-config.ts";

/** Sessions over all hosts: 200 in steady use are a supported load. */
const DEFAULT_MAX_SESSIONS = 256;

/** Hosts resolved in one go for a list, some milliseconds' work. */
const RESOLVED_AT_ONCE = 200;

/** Hosts with a faulty entry that are named in a list. */
const MAX_REFUSED_SHOWN = 10;

export interface DirectoryOptions extends SearchPlace {
  /** Hosts of the program's own, listed first and found first: the embedded lab. */
  readonly extra?: readonly ResolvedHost[];
  /** The local user's name; default: the operating system's. */
  readonly localUser?: string;
  /** Told when the inventory's file was changed and has been looked at again. */
  readonly onReload?: (reloaded: Reloaded) => void;
}

/**
 * The hosts of the inventory, of ~/.ssh/config and of `extra`. Files are looked at with each call, so changes count at
 * once; an inventory that breaks keeps its last good state.
 * @throws SshMcpError `inventory_invalid` when the inventory is broken from the start.
 */
export async function createHostDirectory(options: DirectoryOptions): Promise<HostDirectory> {
  const directory = new Directory(options);
  await directory.start();
  return directory;
}

/** The ssh configuration that an inventory takes hosts from; undefined: it wants none. */
export async function sshConfigOf(
  inventory: Inventory | undefined,
  { cwd, home }: Pick<SearchPlace, "cwd" | "home">,
): Promise<SshConfig | undefined> {
  const setting = inventory?.settings.ssh_config ?? true;
  const { file: where = true, exec = false } = typeof setting === "object" ? setting : { file: setting };
  if (where === false) return undefined;
  const path =
    where === true ? join(home, ".ssh", "config") : resolvePath(where, inventory?.folder ?? cwd, home);
  return readSshConfig(path, home, exec && inventory?.own === true);
}

/** What the tools show of a host; no secret, no reference to one. */
export function describeHost(host: ResolvedHost): HostSummary {
  return {
    name: host.name,
    source: host.source,
    target: formatTarget(host),
    platform: host.platform,
    jump: host.jump.map((hop) => hop.name),
    ...(host.ways === undefined ? {} : { ways: host.ways }),
    tags: host.tags,
    groups: host.groups,
    ...(host.site === undefined ? {} : { site: host.site }),
    ...(host.description === undefined ? {} : { description: host.description }),
  };
}

/** The inventory's file as last looked at. */
interface Looked {
  readonly path: string;
  readonly signature: string;
}

class Directory implements HostDirectory {
  readonly #options: DirectoryOptions;
  readonly #around: Surroundings;
  readonly #matchExec: MatchExec;
  readonly #adhoc: Adhoc | undefined;
  #looked: Looked | undefined;
  /** The user's own inventory or the one that is named, and with what an allowed project adds. */
  #own: Inventory | undefined;
  #inventory: Inventory | undefined;
  #project: { readonly signature: string; readonly found: Project | undefined } | undefined;
  /** Why the file on disk is not the inventory in use. */
  #broken: SshMcpError | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#matchExec = new MatchExec(options.env);
    this.#adhoc = adhocIn(options.env.SSH_MCP_ALLOW_ADHOC);
    this.#around = {
      home: options.home,
      env: options.env,
      localUser: options.localUser ?? userInfo().username,
    };
  }

  async start(): Promise<void> {
    await this.#refresh();
    if (this.#broken !== undefined) throw this.#broken;
  }

  get settings(): DirectorySettings {
    const settings = this.#inventory?.settings ?? {};
    const path = (file: string) =>
      resolvePath(file, this.#inventory?.folder ?? this.#options.cwd, this.#options.home);
    return {
      maxSessions: settings.max_sessions ?? DEFAULT_MAX_SESSIONS,
      masksSome: this.#inventory !== undefined && masksSome(this.#inventory),
      allowAdhoc: settings.allow_adhoc === true || this.#adhoc !== undefined,
      secretVariables: [KEY_VARIABLE, ...(this.#inventory?.secretVariables ?? [])],
      ...(settings.approval_hook === undefined ? {} : { approvalHook: settings.approval_hook }),
      ...auditSettings(settings, path),
      recordings: recordingsSettings(settings.recordings),
      ...(settings.devices_dir === undefined ? {} : { devicesDir: path(settings.devices_dir) }),
      ...(settings.local_roots === undefined ? {} : { localRoots: settings.local_roots.map(path) }),
      withheld: [
        dirname(ownInventory(this.#options)),
        join(this.#options.cwd, "hosts.yaml"),
        ...(this.#inventory === undefined ? [] : [this.#inventory.path]),
        ...(this.#inventory?.files ?? []).map(path),
        identityFile(this.#options),
      ],
    };
  }

  get outdated(): string | undefined {
    if (this.#broken === undefined) return undefined;
    return `The inventory was changed and is broken now; its last good state stays in use, its deny_patterns included. ${this.#broken.toText()}`;
  }

  async resolve(name: string, via?: readonly string[]): Promise<ResolvedHost> {
    const { resolver } = await this.#current();
    return this.#matchExec.settle((commands) => resolver(commands).resolve(name, via));
  }

  async list(): Promise<{ hosts: readonly HostSummary[]; notes: readonly string[] }> {
    const { resolver: resolverWith, ssh } = await this.#current();
    // A list runs no command; what a Match exec would change is not shown in it.
    const resolver = resolverWith();
    const hosts: HostSummary[] = [];
    const notes = [...(await this.#inventoryNotes()), ...sshNotes(ssh)];
    for (const [index, name] of resolver.names().entries()) {
      // Thousands of hosts are resolved in slices, so that sessions go on meanwhile.
      if (index % RESOLVED_AT_ONCE === RESOLVED_AT_ONCE - 1) await setImmediate();
      // With a broken ssh configuration one note stands for all its hosts.
      try {
        hosts.push(describeHost(resolver.resolve(name)));
      } catch (error) {
        if (!(error instanceof SshMcpError)) throw error;
        if (ssh === undefined || ssh.problems.length === 0)
          notes.push(`${name} cannot be opened: ${error.message}`);
      }
    }
    return { hosts, notes };
  }

  dispose(): void {
    // No watcher and no timer to end: files are looked at with each call.
  }

  async #current(): Promise<{
    resolver: (commands?: Commands) => Resolver;
    ssh: SshConfig | undefined;
  }> {
    await this.#refresh();
    const inventory = this.#inventory;
    const ssh = await sshConfigOf(inventory, this.#options);
    const sources = {
      extra: this.#options.extra ?? [],
      ...(inventory === undefined ? {} : { inventory }),
      ...(ssh === undefined ? {} : { ssh }),
      ...(this.#adhoc === undefined ? {} : { adhoc: this.#adhoc }),
    };
    const resolver = (commands?: Commands) => new Resolver(sources, this.#around, commands);
    return { resolver, ssh };
  }

  /** Calls that come together look once. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#look().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #look(): Promise<void> {
    await this.#lookAtOwn();
    await this.#lookAtProject();
    const project = this.#project?.found?.inventory;
    this.#inventory = project === undefined ? this.#own : withProject(this.#own, project, this.#options);
  }

  async #lookAtOwn(): Promise<void> {
    // Once found, the inventory stays that file: losing it must not silently switch to another one.
    const path = this.#looked?.path ?? (await locateInventory(this.#options));
    if (path === undefined) return;
    const signature = await signatureOf(path);
    if (this.#looked?.signature === signature) return;
    try {
      this.#own = await loadInventory(path);
      this.#broken = undefined;
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      this.#broken = error;
    }
    const again = this.#looked !== undefined;
    this.#looked = { path, signature };
    if (again)
      this.#options.onReload?.({ path, ...(this.#broken === undefined ? {} : { error: this.#broken }) });
  }

  /** Where an inventory is named it alone counts. */
  async #lookAtProject(): Promise<void> {
    const here = join(this.#options.cwd, "hosts.yaml");
    if (this.#looked?.path === here) return;
    const signature = `${await signatureOf(here)} ${await signatureOf(allowedList(this.#options))}`;
    if (this.#project?.signature === signature) return;
    const found = await projectAt(this.#options);
    const named = namedInventory(this.#options) !== undefined;
    this.#project = { signature, found: named && found !== undefined ? { note: found.note } : found };
  }

  async #inventoryNotes(): Promise<string[]> {
    const project = this.#project?.found;
    const named = namedInventory(this.#options) !== undefined;
    // What a named inventory leaves aside is its own affair, but for a file that was never allowed.
    const notes =
      project === undefined || (named && project.note.includes("was allowed:")) ? [] : [project.note];
    const { outdated } = this;
    if (outdated !== undefined) return [outdated, ...notes];
    if (this.#own === undefined) {
      const wanted = ownInventory(this.#options);
      const near = (await nearMisses(wanted)).map((path) => ` ${path} is not read: its name is another.`);
      return [`No inventory found (looked for ${wanted}).${near.join("")}`, ...notes];
    }
    const refused = [...this.#own.refused.values()].map(({ message }) => message);
    const more = refused.length - MAX_REFUSED_SHOWN;
    return [
      `Inventory: ${this.#own.path}`,
      ...refused.slice(0, MAX_REFUSED_SHOWN),
      ...(more > 0 ? [`… and ${more} more hosts are refused for mistakes in their entries`] : []),
      ...(this.#inventory ?? this.#own).notes,
      ...notes,
    ];
  }
}

/** Changes whenever the file does. */
function signatureOf(path: string): Promise<string> {
  return stat(path).then(
    (stats) => `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`,
    (error: unknown) => messageOf(error),
  );
}

function sshNotes(ssh: SshConfig | undefined): string[] {
  if (ssh === undefined) return [];
  const { problems, notes } = ssh;
  if (problems.length === 0) return [...notes];
  return [
    `The ssh configuration has mistakes, its hosts cannot be used: ${problems.slice(0, 3).join("; ")}.`,
    ...notes,
  ];
}

function masksSome({ defaults, hosts }: Inventory): boolean {
  const asks = (entry: Parameters<typeof masksOf>[0]) => masksOf(entry) === true;
  return asks(defaults) || [...hosts.values()].some(({ host, groups }) => asks(host) || groups.some(asks));
}
