import { z } from "zod";
import type { FileFacts } from "../../remote/files/contract.ts";
import { type Listed, listFolder, MOST_DEEP, sorted, targetsOf } from "../../remote/files/listing.ts";
import { modeText, shownName, timeText } from "../../remote/files/shown.ts";
import { characterBudget } from "../../results/budget.ts";
import { grouped } from "../../results/excerpt.ts";
import { onFiles } from "../acts/files.ts";
import { parameters } from "../parameters.ts";
import { defineTool } from "../tool.ts";
import { fileParameters } from "./parameters.ts";

/** The shortest row takes so many characters: links of more rows than fit are not asked for. */
const SHORTEST_ROW = 40;

export const sshListDir = defineTool({
  name: "ssh_list_dir",
  title: "List a folder",
  description:
    "What is in a folder: mode, owner, size, time (UTC), name, of links the target. Links are not followed.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path.optional(),
    glob: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("Names such as *.conf; with / paths below it: **/*.conf."),
    depth: z.number().int().min(1).max(MOST_DEEP).optional().describe("Levels of folders; default 1."),
    sort: z
      .enum(["name", "size", "mtime"])
      .optional()
      .describe("Default name; size: largest, mtime: newest first."),
    offset: z.number().int().min(1).optional().describe("First entry, from 1."),
    lines: z.number().int().min(1).optional().describe("How many entries."),
    timeout_s: parameters.timeout_s,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, context) {
    const { path = ".", depth = 1, glob, sort = "name", offset = 1, lines, timeout_s, max_tokens } = params;
    const report = await onFiles(
      context,
      params,
      { op: "list", path, timeout_s },
      async ({ files, path: at, plan, signal }) => {
        const listing = await listFolder(files, at, { depth, glob }, signal);
        const all = sorted(listing.entries, sort);
        const part = all.slice(offset - 1, lines === undefined ? undefined : offset - 1 + lines);
        const shown = Math.ceil(characterBudget(max_tokens).whole / SHORTEST_ROW);
        const targets = await targetsOf(
          files,
          at,
          part.length <= shown ? part : [...part.slice(0, shown), ...part.slice(-shown)],
        );
        const whole = part.length === all.length;
        const range =
          part.length === 0 ? "entries=0" : `entries=${grouped(offset)}-${grouped(offset + part.length - 1)}`;
        return {
          host: plan.host.name,
          op: "list" as const,
          lines: rows(part, targets),
          first: offset,
          more: "offset and lines, or glob",
          notes: notesOf(listing, part),
          words: [
            `path=${shownName(at)}`,
            whole
              ? `${grouped(all.length)} ${all.length === 1 ? "entry" : "entries"}`
              : `${range} of ${grouped(all.length)}`,
          ],
        };
      },
    );
    return { result: { kind: "file", report }, maxTokens: max_tokens };
  },
});

function rows(entries: readonly Listed[], targets: ReadonlyMap<string, string>): string[] {
  const cells = entries.map((entry) => {
    const { facts, owner, group } = entry;
    return [
      modeText(facts),
      owner ?? id(facts.uid),
      group ?? id(facts.gid),
      sizeOf(facts),
      timeText(facts.mtime),
    ];
  });
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...cells.map((row) => row[at]?.length ?? 0)));
  return entries.map(({ path, facts }, index) => {
    const row = (cells[index] ?? []).map((cell, at) =>
      at === 3 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    const target = targets.get(path);
    const name = `${shownName(path)}${facts.type === "dir" ? "/" : ""}`;
    return `${row.join(" ")} ${name}${target === undefined ? "" : ` -> ${shownName(target)}`}`;
  });
}

function id(number: number | undefined): string {
  return number === undefined ? "?" : String(number);
}

function sizeOf({ type, size }: FileFacts): string {
  return type === "dir" || size === undefined ? "-" : String(size);
}

function notesOf(
  { unread, cut }: Awaited<ReturnType<typeof listFolder>>,
  entries: readonly Listed[],
): string[] {
  const few = unread.slice(0, 3).map(({ path, why }) => `${shownName(path)} (${why})`);
  const lost = entries.filter(({ name }) => name.includes("\ufffd")).length;
  return [
    ...(cut
      ? [
          "there are more entries than the 100,000 that were looked at: name a folder within, or a lower depth",
        ]
      : []),
    ...(unread.length > 0
      ? [
          `${unread.length} ${unread.length === 1 ? "folder" : "folders"} could not be read: ${few.join(", ")}${unread.length > 3 ? ", …" : ""}`,
        ]
      : []),
    ...(lost > 0
      ? [
          `${lost} ${lost === 1 ? "name is" : "names are"} no UTF-8 and shown with U+FFFD; such a file cannot be reached by that name`,
        ]
      : []),
  ];
}
