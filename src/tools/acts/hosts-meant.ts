import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { nearest, visibleLine } from "../../base/text.ts";
import { matchesWildcards } from "../../base/wildcards.ts";
import type { HostSummary } from "../../inventory/host.ts";
import { unfoldName } from "../../results/folded.ts";
import type { ToolContext } from "./context.ts";

/** Hosts of one call. */
const MOST_HOSTS = 2_000;
const SET = /^(group|tag|site):(.+)$/;
const WILD = /[*?]/;

/** How a call names hosts. */
export const hostList = z.union([z.string().min(1), z.array(z.string().min(1))]);

/** Between two names, and not between the numbers of a folded one. */
const COMMA = /,(?![^[]*\])/;

/** A list, also where it was written as one string. */
export function listOf(given: string | readonly string[]): readonly string[] {
  return typeof given === "string" ? (listIn(given) ?? given.split(COMMA).map((one) => one.trim())) : given;
}

/** The hosts that a call means, and those of the inventory where a set or a pattern had them looked for. */
export interface HostsMeant {
  readonly names: readonly string[];
  readonly listed: readonly HostSummary[];
}

/**
 * The hosts that are meant by names, `group:NAME`, `tag:NAME`, `site:NAME` and, where the tool takes them, patterns with `*` and
 * `?` and names folded as results show them (`leaf[1-40]`), each once. @throws SshMcpError `invalid_argument` where one of these has no host, or there are none at all.
 */
export async function hostsMeant(
  { multiplexer, access, caller }: ToolContext,
  given: readonly string[],
  { tool, patterns = false, list = false }: { tool: string; patterns?: boolean; list?: boolean },
): Promise<HostsMeant> {
  const isSet = (name: string) => SET.test(name) || (patterns && WILD.test(name));
  const { hosts } =
    list || given.some(isSet)
      ? await access.pass(caller, { verb: "look" }, undefined, () => multiplexer.hosts())
      : { hosts: [] };
  const none = (what: string, next: string) =>
    new SshMcpError("invalid_argument", `${tool}: ${what}; nothing was sent.`, next);
  const single = (name: string) => {
    const found = patterns ? unfoldName(name) : [name];
    if (found === undefined)
      throw none(`"${visibleLine(name, 60)}" is too many hosts`, "Give them in parts.");
    return found;
  };
  const names = [
    ...new Set(given.flatMap((name) => (isSet(name) ? inSet(name, hosts, none) : single(name)))),
  ];
  if (names.length === 0) throw none("the list of hosts is empty", "ssh_hosts lists all hosts.");
  if (names.length > MOST_HOSTS)
    throw none(
      `${names.length} hosts are meant, at most ${MOST_HOSTS} go in one call`,
      "Give them in parts.",
    );
  return { names, listed: hosts };
}

/** Does this name a set of hosts, and no single one? */
export function isSetOfHosts(name: string): boolean {
  return SET.test(name);
}

/** Models write a list as a string now and then. */
export function listIn(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.filter((name) => typeof name === "string");
  } catch {
    return undefined;
  }
}

function inSet(
  name: string,
  hosts: readonly HostSummary[],
  none: (what: string, next: string) => SshMcpError,
): string[] {
  const [, kind, wanted = ""] = SET.exec(name) ?? [];
  if (kind === undefined) {
    const found = hosts.filter((host) => matchesWildcards(host.name, name));
    if (found.length > 0) return found.map((host) => host.name);
    throw none(`no host's name is like "${visibleLine(name, 60)}"`, "ssh_hosts lists all hosts.");
  }
  const setsOf = ({ groups, tags, site }: HostSummary) =>
    kind === "group" ? groups : kind === "tag" ? tags : site === undefined ? [] : [site];
  const found = hosts.filter((host) => setsOf(host).includes(wanted));
  if (found.length > 0) return found.map((host) => host.name);
  const near = nearest(wanted, new Set(hosts.flatMap(setsOf))).slice(0, 10);
  throw none(
    `no host is of the ${kind} "${visibleLine(wanted, 60)}"`,
    near.length === 0 ? `There are no ${kind}s.` : `There are: ${near.join(", ")}.`,
  );
}
