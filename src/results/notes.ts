import { visibleLine } from "../base/text.ts";
import type { Reply, SessionText } from "../multiplexer/types.ts";
import { sizeText } from "./excerpt.ts";

/** Every note of a finished wait that does not depend on how its output is shown. */
export function outcomeNotes(reply: Reply, own: readonly string[] = []): string[] {
  const { outcome } = reply;
  const notes = [...own, ...openedNotes(reply), ...outcome.notes];
  // The status line has the code already.
  if (outcome.state === "closed" && !/^(code \d+)?$/.test(outcome.detail)) notes.push(outcome.detail);
  if (outcome.state === "running" && outcome.match !== undefined)
    notes.push(`matched ${JSON.stringify(visibleLine(outcome.match))}`);
  return notes;
}

function openedNotes({ session, opened }: Reply): string[] {
  if (opened === undefined) return [];
  return [
    `opened session ${session.name} to ${session.target} (${visibleLine(session.framing, 120)})`,
    ...opened.notes,
  ];
}

/** What a wait's part of the output leaves unsaid. */
export function partNotes({ prunedBytes, asides = [], approximate }: SessionText): string[] {
  return [
    ...(prunedBytes > 0
      ? [`${sizeText(prunedBytes)} of this output were pruned: over the session's transcript budget`]
      : []),
    ...asideNotes(asides),
    ...approximateNotes(approximate),
  ];
}

export function approximateNotes(approximate: boolean): string[] {
  return approximate ? ["output too large to render exactly: cursor movements were not applied"] : [];
}

/** Rows a device printed in between on its own account; the newest few. */
function asideNotes(asides: readonly string[]): string[] {
  if (asides.length === 0) return [];
  const shown = asides.slice(-3).map((row) => JSON.stringify(visibleLine(row, 160)));
  const count = asides.length === 1 ? "1 row" : `${asides.length} rows`;
  return [`${count} that the device printed by itself left out of the output: ${shown.join(", ")}`];
}
