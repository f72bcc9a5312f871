import { type Finding, type Judgement, worstOf } from "../risk.ts";
import { outcome } from "./match.ts";
import { judgeNested } from "./nested.ts";
import { LONGEST } from "./parse.ts";
import { AT_LOGIN, type PosixState, scopeOf, stateOf } from "./scope.ts";
import { Walk } from "./walk.ts";

export { AT_LOGIN, type PosixState };

/** Findings of one judgement; what is left out is no worse than what is kept. */
const MOST_FINDINGS = 64;

/**
 * What a text would do that a POSIX shell reads, without running anything: never throws, and any text is answered at once.
 *
 * `state`: what earlier texts of the same session left behind, as their judgement returned it. Several lines are one program, in
 * order. What cannot be known from the text is `opaque`, never milder.
 */
export function judgePosix(text: string, state: PosixState = AT_LOGIN): Judgement<PosixState> {
  try {
    return state.opaque === undefined ? ofShell(text, state) : ofProgram(text, state.opaque, state);
  } catch {
    // No text is known that does this. If there is one, nothing is known of it.
    const finding: Finding = {
      risk: "opaque",
      from: 0,
      to: text.length,
      meaning: "",
      why: "the text could not be read",
    };
    return { risk: "opaque", findings: [finding], state };
  }
}

function ofShell(text: string, state: PosixState): Judgement<PosixState> {
  const scope = scopeOf(state);
  const walk = new Walk();
  const readable = walk.text(text, scope);
  const split = readable && scope.opaque === undefined ? undefined : linesForProgram(text, state);
  if (split !== undefined) return split;
  return judgement(walk.findings, stateOf(scope));
}

/** Lines of one text behind which a program is looked for that reads the next ones. */
const MOST_LINES = 20;

/** Several lines of which one starts a program: that one reads what is left. Undefined: there is none, or nothing is left. */
function linesForProgram(text: string, state: PosixState): Judgement<PosixState> | undefined {
  let end = text.indexOf("\n");
  for (let lines = 0; end >= 0 && lines < MOST_LINES; lines++, end = text.indexOf("\n", end + 1)) {
    const rest = text.slice(end);
    if (rest.trim() === "" || text.length > LONGEST) return undefined;
    const scope = scopeOf(state);
    const walk = new Walk();
    if (!walk.text(text.slice(0, end), scope) || scope.opaque === undefined) continue;
    const { outcome: result, ends } = judgeNested(scope.opaque, rest);
    if (result.risk !== "read") walk.note(result, { from: end, to: text.length }, rest.trim().slice(0, 200));
    // Should that program not start after all, the shell reads the lines.
    const whole = new Walk();
    if (whole.text(text, scopeOf(state)))
      for (const one of whole.findings) if (one.from >= end) walk.note(one, one, one.meaning);
    const { opaque: _ended, ...after } = stateOf(scope);
    return judgement(walk.findings, ends ? after : stateOf(scope));
  }
  return undefined;
}

function ofProgram(text: string, program: string, state: PosixState): Judgement<PosixState> {
  const { outcome: result, ends } = judgeNested(
    program,
    text.length > LONGEST ? text.slice(0, LONGEST) : text,
  );
  const kept = text.length > LONGEST ? outcome("opaque", "the text is too long to be read") : result;
  const { opaque: _ended, ...after } = state;
  const finding: Finding = {
    risk: kept.risk,
    from: 0,
    to: text.length,
    meaning: text.trim().slice(0, 200),
    why: kept.why,
  };
  return judgement([finding], ends ? after : state);
}

/** What only reads is left out where anything else is found. */
function judgement(findings: readonly Finding[], state: PosixState): Judgement<PosixState> {
  const risk = worstOf(findings.map((one) => one.risk));
  const worth = risk === "read" ? findings : findings.filter((one) => one.risk !== "read");
  const worst = worth.filter((one) => one.risk === risk);
  const kept =
    worth.length <= MOST_FINDINGS
      ? worth
      : [...worst, ...worth.filter((one) => one.risk !== risk)].slice(0, MOST_FINDINGS);
  return {
    risk,
    findings: [...kept].sort((one, other) => one.from - other.from || one.to - other.to),
    state,
  };
}
