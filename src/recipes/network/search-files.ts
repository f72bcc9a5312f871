import { z } from "zod";
import { gather, gatheredIn, gatheredNotes, within } from "../bounds.ts";
import { defineRecipe } from "../define.ts";
import { type Sh, sh } from "../sh.ts";

/** Seconds for the search itself, less than the whole call has. */
export const SEARCH_S = 20;
/** Each name as one row: a newline in it is written `\n`, a backslash `\\`. */
const ROWS = [sh`tr '\n\000' '\001\n'`, sh`{ c=$(printf '\001'); sed -e 's/\\/\\\\/g' -e "s/$c/\\\\n/g"; }`];
/** What the kernel shows as files, looked into only where it is the start. */
const KERNELS = ["/proc", "/sys", "/dev"];

export const place = {
  path: z.string().min(1).describe("Folder on the host to start in."),
  max_depth: z.number().int().min(0).max(100).optional().describe("Levels below it."),
  cross: z.boolean().optional().describe("Also other file systems below it."),
  limit: z.number().int().min(1).max(2_000).optional().describe("Default 100."),
};

interface Place {
  readonly path: string;
  readonly max_depth?: number | undefined;
  readonly cross?: boolean | undefined;
}

/** `find` from there on, up to its tests; on one file system unless asked. */
export function findFrom({ path, max_depth: depth, cross = false }: Place): Sh {
  // A name that begins with a dash is no option; a slash behind a link looks into what it points at.
  const start = path.startsWith("-") ? `./${path}` : path;
  const from = start.endsWith("/") ? start : `${start}/`;
  const deep = depth === undefined ? sh`` : sh`-maxdepth ${depth}`;
  const within = KERNELS.some((folder) => from.startsWith(`${folder}/`));
  const pruned = KERNELS.flatMap((folder, at) => [...(at === 0 ? [] : ["-o"]), "-path", folder]);
  if (!cross) return sh`find ${from} -xdev ${deep}`;
  return within ? sh`find ${from} ${deep}` : sh`find ${from} ${deep} \( ${pruned} \) -prune -o`;
}

export const searchFiles = defineRecipe({
  name: "search_files",
  toolset: "network",
  title: "Find files",
  description: "Files and folders by name, type, size, age; on one file system, ended after 20 s.",
  programs: ["find"],
  inputs: {
    ...place,
    name: z.string().min(1).max(300).optional().describe("Glob of the name alone: *.conf"),
    ignore_case: z.boolean().optional().describe("Of the name."),
    type: z.enum(["file", "folder", "link"]).optional().describe("Default: all."),
    min_bytes: z.number().int().min(1).optional().describe("At least this large."),
    changed_days: z.number().int().min(1).max(36_500).optional().describe("Changed in these last days."),
  },
  steps(inputs, nature) {
    const {
      name,
      ignore_case: anyCase = false,
      type,
      min_bytes: least,
      changed_days: days,
      limit = 100,
    } = inputs;
    const tests = [
      ...(type === undefined ? [] : ["-type", { file: "f", folder: "d", link: "l" }[type]]),
      ...(name === undefined ? [] : [anyCase ? "-iname" : "-name", name]),
      ...(least === undefined ? [] : ["-size", `+${least - 1}c`]),
      ...(days === undefined ? [] : ["-mtime", `-${days}`]),
    ];
    return {
      there: startStep(inputs.path),
      found: gather(within(nature, SEARCH_S, sh`${findFrom(inputs)} ${tests} -print0`), limit, ROWS),
    };
  },
  read(ran, { limit = 100, path }) {
    const found = gatheredIn(ran.get("found"), limit);
    const paths = found.rows.map(nameOf);
    return {
      facts: { paths, more: found.more, timeUp: found.timeUp, errors: found.errorCount },
      lines: paths.map(oneLine),
      words: [`${paths.length}${found.more ? "+" : ""} found`],
      notes: [...startNotes(ran.get("there")?.lines, path), ...gatheredNotes(found, SEARCH_S)],
    };
  },
});

export function startStep(path: string): Sh {
  return sh`[ -d ${path} ] || { [ -e ${path} ] && echo file || echo missing; }`;
}

export function startNotes(said: readonly string[] | undefined, path: string): string[] {
  if (said?.includes("missing"))
    return [
      `${path}: there is no such folder, or a folder on the way may not be entered; nothing was searched`,
    ];
  return said?.includes("file") ? [`${path} is no folder; nothing was searched`] : [];
}

/** A name as `find` has it: some put a slash of their own behind the start's. */
export function nameOf(row: string): string {
  return row.replace(/\\([\\n])/g, (_, sign) => (sign === "n" ? "\n" : "\\")).replace(/\/{2,}/g, "/");
}

/** A name with a newline stays one row. */
export function oneLine(name: string): string {
  return name.replaceAll("\n", "\\n");
}
