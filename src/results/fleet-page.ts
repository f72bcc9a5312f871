import { visibleLine } from "../base/text.ts";
import { isWell } from "../multiplexer/exec-fleet.ts";
import type { ExecRecord, FleetMember, FleetRecord } from "../multiplexer/types.ts";
import type { Budget } from "./budget.ts";
import { endWords } from "./end-words.ts";
import { excerpt, grouped } from "./excerpt.ts";
import { endNotes } from "./exec-ends.ts";
import { listingOf, withGaps } from "./exec-listing.ts";
import { foldNames, foldNumbers } from "./folded.ts";
import { reasonsAlike } from "./run-groups.ts";
import { durationWord } from "./status-line.ts";

interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

/** Members that came to the same. */
interface Group {
  readonly members: FleetMember[];
  readonly title: string;
  readonly rows: readonly string[];
}

/** A group gets so many characters at least; where there are too many groups for that, the rest is only named. */
const LEAST_CHARS = 400;
/** Of the names in one row. */
const NAMES_CHARS = 2_000;

/** Hosts by what their output was: each distinct one once, the failures apart. */
export async function fleetPage(fleet: FleetRecord, budget: Budget): Promise<Page> {
  const { members } = fleet;
  const ended = grouping(members, ({ record, state }) => (state === "ended" ? record : undefined), outputOf);
  const failed = grouping(members, ({ error }) => error, failureOf);
  const groups = [...ended, ...failed];
  const whole = groups.reduce((sum, group) => sum + lengthOf(group), 0) <= budget.whole;
  const most = whole ? groups.length : Math.max(1, Math.floor(budget.cut / LEAST_CHARS));
  const share = Math.max(LEAST_CHARS, Math.floor(budget.cut / Math.max(1, Math.min(groups.length, most))));
  const output: string[] = [];
  // Failures are few and tell most: they have the first right to a place.
  const shown = [...ended.slice(0, Math.max(1, most - failed.length)), ...failed].slice(0, most);
  for (const group of groups) {
    if (!shown.includes(group)) continue;
    const { lines } = whole
      ? { lines: group.rows }
      : await excerpt(
          group.rows,
          { whole: share, cut: share },
          { marker: (gap) => cutRow(group, gap.leftOut) },
        );
    output.push(`${namesOf(group.members)}: ${group.title}`, ...lines.map((line) => `  ${line}`));
  }
  const left = groups.filter((group) => !shown.includes(group)).flatMap((group) => group.members);
  if (left.length > 0)
    output.push(`… ${grouped(groups.length - shown.length)} more outputs left out: ${namesOf(left)} …`);
  for (const state of ["running", "asking", "waiting"] as const) {
    const those = members.filter((member) => member.state === state);
    if (those.length > 0) output.push(`${namesOf(those)}: ${state}`);
  }
  return { output, notes: [], status: statusOf(fleet, ended.length) };
}

/** One row for each host, to be searched and read in parts. */
export function fleetRows({ members }: FleetRecord): string[] {
  return members.map(({ id, host, state, record, error }) => {
    const what = record === undefined ? (error === undefined ? state : error.code) : endWords(record);
    return `#${id} ${host} ${what}`;
  });
}

function cutRow({ members }: Group, leftOut: number): string {
  return `… ${grouped(leftOut)} lines left out; ssh_read(exec: ${members[0]?.id}) has all …`;
}

function statusOf(fleet: FleetRecord, outputs: number): (string | undefined)[] {
  const { members } = fleet;
  const count = (state: FleetMember["state"]) => members.filter((member) => member.state === state).length;
  const ok = members.filter(({ record }) => record !== undefined && isWell(record)).length;
  const word = (name: string, number: number) => (number === 0 ? undefined : `${name}=${number}`);
  return [
    "hosts",
    `#${fleet.id}`,
    fleet.running ? "running" : "done",
    `ok=${ok} of ${members.length}`,
    word("other", count("ended") - ok),
    word("failed", count("failed")),
    word("running", count("running")),
    word("waiting", count("waiting")),
    `outputs=${outputs}`,
    durationWord(fleet.durationMs),
  ];
}

/** `leaf[1-40] #2-41`: the names, and the numbers by which ssh_read reads each. */
function namesOf(members: readonly FleetMember[]): string {
  const names = foldNames(members.map(({ host }) => visibleLine(host, 200)));
  const shown =
    names.length <= NAMES_CHARS
      ? names
      : `${names.slice(0, NAMES_CHARS).replace(/,[^,]*$/, "")},… (${grouped(members.length)} hosts; ssh_read with offset and lines lists each)`;
  return `${shown} #${foldNumbers(members.map(({ id }) => id))}`;
}

/** The same within so many characters; `rest`: what the members are, where their names do not fit. */
export function foldedNames(members: readonly FleetMember[], chars: number, rest?: string): string {
  const count = `${grouped(members.length)} ${members.length === 1 ? "host" : "hosts"}`;
  const names = foldNames(members.map(({ host }) => visibleLine(host, 200)));
  const whole = `${names} #${foldNumbers(members.map(({ id }) => id))}`;
  if (whole.length <= chars) return members.length > 3 ? `${whole} (${count})` : whole;
  const [first] = members;
  if (rest !== undefined)
    return `${count} (${rest}), such as ${visibleLine(first?.host ?? "", 60)} #${first?.id}`;
  return `${names.slice(0, chars).replace(/,[^,]*$/, "")},… (${count}; ssh_read with offset and lines lists each)`;
}

/** Largest first; those of one size in the order of the hosts. */
function grouping<T>(
  members: readonly FleetMember[],
  partOf: (member: FleetMember) => T | undefined,
  groupOf: (part: T, member: FleetMember) => { key: string; title: string; rows: () => readonly string[] },
): Group[] {
  const groups = new Map<string, Group>();
  for (const member of members) {
    const part = partOf(member);
    if (part === undefined) continue;
    const { key, title, rows } = groupOf(part, member);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { members: [member], title, rows: rows() });
    else known.members.push(member);
  }
  return [...groups.values()].sort((one, other) => other.members.length - one.members.length);
}

function outputOf(record: ExecRecord, { host }: FleetMember) {
  const { stdout, stderr, end } = record;
  const title = endWords(record);
  const plain =
    (end.is === "exit" && end.stopped === undefined) ||
    (end.is === "in_session" && end.untyped === undefined);
  const told = plain ? [] : endNotes(record);
  const printed = [stdout.digest?.(), stdout.bytes, stderr.digest?.(), stderr.bytes];
  const key = JSON.stringify([title, ...printed, ...reasonsAlike(told, host)]);
  const rows = () => {
    const { pieces, notes } = listingOf(record);
    return [...withGaps(pieces), ...[...told, ...notes].map((note) => `(${note})`)];
  };
  return { key, title, rows };
}

/** The same failure of two hosts differs in their names and addresses; what is shown is the first one's, as it is. */
function failureOf(error: { readonly code: string; readonly message: string }, { host }: FleetMember) {
  const message = error.message
    .replaceAll(host, "HOST")
    .replace(/HOST \([^()\s]+:\d+\)/g, "HOST")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "ADDRESS");
  return { key: `${error.code} ${message}`, title: error.code, rows: () => error.message.split("\n") };
}

function lengthOf({ rows, title, members }: Group): number {
  return rows.reduce((sum, row) => sum + row.length + 3, title.length + namesOf(members).length + 3);
}
