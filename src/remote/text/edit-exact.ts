import { type Change, type Edit, withEnds, wrong } from "./edit.ts";
import { lineOfRaw, type TextLines } from "./lines.ts";
import { nearMiss, placesOf } from "./near-miss.ts";

/** Where a text stands; `all` or not, it must stand there. @throws SshMcpError `invalid_argument` saying what comes near. */
export function changesOfText(
  lines: TextLines,
  old: string,
  edit: Edit,
  earlier: readonly Edit[],
): readonly Change[] {
  if (old === "") throw wrong("old is empty.", "Use after to insert lines.");
  const replacement = edit.new ?? "";
  if (old === replacement) throw wrong("old and new are the same text");
  // Who writes a CR means the very bytes.
  const exact = old.includes("\r");
  const text = exact ? lines.raw : lines.view;
  const found = offsetsOf(text, old, edit.all === true);
  if (found.length === 0) throw wrong(nearMiss(lines, old, earlier));
  if (found.length > 1 && edit.all !== true) {
    const numbers = found.map((at) => (exact ? lineOfRaw(lines.raw, at) : lines.lineAt(at)));
    throw wrong(
      `old matches ${found.length} times, ${placesOf(numbers)}; it must match once.`,
      "Give more of the text around it, or pass all: true.",
    );
  }
  return found.map((at) => {
    if (exact) return { from: at, to: at + old.length, text: replacement };
    const to = at + old.length;
    return {
      from: lines.rawOffset(at),
      to: lines.rawOffset(to),
      text: withEnds(replacement, lines, at, to),
    };
  });
}

/** `apart`: none that begins inside the one before. */
function offsetsOf(text: string, wanted: string, apart: boolean): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; ) {
    found.push(at);
    at = text.indexOf(wanted, at + (apart ? wanted.length : 1));
  }
  return found;
}
