import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Reply, SessionView } from "../multiplexer/types.ts";
import type { Around, Redact } from "../secrets/redactor.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import { type Budget, characterBudget } from "./budget.ts";
import { checkPage } from "./check-page.ts";
import { excerpt, grouped, type Omission, shownWord, sizeText, tellingWord } from "./excerpt.ts";
import { execPage, execSelectionPage } from "./exec-page.ts";
import { filePage } from "./file-page.ts";
import { filtered } from "./filtered.ts";
import { fleetPage } from "./fleet-page.ts";
import { unsearchedNotes } from "./grep.ts";
import { closedAllLines, hostLines, sessionListLines } from "./lists.ts";
import { AS_IT_IS, MaskCount } from "./mask-count.ts";
import { approximateNotes, asideNotes, outcomeNotes, partNotes, unseenNotes } from "./notes.ts";
import { gapNotes, type Numbered, numberOf, spreadOver, totalOf, unseenOf } from "./numbered.ts";
import { commandRange, withoutBlanksAround } from "./output-range.ts";
import type { OutputSelection } from "./output-selection.ts";
import { recipePage } from "./recipe-page.ts";
import type { Answer, Result, WaitResult } from "./result.ts";
import { runPage } from "./run-page.ts";
import { screenRows } from "./screen.ts";
import type { SearchHits } from "./search.ts";
import {
  lineWord,
  type News,
  outcomeWords,
  recordWords,
  screenWords,
  statusLine,
  strippedWord,
  viewWords,
} from "./status-line.ts";
import { type Listener, STRANGER } from "./told.ts";

/** A result as a person would read it: output, then our notes, then the status line. */
interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  /** Words of the status line; left out: there is none. */
  readonly status?: readonly (string | undefined)[];
}

/**
 * A result as text within its budget. Output is data: nothing in it can take the place of the last line. `redact` takes the
 * secrets in use out of it.
 */
export async function render(
  { result, maxTokens, notes: before = [] }: Answer,
  redact: Redact = AS_IT_IS,
  listener: Listener = STRANGER,
): Promise<string> {
  if (result.kind === "error") return redactedText(result.error, redact);
  const count = new MaskCount(redact, result);
  const {
    output,
    notes: own,
    status,
  } = await pageOf(result, {
    budget: characterBudget(maxTokens),
    sized: maxTokens !== undefined,
    redact: count.redact,
    listener,
  });
  const notes = [...before, ...own];
  const said = notes.map((note) => `note: ${count.redact(note.replace(/\s*\n\s*/g, " "))}`);
  if (status === undefined) return [...output, ...said].join("\n");
  const words = status.map((word) => maskedWord(word, count.redact));
  const last = statusLine([...words, count.word([...output, ...said, ...words].join("\n"))], notes);
  return [...output, ...said, last].join("\n");
}

function redactedText({ code, message, next }: SshMcpError, redact: Redact): string {
  return new SshMcpError(code, redact(message), next === undefined ? undefined : redact(next)).toText();
}

/** The values that the far side had a say in; a name of ours stays, even where a password is as poor as that. */
function maskedWord(word: string | undefined, redact: Redact): string | undefined {
  const at = word?.indexOf("=") ?? -1;
  return word === undefined || at < 0 ? word : `${word.slice(0, at + 1)}${redact(word.slice(at + 1))}`;
}

function maskedLines(lines: readonly string[], redact: Redact, around?: Around): readonly string[] {
  return lines.length === 0 ? lines : redact(lines.join("\n"), around).split("\n");
}

function rowsOf(session: SessionView): Around {
  return { rows: true, cols: session.screen().size.cols };
}

/** For whom a result is, and how much of it. */
interface Reading {
  readonly budget: Budget;
  /** Its size is the caller's own. */
  readonly sized: boolean;
  readonly redact: Redact;
  readonly listener: Listener;
}

async function pageOf(result: Exclude<Result, { kind: "error" }>, reading: Reading): Promise<Page> {
  const { budget, redact, listener, sized } = reading;
  switch (result.kind) {
    case "wait":
      return waitPage(result, reading);
    case "output":
      return masked(await outputPage(result.selection, budget), redact);
    case "search":
      return masked(await searchPage(result.session, result.found, budget), redact);
    case "screen":
      return masked(screenPage(result.session, result.since, listener), redact, rowsOf(result.session));
    case "exec":
      return masked(await execPage(result.record, budget, result.since), redact);
    case "fleet": {
      const page =
        result.fleet.terms?.alike === undefined
          ? await fleetPage(result.fleet, budget)
          : await runPage(result.fleet, budget, sized);
      if (result.rows === undefined) return masked(page, redact);
      const { lines } = await excerpt(result.rows, budget, { marker: moreMatches });
      return masked({ ...page, output: lines }, redact);
    }
    case "exec_output":
      return masked(await execSelectionPage(result.selection, budget), redact);
    case "file":
      return masked(await filePage(result.report, budget), redact);
    case "recipe":
      return masked(await recipePage(result.report, budget), redact);
    case "check":
      return masked(checkPage(result.report), redact);
    case "hosts":
      return { output: hostLines(result.hosts, result.of, budget.whole), notes: result.notes };
    case "sessions":
      return { output: sessionListLines(result, redact), notes: [] };
    case "present": {
      const { session, notes } = result;
      if (session.cwd !== undefined) listener.hears(session, session.cwd, session);
      return { output: [], notes, status: [...present(session), ...viewWords(session)] };
    }
    case "closed_all":
      return { output: closedAllLines(result, redact), notes: [] };
    case "closed":
      return closedPage(result.session, result.unfinished);
    case "unknown_tool": {
      const name = JSON.stringify(visibleLine(redact(result.name), 60));
      const off =
        result.off === undefined
          ? ""
          : ` (of the toolset ${result.off}, which the operator has not switched on)`;
      return { output: [`Unknown tool ${name}${off}; there are ${result.known.join(", ")}`], notes: [] };
    }
  }
}

function masked(page: Page, redact: Redact, around?: Around): Page {
  return { ...page, output: maskedLines(page.output, redact, around) };
}

async function waitPage(
  { reply, notes: own, since, screen: wantsScreen = false, filter }: WaitResult,
  { budget, redact, listener }: Reading,
): Promise<Page> {
  const { session, outcome } = reply;
  const told = reported(reply);
  const notes = outcomeNotes(reply, own);
  if (outcome.state === "screen" || wantsScreen) {
    const { rows, status } = screenPart(session, since, listener);
    const output = maskedLines(rows, redact, rowsOf(session));
    const words = outcomeWords(told, undefined, newsIn(told, session, listener, rows.at(-1)));
    return { output, notes, status: [...words, ...status] };
  }
  const text = withoutBlanksAround(await session.text(outcome.from, outcome.to));
  const around = redact === AS_IT_IS ? undefined : await aroundOf(session, outcome);
  const { lines } = text;
  const before = lineOffset(session, outcome);
  const numbered = (index: number) => (before === undefined ? undefined : before + numberOf(text, index));
  const statusOf = (counted: string, shown: readonly string[]) =>
    outcomeWords(told, counted, newsIn(told, session, listener, shown.at(-1)));
  if (filter !== undefined) {
    const {
      rows,
      words,
      notes: about,
    } = await filtered(text, filter, before ?? 0, redact === AS_IT_IS ? undefined : redact);
    const { lines: part, omission } = await excerpt(rows, budget, { marker: moreMatches });
    const cut = omission === undefined ? undefined : `shown=${grouped(rows.length - omission.leftOut)}`;
    return {
      output: maskedLines(part, redact, around),
      notes: [...notes, ...about, ...partNotes(text)],
      status: [...statusOf(words, part), cut, strippedWord(text)],
    };
  }
  const { lines: shown, omission } = await excerpt(lines, budget, {
    numberOf: numbered,
    marker: (gap) =>
      omissionLine(session.name, outcome.command, numbered(gap.firstLeftOut), spreadOver(text, gap)),
  });
  return {
    output: maskedLines(shown, redact, around),
    notes: [...notes, ...partNotes(text)],
    status: [...statusOf(shownWord(totalOf(text), unseenOf(text, omission)), shown), strippedWord(text)],
  };
}

/** A first prompt ends no command: the session is ready. */
function reported({ outcome, session }: Reply): Outcome {
  if (outcome.state !== "done" || outcome.command !== 0) return outcome;
  return { ...outcome, state: "ready", command: lastId(session) };
}

/** `last`: the last row shown. */
function newsIn(outcome: Outcome, session: SessionView, listener: Listener, last: string | undefined): News {
  const { state, cwd } = outcome;
  const said = state === "done" || state === "stopped" || state === "ready";
  return { cwd: said && cwd !== undefined && listener.hears(session, cwd, outcome), last };
}

/** As much output as is looked at for a secret that is cut by the border of a result. */
const BORDER_BYTES = 256;

/** What is before and behind a wait's part of the output, on its first and its last row. */
async function aroundOf(session: SessionView, { from, to }: Outcome): Promise<Around> {
  const text = async (first: number, end: number) =>
    end > first ? (await session.text(first, end)).lines : [];
  const before = await text(Math.max(session.start, from - BORDER_BYTES), from);
  const after = await text(to, Math.min(session.end, to + BORDER_BYTES));
  return { before: before.at(-1) ?? "", after: after[0] ?? "" };
}

async function outputPage(selection: OutputSelection, budget: Budget): Promise<Page> {
  const { session, record, lines, whole, from, found, prunedBytes, approximate, unseen } = selection;
  const of = totalOf(whole);
  const words = record === undefined ? [session, "#0", "done"] : recordWords(session, record);
  const notes = [
    ...(record?.remarks ?? []),
    ...gapNotes(whole, found !== undefined),
    ...(prunedBytes > 0 && whole.gap === undefined
      ? [`${sizeText(prunedBytes)} of this output were pruned; lines are counted over the rest`]
      : []),
    ...unseenNotes(unseen),
    ...asideNotes(selection.beside),
    ...approximateNotes(approximate),
  ];
  const counted =
    lines.length === whole.lines.length
      ? lineWord(of)
      : partWord(numberOf(whole, from), lines.length && numberOf(whole, from + lines.length - 1), of);
  if (found !== undefined) {
    const { lines: output } = await excerpt(found.lines, budget, { marker: moreMatches });
    const searched = lines.length === whole.lines.length ? `of ${counted}` : counted;
    return {
      output,
      notes: [...notes, ...unsearchedNotes(found)],
      status: [...words, `matches=${found.matches}`, searched],
    };
  }
  const part: Numbered = {
    lines,
    ...(whole.gap === undefined ? {} : { gap: { ...whole.gap, at: whole.gap.at - from } }),
  };
  const { lines: output, omission } = await excerpt(lines, budget, {
    numberOf: (index) => numberOf(whole, from + index),
    marker: (gap) =>
      omissionLine(session, record?.id ?? 0, numberOf(whole, from + gap.firstLeftOut), spreadOver(part, gap)),
  });
  if (lines.length === 0 && of > 0) notes.push(`nothing there: the output ends with line ${grouped(of)}`);
  const all = lines.length === whole.lines.length;
  const shown = [
    all && omission !== undefined ? shownWord(of, unseenOf(whole, omission)) : counted,
    all || omission === undefined ? undefined : `shown=${grouped(lines.length - omission.leftOut)}`,
  ];
  return { output, notes, status: [...words, ...shown, strippedWord(selection.beside)] };
}

async function searchPage(session: SessionView, found: SearchHits, budget: Budget): Promise<Page> {
  const all = found.groups.flatMap(({ record, outside, lines }) => {
    if (outside !== undefined) return [outsideTitle(outside), ...lines];
    const title = record === undefined ? "before the first command" : visibleLine(record.text, 120);
    return [`#${record?.id ?? 0}  ${title}`, ...lines];
  });
  const { lines: output } = await excerpt(all, budget, { marker: moreMatches });
  const { start, end } = session;
  const pruned =
    start > 0
      ? [
          `the oldest ${sizeText(start)} of the ${sizeText(end)} that this session printed are no longer kept, and were NOT searched but for the beginnings of commands`,
        ]
      : [];
  const notes = [...pruned, ...unsearchedNotes(found)];
  return { output, notes, status: [...present(session), `matches=${found.matches}`] };
}

function outsideTitle({ from, before }: NonNullable<SearchHits["groups"][number]["outside"]>): string {
  return `background ${before === undefined ? "after the last command" : `before #${before}`}, from cursor ${from}`;
}

function screenPage(session: SessionView, given: number | undefined, listener: Listener): Page {
  const { rows, status } = screenPart(session, given, listener);
  const alternate = session.screen().alternate && session.state !== "screen" ? "alternate_screen" : undefined;
  return { output: rows, notes: [], status: [...present(session), alternate, ...status] };
}

/** The rows that are shown of a screen, and its words: what changed since `given`, or since this caller saw it last. */
function screenPart(session: SessionView, given: number | undefined, listener: Listener) {
  const screen = session.screen();
  const seen = listener.sees(session, screen);
  const { rows, difference } = screenRows(session, given ?? seen);
  return { rows, status: [difference, ...screenWords(screen)] };
}

function closedPage(session: SessionView, unfinished: readonly number[]): Page {
  const notes = unfinished.map((id) => `command #${id} had not ended when the session was closed`);
  return {
    output: [],
    notes,
    status: [session.name, `#${lastId(session)}`, "closed", session.closedAs ?? "disconnect"],
  };
}

/** Session, newest command and state now. */
function present(session: SessionView): string[] {
  return [session.name, `#${lastId(session)}`, session.state];
}

function lastId(session: SessionView): number {
  return session.commands().at(-1)?.id ?? 0;
}

/** `… 48,210 lines / 3.1 MB left out; ssh_read(session: "web1", command: 7, offset: 120, lines: 280) or grep …` */
function omissionLine(session: string, command: number, offset: number | undefined, gap: Omission): string {
  const where = offset === undefined ? "" : `, offset: ${offset}, lines: ${Math.min(gap.leftOut, 280)}`;
  return (
    `… ${counted(gap.leftOut)} / ${sizeText(gap.bytes)} left out; ` +
    `ssh_read(session: ${JSON.stringify(session)}, command: ${command}${where}) or grep${tellingWord(gap)} …`
  );
}

/** `first`, `last`: numbers of the lines shown; `last` 0: none are. */
function partWord(first: number, last: number, all: number): string {
  return last === 0 ? `lines=0 of ${grouped(all)}` : `lines=${first}-${last} of ${grouped(all)}`;
}

function counted(lines: number): string {
  return `${grouped(lines)} ${lines === 1 ? "line" : "lines"}`;
}

function moreMatches({ leftOut }: Omission): string {
  return `… ${counted(leftOut)} of matches left out; narrow the pattern, or search one command …`;
}

/**
 * Lines of the command's output before this wait's part of it, so that an offset means the same in every call.
 * Undefined for a later part: where it begins in lines is only known by rendering all that came before.
 */
function lineOffset(session: SessionView, outcome: Outcome): number | undefined {
  const range = commandRange(session, session.command(outcome.command));
  return range.from === outcome.from ? 0 : undefined;
}
