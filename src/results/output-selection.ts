import { SshMcpError } from "../base/errors.ts";
import { patternOf } from "../base/pattern.ts";
import type { CommandRecord, SessionText, SessionView } from "../multiplexer/types.ts";
import { type Found, grepLines } from "./grep.ts";
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
}

/** The part that was found. */
export interface OutputSelection {
  readonly session: string;
  /** Undefined: what came before the first command. */
  readonly record: CommandRecord | undefined;
  readonly lines: readonly string[];
  /** Index of the first of these lines in the whole output, and the whole output's length. */
  readonly from: number;
  readonly of: number;
  /** The matches in these lines, where a pattern was given. */
  readonly found?: Found;
  readonly prunedBytes: number;
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
  const { lines: all, prunedBytes, approximate } = text;
  const from = firstIndex(selection.offset, all.length);
  const to = selection.lines === undefined ? all.length : Math.min(all.length, from + selection.lines);
  const lines = all.slice(from, to);
  const { grep, context = 0 } = selection;
  const found =
    grep === undefined ? {} : { found: await grepLines(lines, patternOf(grep), context, from + 1) };
  const { name, masked = 0 } = session;
  const of = all.length;
  return { session: name, record, lines, from, of, ...found, prunedBytes, approximate, masked, beside: text };
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

/** Index of the first line wanted; beyond the end there is nothing, and the status line says how many there are. */
function firstIndex(offset: number | undefined, length: number): number {
  if (offset === undefined || offset === 0) return 0;
  return offset < 0 ? Math.max(0, length + offset) : Math.min(offset - 1, length);
}
