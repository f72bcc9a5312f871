import { patternOf } from "../../../base/pattern.ts";
import { visibleLine } from "../../../base/text.ts";
import { checkText } from "../../../changes/plan.ts";
import type { ChangeRecord } from "./book.ts";
import type { Hands } from "./hands.ts";
import { counted } from "./plan.ts";

/** Longest row that a pattern is held against. */
const ROW = 2_000;

/** The first check that does not hold, with the row that shows it; undefined: all do. */
export async function checked(
  hands: Hands,
  session: string,
  record: ChangeRecord,
): Promise<string | undefined> {
  const { checks, counts } = record.plan;
  for (const [index, check] of checks.entries()) {
    const came = await hands.run(session, check.command, { mode: check.mode });
    if (came.is !== "done") return `check "${check.command}" could not be made: ${came.why}`;
    const rows = came.lines.map((line) => line.slice(0, ROW));
    const { expect, forbid, count } = check;
    if (expect !== undefined && !rows.some((row) => patternOf(expect).find(row) !== undefined))
      return `check "${checkText(check)}": no row has it${firstOf(rows)}`;
    const bad =
      forbid === undefined ? undefined : rows.find((row) => patternOf(forbid).find(row) !== undefined);
    if (bad !== undefined) return `check "${checkText(check)}": ${visibleLine(bad.trim(), 160)}`;
    const before = counts[index];
    if (count !== undefined && before !== undefined) {
      const now = counted(count, rows);
      if (now < before) return `check "${checkText(check)}": ${before} before, ${now} now`;
    }
    record.shown.push(`check holds: ${checkText(check)}`);
  }
  return undefined;
}

function firstOf(rows: readonly string[]): string {
  const row = rows.find((one) => one.trim() !== "");
  return row === undefined
    ? "; the answer was empty"
    : `; the answer begins: ${visibleLine(row.trim(), 160)}`;
}
