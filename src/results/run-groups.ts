import { createHash } from "node:crypto";
import { visibleLine } from "../base/text.ts";
import { ALIKE, type Alike, type ExecRecord, type FleetMember } from "../multiplexer/types.ts";
import { likenessOf, namesOfMember } from "./alike.ts";
import { endWords } from "./end-words.ts";
import { endNotes } from "./exec-ends.ts";
import { listingOf, withGaps } from "./exec-listing.ts";

/** Members that came to the same. */
export interface Alikes {
  readonly members: readonly FleetMember[];
  /** In what they differ all the same: what was asked to count for nothing. */
  readonly but: readonly Alike[];
  /** Of the first of them, what it is compared by. */
  readonly compared: readonly string[];
}

/** One member as it is compared. */
interface Compared {
  readonly key: string;
  readonly rows: readonly string[];
  readonly taken: ReadonlyMap<Alike, string>;
}

/** Outputs are compared once: they do not change any more. */
const known = new WeakMap<ExecRecord, Map<string, Omit<Compared, "rows">>>();

/** Members by what their output means, the fewest first; those of one number in the order of the hosts. */
export function outcomesAlike(members: readonly FleetMember[], kinds: readonly Alike[]): Alikes[] {
  return grouped(members, (member) => {
    const { record } = member;
    if (record === undefined || !hasEnded(record)) return undefined;
    const kept = known.get(record) ?? new Map<string, Omit<Compared, "rows">>();
    known.set(record, kept);
    const of = kinds.join();
    const found = kept.get(of);
    if (found !== undefined) return { ...found, rows: [] };
    const { pieces } = listingOf(record);
    const { rows, taken } = likenessOf(withGaps(pieces), namesOfMember(member), kinds);
    const hash = createHash("sha256");
    for (const row of [endWords(record), ...rows]) hash.update(`${row}\n`);
    // What was lost of an output may differ.
    const lost = record.stdout.text().dropped + record.stderr.text().dropped > 0;
    if (lost) hash.update(`${record.stdout.digest?.()} ${record.stderr.digest?.()}`);
    const one = { key: hash.digest("base64"), taken: digests(taken) };
    kept.set(of, one);
    return { ...one, rows: [] };
  }).sort((one, other) => one.members.length - other.members.length);
}

/** What a member is compared by, row for row. */
export function comparedRows(member: FleetMember, kinds: readonly Alike[]): readonly string[] {
  if (member.record === undefined) return [];
  return likenessOf(withGaps(listingOf(member.record).pieces), namesOfMember(member), kinds).rows;
}

/** Why a member came to no end of its command; undefined: it did, or goes on. */
export function reasonOf({ error, record }: FleetMember): Reason | undefined {
  if (error !== undefined) {
    const { code, message, next } = error;
    return { code, rows: [message, ...(next === undefined ? [] : [next])].join("\n").split("\n") };
  }
  if (record === undefined || record.end.is === "running" || hasEnded(record)) return undefined;
  const [code = ""] = endWords(record).split(" ").slice(-1);
  return { code, rows: endNotes(record) };
}

interface Reason {
  readonly code: string;
  readonly rows: readonly string[];
}

/** Members that failed for the same reason. */
export function failuresAlike(members: readonly FleetMember[]): Alikes[] {
  return grouped(members, (member) => {
    const reason = reasonOf(member);
    if (reason === undefined) return undefined;
    const rows = reasonsAlike(reason.rows, member.host);
    return { key: `${reason.code} ${rows.join("\n")}`, rows, taken: new Map() };
  });
}

/** Sentences on one host without what is another's on another. */
export function reasonsAlike(reasons: readonly string[], host: string): readonly string[] {
  const own = reasons.map((row) =>
    row
      .replaceAll(host, "<host>")
      .replace(/<host> \([^()\s]+\)/g, "<host>")
      .replace(/\b(?:session )?exec-\d+\b/g, "its session")
      .replace(/(\d):\d{1,5}\b/g, "$1")
      .replace(/\b\d+(?:\.\d+)? ?m?s\b/g, "<times>"),
  );
  return likenessOf(own, [], ["times", "addresses"]).rows;
}

/** Its end is known, as far as such an end can be. */
export function hasEnded({ end }: ExecRecord): boolean {
  return (end.is === "exit" && end.stopped === undefined) || end.is === "in_session" || end.is === "facts";
}

/** Members that ask the same. */
export function questionsAlike(members: readonly FleetMember[]): Alikes[] {
  return grouped(members, (member) => {
    const { question } = member;
    if (question === undefined) return undefined;
    const row = visibleLine(question.row, 300).trim();
    const names = namesOfMember(member);
    const { rows } = likenessOf([row], names, ["names", "times"]);
    return {
      key: `${question.asked} ${question.submit ?? ""} ${rows[0] ?? ""}`,
      rows: [row],
      taken: new Map(),
    };
  });
}

function grouped(
  members: readonly FleetMember[],
  of: (member: FleetMember) => Compared | undefined,
): Alikes[] {
  const groups = new Map<string, { members: FleetMember[]; but: Set<Alike>; first: Compared }>();
  for (const member of members) {
    const one = of(member);
    if (one === undefined) continue;
    const group = groups.get(one.key) ?? { members: [], but: new Set<Alike>(), first: one };
    groups.set(one.key, group);
    group.members.push(member);
    for (const kind of ALIKE) if (group.first.taken.get(kind) !== one.taken.get(kind)) group.but.add(kind);
  }
  return [...groups.values()].map(({ members: those, but, first }) => ({
    members: those,
    but: [...but],
    compared: first.rows,
  }));
}

function digests(taken: ReadonlyMap<Alike, string>): ReadonlyMap<Alike, string> {
  return new Map(
    [...taken].map(([kind, values]) => [kind, createHash("sha256").update(values).digest("base64")]),
  );
}
