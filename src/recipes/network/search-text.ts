import { z } from "zod";
import { gather, gatheredIn, gatheredNotes, within } from "../bounds.ts";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import { patternNotes, patternStep } from "../pattern.ts";
import { type Sh, sh } from "../sh.ts";
import { findFrom, place, SEARCH_S, startNotes, startStep } from "./search-files.ts";

/** Bytes of a row that are shown. */
const WIDEST = 500;
/** In front of a file's name: no row of `grep -n` begins so. */
const FILE = "f ";
/** A path with a newline cannot be one row of `grep -l`. */
const SPLIT = "*\n*";

export interface Match {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** It stands beside one that matches. */
  readonly context?: boolean;
}

export const searchText = defineRecipe({
  name: "search_text",
  toolset: "network",
  title: "Search in files",
  description: "Lines of the text files below a folder (grep); binary files are skipped; ended after 20 s.",
  programs: ["find", "grep"],
  inputs: {
    ...place,
    pattern: z.string().min(1).max(500).describe("Extended regular expression (grep -E)."),
    fixed: z.boolean().optional().describe("The pattern is plain text."),
    ignore_case: z.boolean().optional().describe("Letters of either case."),
    context: z.number().int().min(0).max(20).optional().describe("Lines around each match."),
    include: z.string().min(1).max(300).optional().describe("Only in files of this name, a glob: *.conf"),
  },
  steps(inputs, nature) {
    const { pattern, fixed = false, ignore_case: anyCase = false, context, include, limit = 100 } = inputs;
    const how = [fixed ? "-F" : "-E", ...(anyCase ? ["-i"] : [])];
    const around = context === undefined || context === 0 ? [] : ["-C", String(context)];
    const names = include === undefined ? [] : ["-name", include];
    const text = nature.busybox.has("grep") ? [] : ["-I"];
    const files = sh`${findFrom(inputs)} -type f ${names} ! -path ${SPLIT} -exec grep -l ${text} ${how} -e ${pattern} {} +`;
    const each = sh`while IFS= read -r f; do ${onlyText(nature)} printf 'f %s\n' "$f"; grep -n -m ${limit + 1} ${text} ${how} ${around} -e ${pattern} "$f"; done`;
    return {
      there: startStep(inputs.path),
      ...patternStep(pattern, how),
      found: gather(within(nature, SEARCH_S, files), rowsFor(limit, context), [
        each,
        sh`cut -b ${`1-${WIDEST}`}`,
      ]),
    };
  },
  read(ran, { limit = 100, context, path }) {
    const gathered = gatheredIn(ran.get("found"), rowsFor(limit, context));
    const all = matchesIn(gathered.rows);
    const last = all.filter((one) => !one.context)[limit];
    const matches = last === undefined ? all : all.slice(0, all.indexOf(last));
    const more = gathered.more || last !== undefined;
    const refused = patternNotes(ran);
    const files = new Set(matches.map((one) => one.path)).size;
    const hits = matches.filter((one) => !one.context).length;
    return {
      facts: { matches, more, timeUp: gathered.timeUp, errors: gathered.errorCount },
      lines: matchRows(matches),
      words: [
        `${hits}${more ? "+" : ""} ${hits === 1 ? "line" : "lines"} in ${files} ${files === 1 ? "file" : "files"}`,
      ],
      notes: [
        ...startNotes(ran.get("there")?.lines, path),
        ...(refused.length === 0 ? gatheredNotes({ ...gathered, more }, SEARCH_S) : refused),
      ],
    };
  },
});

/** Rows of so many matches with what is around them, names and rows between. */
function rowsFor(limit: number, context = 0): number {
  return limit * (context === 0 ? 2 : 2 * context + 3);
}

/** BusyBox's grep does not tell a binary file: a NUL in its first bytes does. */
function onlyText(nature: Nature): Sh {
  if (!nature.busybox.has("grep")) return sh``;
  return sh`[ "$(head -c 8192 < "$f" | wc -c)" = "$(head -c 8192 < "$f" | tr -d '\000' | wc -c)" ] || continue;`;
}

function matchesIn(rows: readonly string[]): Match[] {
  let path = "";
  return rows.flatMap((row) => {
    if (row.startsWith(FILE)) {
      path = row.slice(FILE.length).replace(/\/{2,}/g, "/");
      return [];
    }
    const [, line, sign, text = ""] = /^(\d+)([:-])(.*)$/.exec(row) ?? [];
    if (line === undefined) return [];
    const cut = Buffer.byteLength(row) >= WIDEST ? `${text.replace(/\uFFFD+$/, "")}…` : text;
    return [{ path, line: Number(line), text: cut, ...(sign === "-" ? { context: true } : {}) }];
  });
}

/** Each file's name once, its rows below. */
function matchRows(matches: readonly Match[]): string[] {
  return matches.flatMap((match, at) => {
    const before = matches[at - 1];
    const sameFile = before?.path === match.path;
    const gap = sameFile && match.context === true && before.line + 1 < match.line ? ["--"] : [];
    const head = sameFile ? gap : [...(before === undefined ? [] : [""]), match.path];
    return [...head, `${match.line}${match.context ? "-" : ":"} ${match.text}`];
  });
}
