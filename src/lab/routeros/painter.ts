import { ERASE_RIGHT, left } from "./ansi.ts";
import { paintSegments, plain, type Segment, sliceSegments } from "./colours.ts";

/** The terminal as the console believes it to be. */
export interface Surface {
  width: number;
  height: number;
  readonly colours: boolean;
  /** No escape sequences at all: blanks erase. */
  readonly dumb: boolean;
}

/** The whole row again: back to its start, prompt and line, the rest erased, the cursor where it belongs. */
export function paintRow(
  surface: Surface,
  prompt: readonly Segment[],
  line: readonly Segment[],
  cursor: number,
): string {
  const { view, column } = visible(surface.width, [...prompt, ...line], plain(prompt).length + cursor);
  const shown = plain(view).length;
  if (surface.dumb) {
    const text = plain(view);
    return `\r${text.padEnd(surface.width - 1)}\r${text.slice(0, column)}`;
  }
  return `\r${paintSegments(view, surface.colours)}${ERASE_RIGHT}${left(shown - column)}`;
}

/** Whether prompt and line fit on the row, so that a key can simply be echoed. */
export function fits(surface: Surface, prompt: readonly Segment[], length: number): boolean {
  return plain(prompt).length + length < surface.width - 1;
}

/**
 * What of a long row is seen: it moves by half a width, `<` and `>` mark what is hidden on either side (netmiko#3050).
 * The last column stays free.
 */
function visible(
  width: number,
  segments: readonly Segment[],
  cursor: number,
): { view: readonly Segment[]; column: number } {
  const room = width - 1;
  const length = plain(segments).length;
  const step = Math.max(1, Math.floor(width / 2));
  let offset = 0;
  while (cursor - offset >= room) offset += step;
  const until = Math.min(length, offset + room);
  const hasLeft = offset > 0;
  const hasRight = until < length;
  const middle = sliceSegments(segments, offset + (hasLeft ? 1 : 0), until - (hasRight ? 1 : 0));
  const mark = (text: string): Segment => ({ text, colour: undefined });
  const view = [...(hasLeft ? [mark("<")] : []), ...middle, ...(hasRight ? [mark(">")] : [])];
  return { view, column: cursor - offset };
}

export function eraseRow(surface: Surface): string {
  return surface.dumb ? `\r${" ".repeat(surface.width - 1)}\r` : `\r${ERASE_RIGHT}`;
}
