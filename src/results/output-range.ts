import type { CommandRecord, SessionText, SessionView } from "../multiplexer/types.ts";

/** Transcript range of a command's output; undefined: what came before the first command. */
export function commandRange(
  session: SessionView,
  record: CommandRecord | undefined,
): { from: number; to: number } {
  if (record !== undefined) return { from: record.from, to: record.to ?? session.end };
  return { from: session.start, to: session.commands()[0]?.from ?? session.end };
}

/** Text of that range without the empty rows around it, which carry nothing. */
export async function outputOf(
  session: SessionView,
  record: CommandRecord | undefined,
): Promise<SessionText> {
  const { from, to } = commandRange(session, record);
  return withoutBlanksAround(await session.text(from, to));
}

/** The text without the empty rows around it. */
export function withoutBlanksAround(text: SessionText): SessionText {
  const lines = withoutOuterBlanks(text.lines);
  const { gap } = text;
  if (gap === undefined) return { ...text, lines };
  const before = text.lines.findIndex((line) => line !== "");
  return { ...text, lines, gap: { ...gap, at: gap.at - Math.max(0, before) } };
}

export function withoutOuterBlanks(lines: readonly string[]): string[] {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from] === "") from++;
  while (to > from && lines[to - 1] === "") to--;
  return lines.slice(from, to);
}
