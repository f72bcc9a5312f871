import type { Grammar } from "./cli/grammar.ts";
import { judgeCli, stateAt } from "./cli/judge.ts";
import { type Finding, type Judgement, RISKS } from "./risk.ts";

/** Commands of a shell that take no such words, and commands of devices that do. */
const OF_BOTH = /^[ \t]*(?:write|clear|reset)[ \t]+[^-\s]/m;
/** Shorter words abbreviate too much. */
const SHORTEST = 2;

/**
 * Where nobody knows yet whether a shell or a device reads it: what devices are restarted and erased with counts as that, where
 * no shell knows the command.
 */
export function perhapsOnDevice<State>(
  judgement: Judgement<State>,
  text: string,
  grammar: Grammar,
): Judgement<State> {
  const start = grammar.modes.get(grammar.start);
  const isWord = (word: string) =>
    word.length >= SHORTEST && [...(start?.root.words.keys() ?? [])].some((known) => known.startsWith(word));
  const unknown = judgement.findings.some(
    ({ why, meaning }) => why === NOT_KNOWN && isWord(meaning.split(/\s/)[0] ?? ""),
  );
  if (!unknown && !OF_BOTH.test(text)) return judgement;
  const there = judgeCli(text, grammar, stateAt(grammar));
  const harm = there.findings.filter(({ risk }) => risk === "disruptive" || risk === "irreversible");
  if (harm.length === 0) return judgement;
  const risk = RISKS.indexOf(there.risk) > RISKS.indexOf(judgement.risk) ? there.risk : judgement.risk;
  return { ...judgement, risk, findings: [...judgement.findings, ...harm.map(perhaps)] };
}

/** As the judge of shells says it. */
const NOT_KNOWN = "a program that is not known";

function perhaps(finding: Finding): Finding {
  return { ...finding, why: `${finding.why}, should a network device read it` };
}
