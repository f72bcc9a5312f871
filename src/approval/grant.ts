import { UNKNOWN } from "../policy/posix/paths.ts";
import { type Finding, RISKS, type Risk } from "../policy/risk.ts";

const LONGEST = 150;

/** What of a finding a grant is bound to. */
export type Found = Pick<Finding, "risk" | "meaning" | "why" | "via">;

/** A kind of command: its words as the parse spells them out, what it does, and how bad that is. */
export interface Shape {
  /** Words; `*`: any one word, `**` at the end: any more, `/var/log/**`: a path below. */
  readonly words: string;
  readonly why: string;
  readonly risk: Risk;
  /** Where it is done, where that is somewhere else, word for word: `ssh web2`. */
  readonly via?: readonly string[];
}

/** Leave that a person gave beyond one command. */
export interface Grant {
  /** `G7K3X`. */
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly until: number;
  /** The order at which it was given. */
  readonly from: string;
  /** Names with `*`, `group:NAME`, `tag:NAME`. */
  readonly hosts: readonly string[];
  readonly shapes: readonly Shape[];
}

/** The host as the inventory has it now. */
export interface HostPlace {
  readonly name: string;
  readonly groups: readonly string[];
  readonly tags: readonly string[];
}

/** Does it let all of this pass? Each finding for itself: what is chained to something granted is not granted with it. */
export function covers(grant: Grant, host: HostPlace, findings: readonly Found[], now: number): boolean {
  if (now < grant.at - 1_000 || now >= grant.until || !grant.hosts.some((one) => isMeant(one, host)))
    return false;
  const asked = bound(findings);
  return asked.length > 0 && asked.every((found) => grant.shapes.some((shape) => fits(shape, found)));
}

/** What somebody has to agree to: what changes something; where nothing does, what only reads. */
export function bound(findings: readonly Found[]): readonly Found[] {
  const changes = findings.filter(({ risk }) => risk !== "read");
  return changes.length > 0 ? changes : findings;
}

export function fits({ words, why, risk, via = [] }: Shape, found: Found): boolean {
  const way = via.join("\n");
  if (way !== (found.via ?? []).join("\n") || way.includes("…")) return false;
  if (reasonIn(found) !== why || RISKS.indexOf(found.risk) > RISKS.indexOf(risk)) return false;
  const text = found.meaning.trim();
  // What is this long, or has dots for a part of it, is not whole; what a commit makes real is listed in part.
  if (text.length > LONGEST || text.includes("…") || why.startsWith("makes real")) return false;
  return words === text || matches(words.split(/\s+/), text.split(/\s+/));
}

/** Why it is asked for, without what the command itself names: `writes to /etc/motd` is a reason for one file alone. */
export function reasonIn({ why, meaning }: Found): string {
  const said = new Set(meaning.trim().split(/\s+/));
  return why
    .split(" ")
    .map((word) => (word.startsWith("/") || (said.has(word) && word.length > 2) ? "…" : word))
    .join(" ");
}

function matches(words: readonly string[], said: readonly string[]): boolean {
  const open = words.at(-1) === "**";
  const fixed = open ? words.slice(0, -1) : words;
  if (open ? said.length < fixed.length : said.length !== fixed.length) return false;
  return said.every((word, at) => {
    const own = fixed[at] ?? "*";
    if (own === word) return true;
    if (own === "*") return isPlain(word);
    return own.endsWith("/**") && isPlain(word) && isBelow(own.slice(0, -2), word);
  });
}

/** No option, nothing that is made while it runs, nothing that could end the word. */
function isPlain(word: string): boolean {
  return (
    !/^[-+]/.test(word) && !word.includes(UNKNOWN) && !/[…$`;&|<>(){}\\\u0000-\u001f\u007f-\u009f]/.test(word)
  );
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder) && path.length > folder.length && !path.split("/").includes("..");
}

function isMeant(pattern: string, { name, groups, tags }: HostPlace): boolean {
  if (pattern.startsWith("group:")) return groups.includes(pattern.slice(6));
  if (pattern.startsWith("tag:")) return tags.includes(pattern.slice(4));
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

/** Why these words are none for a grant; undefined: they are. */
export function faultIn(words: string): string | undefined {
  const all = words.trim().split(/\s+/);
  const [first = ""] = all;
  if (first === "" || first.includes("*")) return "its first word has to be written out";
  if (all.slice(0, -1).some((word) => word === "**")) return "** can only be the last word";
  const odd = all.find((word) => word.includes("*") && !/^(?:\*|\*\*|\/(?:[^*]*\/)?\*\*)$/.test(word));
  return odd === undefined
    ? undefined
    : `${odd}: a star is a whole word (*), the rest (**), or a path (/var/log/**)`;
}
