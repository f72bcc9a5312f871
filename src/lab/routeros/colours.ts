import { coloured } from "./ansi.ts";
import { resolve } from "./resolve.ts";
import { splitWords, type Word } from "./words.ts";

/** Text with the parameter of the SGR sequence it is painted with. */
export interface Segment {
  readonly text: string;
  readonly colour: string | undefined;
}

/** As captured from 7.19 and 7.24: menus cyan, commands magenta, arguments green, `=` yellow, unknown red. */
const MENU = "36";
const COMMAND = "35";
const ARGUMENT = "32";
const EQUALS = "33";
const UNKNOWN = "31";

/** A line in the colours the console gives it; plain while it cannot be read. */
export function colourLine(line: string, path: string): Segment[] {
  const colours: (string | undefined)[] = new Array(line.length).fill(undefined);
  const paint = (from: number, to: number, colour: string) => colours.fill(colour, from, to);
  const words = readable(line);
  if (words === undefined) return [{ text: line, colour: undefined }];
  const { steps, command, rest, unknown } = resolve(words, path);
  for (const { kind, column, text } of steps) {
    const end = column + text.length;
    paint(column, end, kind === "menu" ? MENU : COMMAND);
    if (line.charAt(column - 1) === "/") paint(column - 1, column, MENU);
    if (line.charAt(end) === "/") paint(end, end + 1, MENU);
  }
  if (unknown !== undefined) paint(unknown.column, unknown.column + unknown.text.length, UNKNOWN);
  if (command !== undefined) for (const word of rest) paintArgument(word, paint);
  return grouped(line, colours);
}

function paintArgument(
  { text, column }: Word,
  paint: (from: number, to: number, colour: string) => void,
): void {
  const equals = /^[\w-]+=/.exec(text)?.[0].length ?? 0;
  if (equals === 0) return;
  paint(column, column + equals - 1, ARGUMENT);
  paint(column + equals - 1, column + equals, EQUALS);
}

function readable(line: string): Word[] | undefined {
  try {
    return splitWords(line);
  } catch {
    return undefined; // Half-typed quotes and brackets; what is wrong is said when it is run.
  }
}

function grouped(line: string, colours: readonly (string | undefined)[]): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < line.length; ) {
    let end = at + 1;
    while (end < line.length && colours[end] === colours[at]) end += 1;
    segments.push({ text: line.slice(at, end), colour: colours[at] });
    at = end;
  }
  return segments;
}

export function plain(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join("");
}

export function paintSegments(segments: readonly Segment[], withColours: boolean): string {
  return withColours ? segments.map(({ text, colour }) => coloured(text, colour)).join("") : plain(segments);
}

/** Columns `from` to `to` of segments. */
export function sliceSegments(segments: readonly Segment[], from: number, to: number): Segment[] {
  let start = 0;
  return segments.flatMap(({ text, colour }) => {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    return part === "" ? [] : [{ text: part, colour }];
  });
}
