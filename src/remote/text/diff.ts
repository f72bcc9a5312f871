import { textLines } from "./lines.ts";

/** Changed lines beyond which the shortest way from one text to the other is not looked for. */
const MOST_EDITS = 1_000;
/** Nor beyond this time. */
const LONGEST_MS = 150;
const CONTEXT = 3;

/** What differs between two texts, as `diff -u` has it; no lines: nothing. */
export interface TextDiff {
  /** From the first `@@` on. */
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** False: they differ in so much that everything between the first and the last difference is shown as replaced. */
  readonly shortest: boolean;
}

/** Where both texts end their lines alike, the ends are left out; else a CR that differs is part of its line. */
export async function textDiff(before: string, after: string): Promise<TextDiff> {
  if (before === after) return { lines: [], added: 0, removed: 0, shortest: true };
  const [old, now] = [textLines(before), textLines(after)];
  const alike = old.style === now.style && old.style !== "mixed";
  const [a, b] = alike ? [split(old.view), split(now.view)] : [split(before), split(after)];
  const same = common(a, b);
  const from = Math.max(0, same.first - CONTEXT);
  const rest = Math.max(0, same.last - CONTEXT);
  const [left, right] = [a.slice(from, a.length - rest), b.slice(from, b.length - rest)];
  const { structuredPatch } = await import("diff");
  const patch = structuredPatch("", "", left.join(""), right.join(""), "", "", {
    context: CONTEXT,
    maxEditLength: MOST_EDITS,
    timeout: LONGEST_MS,
  });
  const hunks = patch?.hunks ?? [whole(left, right, same.first - from, same.last - rest)];
  const lines: string[] = [];
  let [added, removed] = [0, 0];
  for (const { oldStart, oldLines, newStart, newLines, lines: rows } of hunks) {
    lines.push(`@@ -${range(oldStart + from, oldLines)} +${range(newStart + from, newLines)} @@`);
    for (const row of rows) {
      lines.push(row);
      if (row.startsWith("+")) added++;
      else if (row.startsWith("-")) removed++;
    }
  }
  return { lines, added, removed, shortest: patch !== undefined };
}

/** Lines with their ends. */
function split(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** How many lines are the same at the beginning, and of the others at the end. */
function common(a: readonly string[], b: readonly string[]): { first: number; last: number } {
  const most = Math.min(a.length, b.length);
  let first = 0;
  while (first < most && a[first] === b[first]) first++;
  let last = 0;
  while (last < most - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last++;
  return { first, last };
}

/** One hunk with everything between the first and the last difference. */
function whole(left: readonly string[], right: readonly string[], first: number, last: number) {
  const rows = (sign: string, lines: readonly string[]) =>
    lines.flatMap((line) =>
      line.endsWith("\n") ? [sign + line.slice(0, -1)] : [sign + line, "\\ No newline at end of file"],
    );
  return {
    oldStart: 1,
    oldLines: left.length,
    newStart: 1,
    newLines: right.length,
    lines: [
      ...rows(" ", left.slice(0, first)),
      ...rows("-", left.slice(first, left.length - last)),
      ...rows("+", right.slice(first, right.length - last)),
      ...rows(" ", left.slice(left.length - last)),
    ],
  };
}

/** An empty side is told by the line before it, as `diff -u` does. */
function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? String(start) : `${start},${lines}`;
}
