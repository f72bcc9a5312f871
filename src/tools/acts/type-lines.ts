import type { Place } from "../../access/arrivals.ts";
import type { Action, TextPart } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Reply, WaitOptions } from "../../multiplexer/types.ts";

/** Kinds of question behind which a program that reads line by line takes the next one. */
const TAKES_LINES: ReadonlySet<string> = new Set(["repl", "continuation"]);

/** One line of a text, and whether Enter follows it. */
export interface TextLine {
  readonly text: string;
  readonly enter: boolean;
}

/**
 * The lines of a text for a program that reads them at prompts of its own (`asked: "repl"`); undefined: it goes as one. A paste
 * would be one line to such a program, and the lines behind the first would be lost.
 */
export function linesFor(
  { text, enter, paste }: { readonly text: string; readonly enter: boolean; readonly paste?: boolean },
  asked: string | undefined,
): readonly TextLine[] | undefined {
  if (paste === true || asked !== "repl") return undefined;
  const rows = text.split(/\r\n|\r|\n/);
  if (rows.length === 1) return undefined;
  const last = rows.length - 1;
  const lines = rows.map((row, index) => ({ text: row, enter: index < last || enter }));
  return lines.at(-1)?.text === "" && !enter ? lines.slice(0, -1) : lines;
}

/** Some lines of a text, for the log: which they are, and what they say. */
export interface Part extends TextPart {
  readonly text: string;
}

export interface TypeLines {
  readonly place: Place;
  readonly wait: WaitOptions;
  /** Milliseconds left of the caller's one wait. */
  left(): number;
  /** Types one line and waits for what comes of it. @throws SshMcpError. */
  type(line: TextLine, part: Part, at: Place, wait: WaitOptions): Promise<Reply>;
  /** The act that is still to come when these lines are. */
  rest(part: Part): Action;
}

/**
 * Types each line once the one before is answered by a prompt, and nobody else anything between. Where something else comes,
 * or the time is over, the lines behind are not sent, and the result says so. @throws SshMcpError of the first line.
 */
export async function typeLines(lines: readonly TextLine[], how: TypeLines): Promise<Reply> {
  const { place, wait } = how;
  const notes: string[] = [];
  let reply: Reply | undefined;
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const why = reply === undefined ? undefined : hindrance(reply, how.left());
    if (reply !== undefined && why !== undefined) {
      const said = unsent(index, lines, why);
      place.withhold(new SshMcpError("not_ready", said));
      return finished(reply, [...notes, said]);
    }
    try {
      place.assertHeld();
      const part = partOf(lines, index, index + 1);
      const next = last
        ? await how.type(line, part, place, { ...wait, timeoutMs: how.left() })
        : await how.type(
            line,
            part,
            placeBetween(place, () => how.rest(partOf(lines, index + 1))),
            {
              timeoutMs: how.left(),
            },
          );
      if (!last) notes.push(...next.outcome.notes);
      reply =
        reply === undefined ? next : { ...next, outcome: { ...next.outcome, from: reply.outcome.from } };
    } catch (error) {
      if (reply === undefined || !(error instanceof SshMcpError)) throw error;
      place.withhold(error);
      return finished(reply, [...notes, unsent(index, lines, error.message)]);
    }
  }
  if (reply === undefined)
    throw new SshMcpError("invalid_argument", "the text holds no line: nothing was sent");
  return finished(reply, [...notes, ...reply.outcome.notes]);
}

function finished(reply: Reply, notes: readonly string[]): Reply {
  return { ...reply, outcome: { ...reply.outcome, notes: [...new Set(notes)] } };
}

/** Why the next line is not typed; undefined: it may be. */
function hindrance({ outcome }: Reply, leftMs: number): string | undefined {
  if (outcome.state === "asking")
    return TAKES_LINES.has(outcome.asked)
      ? leftMs > 0
        ? undefined
        : "the time was over"
      : `the program asks something else (${outcome.asked}): ${visibleLine(outcome.row, 120)}`;
  if (outcome.state === "running") return "the line before it was not answered by a prompt in time";
  return `the program does not read lines any more (${outcome.state})`;
}

function unsent(index: number, lines: readonly TextLine[], why: string): string {
  const which = index === lines.length - 1 ? `line ${index + 1}` : `lines ${index + 1} to ${lines.length}`;
  return `${which} of ${lines.length} NOT sent: ${why}`;
}

function partOf(lines: readonly TextLine[], start: number, end = lines.length): Part {
  const text = lines
    .slice(start, end)
    .map((line) => line.text)
    .join("\n");
  return { text, from: start + 1, to: end, of: lines.length };
}

/** The place, kept while lines are still to come: others wait, and an interrupt withdraws what is not typed. */
function placeBetween(place: Place, rest: () => Action): Place {
  return {
    arrival: place.arrival,
    notes: place.notes,
    behindOwn: (limit) => place.behindOwn(limit),
    turn: (limit) => place.turn(limit),
    over: (end) => place.over(end),
    unlessWithdrawn: (work) => place.unlessWithdrawn(work),
    isWithdrawn: (error) => place.isWithdrawn(error),
    assertHeld: () => place.assertHeld(),
    begin: () => place.assertHeld(),
    typed: () => place.partTyped(rest()),
    partTyped: (more) => place.partTyped(more),
    withhold: (why) => place.withhold(why),
    leave: () => {},
  };
}
