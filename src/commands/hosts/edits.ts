import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import { nearest } from "../../base/text.ts";
import { sshConfigOf } from "../../inventory/directory.ts";
import type { Edit } from "../../inventory/document/edits.ts";
import { valueAt } from "../../inventory/document/model.ts";
import { parseTarget } from "../../inventory/names.ts";
import { withConfig } from "../next-command.ts";
import { print } from "../stdout.ts";
import { assignmentsOf, editsOf, entryOf } from "./assignments.ts";
import { carryOut, type Opened, openForEdits, prepare } from "./change.ts";

/** Which host, and whether the change is only shown. */
export interface EditRequest {
  readonly name: string;
  readonly dryRun: boolean;
}

/** Adds a host to the inventory. Returns the exit code. */
export async function addHost(
  { name, dryRun }: EditRequest,
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  const opened = await openForEdits(around);
  const entries = new Map([[name, entryOf(assignmentsOf(words))]]);
  const code = await carryOut(
    await prepare(opened, [{ kind: "add", path: ["hosts"], entries }], around),
    dryRun,
  );
  const word = shellQuote(name);
  if (code === 0 && !dryRun)
    print(withConfig(`Next: ssh-mcp trust ${word} and ssh-mcp doctor ${word}\n`, around));
  return code;
}

/** Changes keys of a host; one that only the ssh configuration knows gets an entry for them. Returns the exit code. */
export async function setHost(
  { name, dryRun }: EditRequest,
  words: readonly string[],
  around: Surroundings,
): Promise<number> {
  const opened = await openForEdits(around);
  const assignments = assignmentsOf(words);
  if (!isThere(opened, name)) {
    const ssh = await sshConfigOf(opened.inventory, around);
    if (ssh?.aliases.includes(name) !== true) throw unknown(opened, name, around);
    const entries = new Map([[name, entryOf(assignments)]]);
    const prepared = await prepare(opened, [{ kind: "add", path: ["hosts"], entries }], around);
    process.stderr.write(
      `Note: ${name} is a host of your ssh configuration; what is not set here is taken from there.\n`,
    );
    return carryOut(prepared, dryRun);
  }
  return carryOut(await prepare(opened, editsOf(["hosts", name], assignments, opened.value), around), dryRun);
}

/** Removes a host that no other host is reached through. Returns the exit code. */
export async function removeHost({ name, dryRun }: EditRequest, around: Surroundings): Promise<number> {
  const opened = await openForEdits(around);
  return carryOut(await prepare(opened, removal(opened, name, around), around), dryRun);
}

/** The edits that remove a host. @throws SshMcpError where it is none of the file or the jump host of another entry. */
export function removal(opened: Opened, name: string, around: Surroundings): Edit[] {
  if (!isThere(opened, name)) throw unknown(opened, name, around);
  const users = jumpsOf(opened.value, name).filter(({ owner }) => owner !== `hosts.${name}`);
  if (users.length > 0)
    throw new SshMcpError(
      "invalid_argument",
      `${name} is the jump host of ${[...new Set(users.map(({ owner }) => owner))].join(", ")}. Nothing was written.`,
      withConfig("Give those another way first, for example: ssh-mcp hosts set HOST jump=none", around),
    );
  return [{ kind: "remove", path: ["hosts", name] }];
}

/** Renames a host, also where other entries of the file name it in jump or via. Returns the exit code. */
export async function renameHost(
  { name, dryRun }: EditRequest,
  to: string,
  around: Surroundings,
): Promise<number> {
  const opened = await openForEdits(around);
  return carryOut(await prepare(opened, renaming(opened, name, to, around), around), dryRun);
}

/** The edits that rename a host, and the jumps through it. @throws SshMcpError where it is none of the file. */
export function renaming(opened: Opened, name: string, to: string, around: Surroundings): Edit[] {
  if (!isThere(opened, name)) throw unknown(opened, name, around);
  const jumps = jumpsOf(opened.value, name).map(
    ({ path, hops }): Edit => ({ kind: "set", path, value: renamedHops(hops, name, to) }),
  );
  return [...jumps, { kind: "rename", path: ["hosts", name], to }];
}

/** Whether the file itself has an entry of this name. */
export function isThere({ value }: Opened, name: string): boolean {
  return valueAt(value, ["hosts", name]) !== undefined;
}

function unknown({ path, value }: Opened, name: string, around: Surroundings): SshMcpError {
  const hosts = valueAt(value, ["hosts"]);
  const names = typeof hosts === "object" && hosts !== null ? Object.keys(hosts) : [];
  const known =
    names.length === 0 ? "It has none." : `Nearest first: ${nearest(name, names).slice(0, 10).join(", ")}.`;
  return new SshMcpError(
    "unknown_host",
    `There is no host "${name}" in ${path}. ${known}`,
    withConfig(`To add it: ssh-mcp hosts add ${shellQuote(name)} host=ADDRESS`, around),
  );
}

interface Jump {
  /** `hosts.web1`, `groups.dmz`, `defaults`. */
  readonly owner: string;
  /** Where the text is: the key itself, or an item of its list. */
  readonly path: readonly string[];
  readonly hops: string;
}

/** Every text below a `jump` or `via` of the file that names this host. */
function jumpsOf(file: unknown, name: string): Jump[] {
  const entries = ["hosts", "groups"].flatMap((section) => {
    const found = valueAt(file, [section]);
    return typeof found === "object" && found !== null ? Object.keys(found).map((key) => [section, key]) : [];
  });
  const owners = [...entries, ["defaults"]].flatMap((entry) => [
    [...entry, "jump"] as const,
    [...entry, "via"] as const,
  ]);
  return owners.flatMap((path): Jump[] => {
    const value = valueAt(file, path);
    const texts: [readonly string[], unknown][] = Array.isArray(value)
      ? value.map((hop, at) => [[...path, String(at)], hop])
      : [[path, value]];
    return texts.flatMap(([at, hops]): Jump[] =>
      typeof hops === "string" && hops.split(",").some((hop) => parseTarget(hop.trim())?.host === name)
        ? [{ owner: path.slice(0, -1).join("."), path: at, hops }]
        : [],
    );
  });
}

/** The hops with another name in place of one, and all else as it was written. */
function renamedHops(hops: string, name: string, to: string): string {
  return hops
    .split(",")
    .map((hop) => {
      if (parseTarget(hop.trim())?.host !== name) return hop;
      // Neither the user in front of it nor the port behind it, which may read the same.
      const [before = ""] = /^\s*(?:ssh:\/\/)?(?:.*@)?\[?/.exec(hop) ?? [];
      return before + to + hop.slice(before.length + name.length);
    })
    .join(",");
}
