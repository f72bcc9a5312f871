import type { Told } from "./calls.ts";
import type { Act, Done } from "./plan.ts";

/** What one seed did to the far end, and what the callers were told. */
export interface Evidence {
  readonly done: readonly Done[];
  /** Lines the far end executed, in order. */
  readonly executed: readonly string[];
  /** Lines that running commands were answered with; empty where the far end keeps none. */
  readonly answers: readonly string[];
  /** Everything that was written to the far end. */
  readonly written: string;
  /** A question there takes one key: the rest of a text that was typed at it goes to the line. */
  readonly singleKey?: boolean;
  /** Lines of ours on the way to a mode, which may be executed at any time. */
  readonly steps: readonly string[];
}

/** `kind: what was seen`; the kind stands before the colon, for counting. */
export type Fault = string;

/**
 * What is wrong with a run: lines that are no caller's own, commands executed twice or although they were refused, bytes
 * of a refused call, results about another command, ends that are claimed or denied against what the far end did.
 */
export function faultsOf(evidence: Evidence): Fault[] {
  return [...linesOf(evidence), ...evidence.done.flatMap((done) => resultOf(done, evidence))];
}

function linesOf({ done, executed, answers, steps, singleKey = false }: Evidence): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const line of executed) {
    const run = done.find(({ act }) => act.what.kind === "run" && act.what.command === line.trimEnd());
    if (run) {
      if (seen.has(line)) faults.push(`executed twice: ${line}`);
      seen.add(line);
      if (run.told.error !== undefined) faults.push(`refused and executed: ${line} (${run.told.error})`);
    } else if (!steps.includes(line)) faults.push(...typedLine(line, done, singleKey));
  }
  for (const answer of answers) {
    const run = runs(done).find(({ token }) => answer.includes(`${token}`) && !isTyped(answer, token));
    if (run) faults.push(`a command as an answer: ${JSON.stringify(answer)}`);
  }
  return faults;
}

/** May a line hold whole pieces of both callers' text? The contract says no. */
const ONE_CALLER_PER_LINE = true;

/** A line that no call gave whole: it must be made of whole pieces of accepted text, all of one caller. */
function typedLine(line: string, done: readonly Done[], singleKey: boolean): Fault[] {
  const shown = JSON.stringify(line.slice(0, 160));
  const callers = new Set<string>();
  let rest = line;
  while (rest.trim() !== "") {
    const first = singleKey && rest === line;
    const [piece, text = ""] = pieceAt(rest, done, first) ?? [];
    if (piece === undefined) return [`spliced: ${shown}`];
    if (piece.told.error !== undefined) return [`refused and executed: ${shown} (${piece.told.error})`];
    callers.add(piece.act.caller);
    // The last blank may be missing: editors trim.
    rest = rest.slice(text.length).replace(/^ /, "");
  }
  return ONE_CALLER_PER_LINE && callers.size > 1 ? [`two callers' texts in one line: ${shown}`] : [];
}

/** The text with which this line begins, and whose it is; `cut`: its first key may have gone to a question. */
function pieceAt(line: string, done: readonly Done[], cut: boolean): readonly [Done, string] | undefined {
  for (const one of done) {
    const { what } = one.act;
    if (what.kind !== "text" && what.kind !== "keys") continue;
    const text = what.text.trimEnd();
    for (const shown of cut ? [text, text.slice(1)] : [text]) if (line.startsWith(shown)) return [one, shown];
  }
  return undefined;
}

function isTyped(answer: string, token: string): boolean {
  return new RegExp(`(say|key) ${token}`).test(answer);
}

function runs(done: readonly Done[]): readonly Act[] {
  return done.map(({ act }) => act).filter(({ what }) => what.kind === "run");
}

function resultOf({ act, told }: Done, { executed, written }: Evidence): Fault[] {
  const { what, token } = act;
  const faults: Fault[] = [];
  const named = `${act.caller} ${JSON.stringify(what)}`;
  if ((told.durationMs ?? 0) < 0) faults.push(`a negative duration: ${named} ${told.durationMs} ms`);
  if (told.error !== undefined) {
    if (written.includes(token)) faults.push(`refused and typed: ${named} (${told.error})`);
    return faults;
  }
  if ((told.command ?? 0) > 0 && told.about === undefined)
    faults.push(`a result about no command: ${named} #${told.command}`);
  if (what.kind !== "run") return faults;
  if (told.about !== what.command)
    faults.push(`a result about another command: ${named} is told #${told.command} ${told.about}`);
  const strange = (told.rows ?? []).find((row) => /^ran [a-d]-\d+/.test(row) && !row.includes(token));
  if (strange !== undefined) faults.push(`another command's output: ${named} is told ${strange}`);
  const ran = executed.some((line) => line.trimEnd() === what.command);
  const denied = denies(told, token);
  if (told.state === "done" && !denied && !ran) faults.push(`done and not executed: ${named}`);
  if (denied && ran && !what.command.includes("\n"))
    faults.push(`denied and executed: ${named}: ${told.text}`);
  return faults;
}

/** Is the command of this result said not to have run? Sentences about a cleared line or another command are not about it. */
export function denies({ text, command = 0 }: Told, token: string): boolean {
  return text.split("\n").some((sentence) => {
    if (!/\b(not|nothing was) (run|typed|entered)\b/i.test(sentence) || /clear|unsent/i.test(sentence))
      return false;
    const numbers = [...sentence.matchAll(/#(\d+)/g)].map(([, number]) => Number(number));
    const tokens = sentence.match(/\b[a-d]-\d{3}\b/g) ?? [];
    return numbers.every((number) => number === command) && tokens.every((one) => one === token);
  });
}
