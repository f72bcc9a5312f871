import { visible } from "../../base/text.ts";
import type { Edit } from "./edit.ts";
import type { TextLines } from "./lines.ts";

/** Line numbers that are named. */
const MOST_NAMED = 10;
/** Rows that are compared before the nearest place is not looked for any longer. */
const MOST_STEPS = 2_000_000;
/** Characters of a line that are quoted. */
const QUOTED = 120;

/** `in lines 3, 9 and 12`; `in line 4`. */
export function placesOf(numbers: readonly number[]): string {
  const lines = [...new Set(numbers)];
  const [only] = lines;
  if (lines.length === 1) return `in line ${only}`;
  if (lines.length > MOST_NAMED)
    return `in lines ${lines.slice(0, MOST_NAMED).join(", ")} and ${lines.length - MOST_NAMED} more`;
  return `in lines ${lines.slice(0, -1).join(", ")} and ${lines.at(-1)}`;
}

/** Why a text does not stand in the file: what comes nearest to it, and where that differs. */
export function nearMiss(lines: TextLines, old: string, earlier: readonly Edit[]): string {
  const absent = "old is not in the file";
  const wanted = old.replaceAll("\r\n", "\n");
  const sooner = earlier.findIndex((edit) => edit.new?.includes(old));
  if (sooner >= 0)
    return `${absent}, but in what edit ${sooner + 1} puts there: all edits of a call see the file as it was; make them one`;
  if (wanted !== old && lines.view.includes(wanted))
    return `${absent} with its CRs, but without them: \\n in old is whatever ends the file's lines`;
  if (wanted.endsWith("\n") && lines.view.endsWith(wanted.slice(0, -1)))
    return `${absent} with a line end behind it: the file's last line has none`;
  const stand = /\[secret\]|<U\+[\dA-F]{4,6}>/.exec(old)?.[0];
  if (stand !== undefined)
    return `${absent}: ${stand} is a placeholder, not the file's text; name the line by its number, or use a regex`;
  const rows = wanted.split("\n");
  if (rows.at(-1) === "") rows.pop();
  const bare = rows.map((row) => NUMBERED.exec(row)?.[1]);
  if (bare.every((row) => row !== undefined) && lines.view.includes(bare.join("\n")))
    return `${absent}, but without the line numbers it is: they are not part of the lines`;
  const steps = { left: MOST_STEPS };
  for (const { reduced, how } of LOOSER) {
    const at = linesLike(lines, rows, reduced, steps);
    if (at.length > 0)
      return `${absent}; ${placesOf(at)} it is, ${how}: ${difference(lines, at[0] ?? 1, rows)}`;
  }
  return `${absent}${longestBegun(lines, rows, steps)}`;
}

/** A row as a listing with line numbers has it. */
const NUMBERED = /^\s*\d+(?:[:|\u2192-] ?|\t)(.*)$/;

/** Ways to read two texts as the same, the strictest first. */
const LOOSER: readonly { readonly how: string; readonly reduced: (row: string) => string }[] = [
  { how: "except for blanks at its lines' ends", reduced: (row) => row.trimEnd() },
  { how: "except for how its lines are indented", reduced: (row) => row.trim() },
  { how: "except for blanks", reduced: (row) => row.replace(/\s+/gu, "") },
  {
    how: "except for quotes, dashes and blanks of another kind",
    reduced: (row) =>
      row
        .replace(/[\u2018\u2019\u201a\u201b`]/g, "'")
        .replace(/[\u201c-\u201f]/g, '"')
        .replace(/[\u2010-\u2015\u2212]/g, "-")
        .replace(/[\s\u200b-\u200d\ufeff]+/gu, ""),
  },
  { how: "except for capitals", reduced: (row) => row.replace(/\s+/gu, "").toLowerCase() },
];

/** First lines of the places that hold these rows once all are reduced; the first and last row may be parts of a line. */
function linesLike(
  lines: TextLines,
  rows: readonly string[],
  reduced: (row: string) => string,
  steps: { left: number },
): number[] {
  const wanted = rows.map(reduced);
  if (wanted.every((row) => row === "")) return [];
  const [first = ""] = wanted;
  const found: number[] = [];
  for (let line = 1; line + rows.length - 1 <= lines.count && found.length <= MOST_NAMED; line++) {
    if (steps.left-- <= 0) return [];
    const begins = reduced(rowOf(lines, line));
    if (rows.length === 1 ? !begins.includes(first) : !begins.endsWith(first)) continue;
    const fits = wanted.every((row, index) => {
      if (index === 0) return true;
      if (steps.left-- <= 0) return false;
      const there = reduced(rowOf(lines, line + index));
      return index === wanted.length - 1 ? there.startsWith(row) : there === row;
    });
    if (fits) found.push(line);
  }
  return found;
}

/** The first line that differs, both ways. */
function difference(lines: TextLines, from: number, rows: readonly string[]): string {
  const index = rows.findIndex((row, at) => {
    const there = rowOf(lines, from + at);
    if (rows.length === 1) return true;
    if (at === 0) return !there.endsWith(row);
    return at === rows.length - 1 ? !there.startsWith(row) : there !== row;
  });
  const at = Math.max(0, index);
  return `line ${from + at} is ${quoted(rowOf(lines, from + at))}, old has ${quoted(rows[at] ?? "")}`;
}

/** The longest run of its first rows that stands somewhere, and the row that ends it. */
function longestBegun(lines: TextLines, rows: readonly string[], steps: { left: number }): string {
  const [first = ""] = rows;
  if (rows.length < 2) return "";
  let best = { line: 0, rows: 0 };
  for (let line = 1; line <= lines.count && steps.left-- > 0; line++) {
    if (!rowOf(lines, line).endsWith(first) || first === "") continue;
    let same = 1;
    while (same < rows.length && line + same <= lines.count && rowOf(lines, line + same) === rows[same]) {
      same++;
      steps.left--;
    }
    if (same > best.rows) best = { line, rows: same };
  }
  if (best.rows === 0) return `, nor does its first line, ${quoted(first)}`;
  const next = best.line + best.rows;
  const there = next > lines.count ? "the file ends there" : `line ${next} is ${quoted(rowOf(lines, next))}`;
  const begun = best.rows === 1 ? "its first line is" : `its first ${best.rows} lines are`;
  return `: ${begun} at line ${best.line}, but ${there}, old has ${quoted(rows[best.rows] ?? "")}`;
}

function rowOf(lines: TextLines, line: number): string {
  return lines.view.slice(lines.startOf(line), lines.bodyEndOf(line));
}

/** With blanks that are told apart: a model sees a tab from blanks. */
function quoted(row: string): string {
  const shown = row.length > QUOTED ? `${row.slice(0, QUOTED)}…` : row;
  return visible(JSON.stringify(shown)).replace(
    /[\u00a0\u2000-\u200f\u202f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
