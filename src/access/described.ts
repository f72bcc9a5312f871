import type { Action, TextPart } from "../base/contract/action.ts";
import { visibleLine } from "../base/text.ts";

/** The act in words; typed text may be a secret, and another caller may read this. */
export function described(draft: Action): string {
  switch (draft.verb) {
    case "run":
    case "exec":
      return `\`${visibleLine(draft.command, 80)}\``;
    case "type":
      if (draft.part !== undefined) return describedPart(draft.part);
      return `a text of ${[...draft.shown].length} characters`;
    case "file":
      return `${draft.op} of ${visibleLine(draft.path, 80)}`;
    default:
      return `an act (${draft.verb})`;
  }
}

export function undone(draft: Action): string {
  return draft.verb === "run" ? "it was NOT run" : "nothing of it was sent";
}

function describedPart({ from, to, of }: TextPart): string {
  const which = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return `${from > 1 ? "the rest of a text" : "a text"} (${which} of ${of})`;
}
