import { visibleLine } from "../base/text.ts";
import type { Reply, SessionText } from "../multiplexer/types.ts";
import { grouped, sizeText } from "./excerpt.ts";
import { gapNotes } from "./numbered.ts";

/** Every note of a finished wait that does not depend on how its output is shown. */
export function outcomeNotes(reply: Reply, own: readonly string[] = []): string[] {
  const { outcome } = reply;
  const notes = [...own, ...openedNotes(reply), ...outcome.notes];
  // The status line has the code already.
  if (outcome.state === "closed" && !/^(code \d+)?$/.test(outcome.detail)) notes.push(outcome.detail);
  if ((outcome.state === "running" || outcome.state === "ready") && outcome.match !== undefined)
    notes.push(`matched ${JSON.stringify(visibleLine(outcome.match))}`);
  return notes;
}

function openedNotes({ session, opened }: Reply): string[] {
  if (opened === undefined) return [];
  return [
    `opened session ${session.name} to ${session.target} (${visibleLine(opened.framing, 120)})`,
    ...opened.notes,
  ];
}

/** What a wait's part of the output leaves unsaid. */
export function partNotes(text: SessionText): string[] {
  const { prunedBytes, approximate, gap, unseen = 0 } = text;
  return [
    ...gapNotes(text),
    ...unseenNotes(unseen),
    ...(prunedBytes > 0 && gap === undefined
      ? [`${sizeText(prunedBytes)} of this output were pruned: over the session's transcript budget`]
      : []),
    ...asideNotes(text),
    ...likeOwnNotes(text),
    ...approximateNotes(approximate),
  ];
}

/** Binary data: what of it no terminal shows. */
export function unseenNotes(unseen: number): string[] {
  if (unseen === 0) return [];
  const count = unseen === 1 ? "1 control byte" : `${grouped(unseen)} control bytes`;
  return [`${count} (NUL and others) of this output are not shown; od -c or base64 shows binary data whole`];
}

export function approximateNotes(approximate: boolean): string[] {
  return approximate ? ["output too large to render exactly: cursor movements were not applied"] : [];
}

/** Rows a device printed by itself behind its prompt or around the line; the newest few. */
export function asideNotes({
  asides = [],
  asidesFrom: from,
}: Pick<SessionText, "asides" | "asidesFrom">): string[] {
  if (asides.length === 0) return [];
  const shown = asides.slice(-3).map((row) => JSON.stringify(visibleLine(row, 160)));
  const count = asides.length === 1 ? "1 row" : `${asides.length} rows`;
  const where = from === undefined ? "" : `; ssh_read with cursor ${from} shows all that came`;
  return [`${count} that the device printed by itself, behind its prompt: ${shown.join(", ")}${where}`];
}

/** Line numbers named in a note. */
const NAMED_LINES = 5;

/** Log rows inside an output. One that is made of them (a log that was asked for) needs no such note. */
function likeOwnNotes({ lines, likeOwn = [] }: SessionText): string[] {
  if (likeOwn.length === 0 || 2 * likeOwn.length > lines.length) return [];
  const blank = lines.findIndex((line) => line !== "");
  const numbers = likeOwn.slice(0, NAMED_LINES).map((index) => index - blank + 1);
  const more = likeOwn.length > numbers.length ? ` and ${likeOwn.length - numbers.length} more` : "";
  const named = `${likeOwn.length === 1 ? "line" : "lines"} ${numbers.join(", ")}${more}`;
  return [`log rows of the device may have come between: ${named} of this output, left in place`];
}
