import { type TypedLine, withoutEcho } from "./echo.ts";

const LF = 0x0a;

/** What was held behind a prompt's mark and is not the echo of the line typed there. */
export interface BehindMark {
  /** The prompt, as far as it is not the one before. */
  readonly prompt: Buffer;
  /** What others have printed. */
  readonly rows: readonly Buffer[];
}

/**
 * A prompt's mark comes before its text. Where a line was typed in between, the prompt is shown before that, or behind it where the
 * terminal has no line editor: text that ends no row is the prompt's. Where whole rows have come, too, all of it may be others'.
 */
export function behindMark(held: Buffer, typed: TypedLine): BehindMark {
  const rows = withoutEcho(held, typed);
  if (rows.some((row) => row.at(-1) === LF)) return { prompt: Buffer.alloc(0), rows };
  return { prompt: Buffer.concat(rows), rows: [] };
}
