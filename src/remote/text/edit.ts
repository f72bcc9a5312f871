import { SshMcpError } from "../../base/errors.ts";
import type { TextLines } from "./lines.ts";

/** One edit as a caller gives it: exactly one of `old`, `regex`, `line` and `after` says where. */
export interface Edit {
  /** This very text; `\n` in it is whatever ends the file's lines. */
  readonly old?: string | undefined;
  /** RE2, matched within lines. */
  readonly regex?: string | undefined;
  /** This line, or the lines up to `to`. */
  readonly line?: number | undefined;
  readonly to?: number | undefined;
  /** Behind this line; 0: at the beginning, -1: at the end. */
  readonly after?: number | undefined;
  /** What comes there; left out: nothing does. */
  readonly new?: string | undefined;
  /** Every match, not the only one. */
  readonly all?: boolean | undefined;
}

/** Characters [from, to) of the raw text make way for `text`. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What is wrong with one edit; which it is comes before. */
export function wrong(why: string, next?: string): SshMcpError {
  return new SshMcpError("invalid_argument", why, next);
}

/** `new` as it goes in: its line ends become those of the lines that it takes the place of, or stands among. */
export function withEnds(text: string, lines: TextLines, from: number, to: number): string {
  if (lines.style === undefined || lines.style === "\n") return text;
  const first = lines.lineAt(from);
  const last = Math.max(first, lines.lineAt(Math.max(from, to - 1)));
  let line = first;
  return text.replace(/(?<!\r)\n/g, () => {
    const end = lines.endOf(line) || lines.endOf(line - 1) || "\n";
    if (line < last) line++;
    return end;
  });
}
