import type { Action } from "../base/contract/action.ts";
import { readsCommands, simpleCommands } from "./simple-commands.ts";

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
      return execTexts(action);
    case "open": {
      const lines = (action.lines ?? []).map(({ text }) => text);
      return lines.length === 0 ? [] : withLines(lines.join("\n"), lines);
    }
    default:
      return [];
  }
}

/** The command and what is sent for it; its input as lines, where a shell reads that. */
function execTexts({ command, line, stdin }: Extract<Action, { verb: "exec" }>): readonly string[] {
  const fed = stdin !== undefined && readsCommands(command) ? [stdin, ...stdin.split(/\r\n?|\n/)] : [];
  return withLines(command, [...command.split(/\r\n?|\n/), ...(line === undefined ? [] : [line]), ...fed]);
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
