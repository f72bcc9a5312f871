import { SshMcpError } from "../base/errors.ts";
import { patternOf } from "../base/pattern.ts";
import type { CommandRecord, SessionText, SessionView } from "../multiplexer/types.ts";
import { type Found, grepLines, type Hide } from "./grep.ts";
import { indexOf, type Numbered, numberOf, totalOf } from "./numbered.ts";
import { outputOf } from "./output-range.ts";

/** Which part of a command's output is wanted. */
export interface Selection {
  /** Command id; 0: what came before the first; undefined: the newest. */
  readonly command?: number | undefined;
  /** First line, from 1; negative: counted from the end. */
  readonly offset?: number | undefined;
  readonly lines?: number | undefined;
  /** RE2 pattern. */
  readonly grep?: string | undefined;
  /** Lines around each match. */
  readonly context?: number | undefined;
  /** What is not shown of it, and so not searched. */
  readonly hide?: Hide | undefined;
}

/** The part that was found. */
export interface OutputSelection {
  readonly session: string;
  /** Undefined: what came before the first command. */
  readonly record: CommandRecord | undefined;
  readonly lines: readonly string[];
  /** The whole output, and the index of the first of these lines in it. */
  readonly whole: Numbered;
  readonly from: number;
  /** The matches in these lines, where a pattern was given. */
  readonly found?: Found;
  readonly prunedBytes: number;
  /** Control bytes that are not shown. */
  readonly unseen: number;
  /** Echoes of secrets that were taken out of this session. */
  readonly masked?: number;
  readonly approximate: boolean;
  /** What the device printed beside the output. */
  readonly beside: Pick<SessionText, "asides" | "asidesFrom" | "stripped">;
}

/** Reads one command's output. @throws SshMcpError `unknown_command`, `invalid_argument` for a pattern. */
export async function selectOutput(session: SessionView, selection: Selection): Promise<OutputSelection> {
  const record = findCommand(session, selection.command);
  const text = await outputOf(session, record);
  const { gap, prunedBytes, approximate, unseen = 0 } = text;
  const whole: Numbered = { lines: text.lines, gap };
  const { from, to } = rangeOf(whole, selection);
  const lines = text.lines.slice(from, to);
  const { grep, context = 0, hide } = selection;
  const numbers = { of: (index: number) => numberOf(whole, from + index), gap: gap && gap.at - from };
  const found =
    grep === undefined ? {} : { found: await grepLines(lines, patternOf(grep), context, numbers, hide) };
  const { name, masked = 0 } = session;
  const about = { prunedBytes, approximate, unseen, masked, beside: text };
  return { session: name, record, lines, whole, from, ...found, ...about };
}

/** Indexes of the lines that are wanted; beyond the end there is nothing, and the status line says how many there are. */
function rangeOf(whole: Numbered, { offset, lines }: Selection): { from: number; to: number } {
  const total = totalOf(whole);
  const first =
    offset === undefined || offset === 0 ? 1 : offset < 0 ? Math.max(1, total + offset + 1) : offset;
  if (first > total) return { from: whole.lines.length, to: whole.lines.length };
  const last = lines === undefined ? total : Math.min(total, first + lines - 1);
  return { from: indexOf(whole, first), to: indexOf(whole, last) + 1 };
}

function findCommand(session: SessionView, id: number | undefined): CommandRecord | undefined {
  if (id === undefined) return session.commands().at(-1);
  if (id === 0) return undefined;
  const record = session.command(id);
  if (record !== undefined) return record;
  const known = session.commands();
  const first = known.at(0)?.id;
  const last = known.at(-1)?.id;
  throw new SshMcpError(
    "unknown_command",
    `session ${session.name} has no command #${id}${first === undefined ? ": nothing ran in it yet" : ""}.`,
    first === undefined
      ? "command: 0 reads what was printed at login."
      : `It remembers #${first} to #${last}.`,
  );
}
