import { messageOf, SshMcpError } from "../../base/errors.ts";
import { type Change, type Edit, wrong } from "./edit.ts";
import { changesOfText } from "./edit-exact.ts";
import { changesOfLines } from "./edit-lines.ts";
import { changesOfPattern } from "./edit-pattern.ts";
import { lineOfRaw, type TextLines, textLines } from "./lines.ts";

export interface Edited {
  readonly text: string;
  /** Changes of each edit, in their order. */
  readonly counts: readonly number[];
}

/** Failures that are told of in one call. */
const MOST_TOLD = 5;

/**
 * Applies edits that all see the text as it was; what no edit names stays as it is, to the byte.
 * @throws SshMcpError `invalid_argument` naming each edit that fails and why: then nothing is changed.
 */
export async function applyEdits(raw: string, edits: readonly Edit[]): Promise<Edited> {
  const lines = textLines(raw);
  const failed: string[] = [];
  const found: (Change & { readonly edit: number })[] = [];
  const counts: number[] = [];
  for (const [index, edit] of edits.entries()) {
    try {
      const changes = await changesOf(edit, lines, edits.slice(0, index));
      counts.push(changes.length);
      for (const change of changes) found.push({ ...change, edit: index + 1 });
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      failed.push(
        `edit ${index + 1}: ${messageOf(error)}${error.next === undefined ? "" : ` ${error.next}`}`,
      );
    }
  }
  if (failed.length === 0) {
    found.sort((a, b) => a.from - b.from || Number(a.to > a.from) - Number(b.to > b.from));
    const clash = overlapping(found, lines);
    if (clash === undefined) return { text: applied(raw, found), counts };
    failed.push(clash);
  }
  const rest = failed.length > MOST_TOLD ? [`and ${failed.length - MOST_TOLD} more`] : [];
  throw new SshMcpError(
    "invalid_argument",
    `nothing was changed: ${[...failed.slice(0, MOST_TOLD), ...rest].join("\n")}`,
    "ssh_read_file shows what is in it (offset and lines, or grep).",
  );
}

function changesOf(
  edit: Edit,
  lines: TextLines,
  earlier: readonly Edit[],
): readonly Change[] | Promise<readonly Change[]> {
  const { old, regex, line, to, after, all } = edit;
  const places = [old, regex, line, after].filter((place) => place !== undefined).length;
  if (places !== 1)
    throw wrong("give exactly one of old, regex, line and after: each says where something is changed");
  if (all !== undefined && old === undefined && regex === undefined)
    throw wrong("all goes with old or regex");
  if (to !== undefined && line === undefined) throw wrong("to goes with line");
  if (old !== undefined) return changesOfText(lines, old, edit, earlier);
  if (regex !== undefined) return changesOfPattern(lines, regex, edit);
  return changesOfLines(lines, edit);
}

function overlapping(
  changes: readonly (Change & { readonly edit: number })[],
  lines: TextLines,
): string | undefined {
  let before = changes[0];
  for (const change of changes.slice(1)) {
    if (before !== undefined && change.from < before.to) {
      const line = lineOfRaw(lines.raw, change.from);
      return `edits ${before.edit} and ${change.edit} overlap in line ${line}: all edits of a call see the file as it was; make them one`;
    }
    before = change;
  }
  return undefined;
}

function applied(raw: string, changes: readonly Change[]): string {
  const parts: string[] = [];
  let kept = 0;
  for (const { from, to, text } of changes) {
    parts.push(raw.slice(kept, from), text);
    kept = to;
  }
  parts.push(raw.slice(kept));
  return parts.join("");
}
