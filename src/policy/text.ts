import type { Action } from "../base/contract/action.ts";
import { simpleCommands } from "./simple-commands.ts";

/**
 * Every text the far end would get to read by an action: the whole of it, each physical line for itself, and each simple
 * command of a line.
 */
export function textsOf(action: Action): readonly string[] {
  switch (action.verb) {
    case "run":
      return withLines(
        action.command,
        action.lines.map(({ text }) => text),
      );
    case "type":
      return withLines(action.shown, [...linesTyped(action.bytes), ...(action.enters?.lines ?? [])]);
    case "exec":
      return withLines(action.command, action.command.split(/\r\n?|\n/));
    case "open": {
      const lines = (action.lines ?? []).map(({ text }) => text);
      return lines.length === 0 ? [] : withLines(lines.join("\n"), lines);
    }
    default:
      return [];
  }
}

/** All that is typed, where a line may go on behind an Enter, and each line of it; without the marks of a paste. */
function linesTyped(bytes: Buffer): readonly string[] {
  const lines = bytes
    .toString("utf8")
    .replace(/\u001b\[20[01]~/g, "")
    .split(/\r\n?|[\n\u000f]/);
  return lines.length > 2 ? [lines.join("\n"), ...lines] : lines;
}

function withLines(whole: string, lines: readonly string[]): readonly string[] {
  const texts = new Set([whole, ...lines]);
  for (const text of [...texts]) for (const command of simpleCommands(text)) texts.add(command);
  return [...texts];
}
