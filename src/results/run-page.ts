import { isWell } from "../multiplexer/exec-fleet.ts";
import type { Alike, FleetMember, FleetRecord } from "../multiplexer/types.ts";
import type { Budget } from "./budget.ts";
import { endWords } from "./end-words.ts";
import { excerpt, grouped } from "./excerpt.ts";
import { endNotes } from "./exec-ends.ts";
import { listingOf, withGaps } from "./exec-listing.ts";
import { foldedNames } from "./fleet-page.ts";
import {
  type Alikes,
  comparedRows,
  failuresAlike,
  hasEnded,
  outcomesAlike,
  questionsAlike,
  reasonOf,
} from "./run-groups.ts";
import { durationWord } from "./status-line.ts";

interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

/** What many hosts that agree may cost a reader who named no size: about 300 tokens, and so many hosts are many. */
const AGREED_CHARS = 1_100;
const MANY = 20;
/** An outlier gets so many characters at least. */
const LEAST_CHARS = 300;
/** Names of the largest group: those of the others are shown in full, it is the rest. */
const REST_CHARS = 160;
const NAMES_CHARS = 2_000;
/** An outlier with more rows is shown by the rows in which it differs, where these are few. */
const SHORT_ROWS = 6;

/** Hosts by what came of the command: what asks, what failed, outliers, and what most have in common last. */
export async function runPage(fleet: FleetRecord, budget: Budget, given: boolean): Promise<Page> {
  const { members, terms } = fleet;
  const kinds = terms?.alike ?? [];
  const ended = outcomesAlike(
    members.filter(({ state }) => state === "ended"),
    kinds,
  );
  const failed = failuresAlike(members);
  const asking = questionsAlike(members);
  const most = ended.at(-1);
  const others = ended.slice(0, -1);
  const output: string[] = asking.flatMap((group) => questionRows(fleet, group));
  const agreed = others.length + failed.length + asking.length === 0;
  const room = roomFor(budget, { agreed, given, hosts: members.length }) - sizeOf(output);
  const parts = [
    ...failed.map((group) => ({ group, failure: true })),
    ...others.map((group) => ({ group, failure: false })),
  ];
  const shown = Math.min(parts.length, Math.max(1, Math.floor((room * 2) / 3 / LEAST_CHARS)));
  const share = Math.max(LEAST_CHARS, Math.floor((room * 2) / 3 / Math.max(1, shown)));
  for (const { group, failure } of parts.slice(0, shown))
    output.push(
      ...(failure ? await failureRows(group, share) : await outlierRows(group, most, kinds, share)),
    );
  const left = parts.slice(shown).flatMap(({ group }) => group.members);
  if (left.length > 0)
    output.push(
      `… ${grouped(parts.length - shown)} more outcomes left out: ${foldedNames(left, NAMES_CHARS)}; a larger max_tokens shows more …`,
    );
  if (most !== undefined)
    output.push(...(await mostRows(most, agreed, Math.max(LEAST_CHARS, room - sizeOf(output)))));
  for (const state of ["running", "waiting"] as const) {
    const those = members.filter((member) => member.state === state);
    if (those.length > 0) output.push(`${foldedNames(those, NAMES_CHARS)}: ${state}`);
  }
  return { output, notes: notesOf(fleet, asking), status: statusOf(fleet, ended.length) };
}

function roomFor(
  { whole, cut }: Budget,
  { agreed, given, hosts }: { readonly agreed: boolean; readonly given: boolean; readonly hosts: number },
): number {
  if (given) return cut;
  return agreed && hosts > MANY ? AGREED_CHARS : whole;
}

function questionRows(fleet: FleetRecord, { members, compared }: Alikes): string[] {
  const [first] = members;
  // Only what was shown is answered by a call that does not name it.
  for (const { question } of members) if (question !== undefined) question.shown = true;
  const risk = first?.question?.risk;
  const what = [first?.question?.asked, risk === undefined ? undefined : `risk=${risk}`]
    .filter((word) => word !== undefined)
    .join(" ");
  return [
    `${foldedNames(members, NAMES_CHARS)}: asking ${what}`,
    `  ${compared[0] ?? ""}`,
    `  (answered by ssh_run(run: ${fleet.id}, answer: "…"); to: [hosts] for a part of them)`,
  ];
}

/** The reason in its own words, without what differs where several have it. */
async function failureRows({ members, compared }: Alikes, share: number): Promise<string[]> {
  const reasons = members.map(reasonOf);
  const [first] = reasons;
  const said = new Set(reasons.map((reason) => reason?.rows.join("\n")));
  const rows = first !== undefined && said.size === 1 ? first.rows : compared;
  const { lines } = await excerpt(
    rows.filter((row) => row.trim() !== ""),
    { whole: share, cut: share },
    { marker: ({ leftOut }) => `… ${grouped(leftOut)} rows left out …` },
  );
  return [`${foldedNames(members, NAMES_CHARS)}: ${first?.code}`, ...lines.map((line) => `  ${line}`)];
}

/** By the rows in which it differs from what most have, where these are few; else its own output. */
async function outlierRows(
  { members, but }: Alikes,
  most: Alikes | undefined,
  kinds: readonly Alike[],
  share: number,
): Promise<string[]> {
  const [first] = members;
  const [usual] = most?.members ?? [];
  if (first?.record === undefined) return [];
  const own = rowsOf(first);
  const difference = usual === undefined ? undefined : differenceOf(first, usual, kinds);
  const short = difference !== undefined && own.length > SHORT_ROWS && difference.length * 2 < own.length;
  const rows = short ? difference : own;
  const id = first.id;
  const { lines } = await excerpt(
    rows,
    { whole: share, cut: share },
    { marker: ({ leftOut }) => `… ${grouped(leftOut)} rows left out; ssh_read(exec: ${id}) has all …` },
  );
  const how = short ? ", differs from most in" : "";
  return [
    `${foldedNames(members, NAMES_CHARS)}: ${endWords(first.record)}${butFor(but)}${how}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

async function mostRows({ members, but }: Alikes, agreed: boolean, room: number): Promise<string[]> {
  const [first] = members;
  if (first?.record === undefined) return [];
  const { id } = first;
  const { lines } = await excerpt(
    rowsOf(first),
    { whole: room, cut: room },
    { marker: ({ leftOut }) => `… ${grouped(leftOut)} rows left out; ssh_read(exec: ${id}) has all …` },
  );
  const names = foldedNames(members, REST_CHARS, agreed ? "all" : "not named above");
  return [`${names}: ${endWords(first.record)}${butFor(but)}`, ...lines.map((line) => `  ${line}`)];
}

function rowsOf({ record }: FleetMember): string[] {
  if (record === undefined) return [];
  const { pieces, notes } = listingOf(record);
  const plain = hasEnded(record) && (record.end.is !== "in_session" || record.end.untyped === undefined);
  return [...withGaps(pieces), ...[...(plain ? [] : endNotes(record)), ...notes].map((note) => `(${note})`)];
}

/** Rows that one has and the other has not, each as often; in their order. */
function differenceOf(one: FleetMember, other: FleetMember, kinds: readonly Alike[]): string[] {
  const [mine, theirs] = [comparedRows(one, kinds), comparedRows(other, kinds)];
  const less = (rows: readonly string[], without: readonly string[]) => {
    const count = new Map<string, number>();
    for (const row of without) count.set(row, (count.get(row) ?? 0) + 1);
    return rows.filter((row) => {
      const left = count.get(row) ?? 0;
      count.set(row, left - 1);
      return left <= 0;
    });
  };
  const rows = [
    ...less(theirs, mine).map((row) => `- ${row}`),
    ...less(mine, theirs).map((row) => `+ ${row}`),
  ];
  return rows.length === 0 ? ["the same rows in another order"] : rows;
}

function butFor(but: readonly Alike[]): string {
  return but.length === 0 ? "" : ` (alike but for ${but.join(", ")})`;
}

function notesOf(fleet: FleetRecord, asking: readonly Alikes[]): string[] {
  const waits = fleet.members.filter(({ state }) => state === "waiting").length;
  if (asking.length === 0 || waits === 0) return [];
  if (fleet.stopped === true)
    return [
      `${waits} hosts wait, and will NOT be begun, whatever is answered: the run has stopped (stop_on); give the call again for them`,
    ];
  return [
    `${waits} hosts wait: they begin once what asks is answered, or ssh_disconnect(exec: ${fleet.id}) ends all`,
  ];
}

function statusOf(fleet: FleetRecord, outcomes: number): (string | undefined)[] {
  const { members } = fleet;
  const count = (state: FleetMember["state"]) => members.filter((member) => member.state === state).length;
  const ok = members.filter(
    ({ record, state }) => state === "ended" && record !== undefined && isWell(record),
  ).length;
  const failed = members.filter((member) => reasonOf(member) !== undefined).length;
  const word = (name: string, number: number) => (number === 0 ? undefined : `${name}=${number}`);
  return [
    "run",
    `#${fleet.id}`,
    fleet.running ? (count("running") === 0 && count("asking") > 0 ? "asking" : "running") : "done",
    `ok=${ok} of ${members.length}`,
    word("other", members.length - ok - failed - count("asking") - count("running") - count("waiting")),
    word("failed", failed),
    word("asking", count("asking")),
    word("running", count("running")),
    word("waiting", count("waiting")),
    `outcomes=${outcomes}`,
    durationWord(fleet.durationMs),
  ];
}

function sizeOf(rows: readonly string[]): number {
  return rows.reduce((sum, row) => sum + row.length + 1, 0);
}
