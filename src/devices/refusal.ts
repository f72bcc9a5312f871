/** Rows with which command lines of any make refuse a line. */
const REFUSAL =
  /^\s*(?:% ?(?:invalid|unknown|unrecognized|incomplete|ambiguous|error|bad)|error: |(?:invalid|unknown|unrecognized|bad) (?:command|input|token|parameter)|syntax error|command not found|expected (?:end of command|command name))/i;

/** Does this row refuse a line, whoever's it is? For what a profile of the wrong device would not see. */
export function looksRefused(row: string): boolean {
  return REFUSAL.test(row);
}

/** No sentence that refuses a line is longer. */
const LONGEST = 200;
/** A mark, a code, a program's name in front of it: `*`, `[`, `%%`, `-sh: foo:`, `E101:`. */
const LEAD = String.raw`^\W{0,8}(?:[A-Z]{1,6}-?\d{1,6}: ?|-?\w{1,16}: (?:\S{1,40}: )?)?`;
/** The first word says it. */
const BEGINS = new RegExp(
  `${LEAD}(?:err(?:or)?|fail(?:ed|ure)?|invalid|illegal|incorrect|improper|wrong|bad|unknown|unrecogni[sz]ed|unsupported|undefined|incomplete|ambiguous|missing|duplicate|malformed|insufficient|inconsistent|unable|cannot|can['’]?t|can not|could not|couldn['’]?t|no such|not (?:found|enough|supported|permitted|allowed|authori[sz]ed|available|implemented|in)|too (?:many|few|long|short|large|small|big)|out of (?:range|memory)|syntax|parse|denied|rejected|refused|aborted|access denied|permission denied|busy)\\b(?! ?[:=]? ?(?:0|no|none|off)?$)`,
  "i",
);
/** What was asked for, and that it was not done. */
const SAYS =
  /^\W{0,8}(?:the |this |your )?(?:command|line|keyword|token|option|argument|parameter|value|operation|action|request|transaction|config\w*|commit|change|object|entry|user|access|authori[sz]ation|permission|login|system|device|session|database|resource)s?\b.{0,80}\b(?:failed|rejected|refused|denied|aborted|error|unsuccessful(?:ly)?|busy|locked|(?:not|n['’]t) (?:\w+ )?(?:found|supported|permitted|allowed|authori[sz]ed|recogni[sz]ed|available|valid|exist|executed|applied|saved|set|changed|accepted|completed?))\b/i;
const ENDS =
  /\b(?:(?:command )?not found|no such (?:command|object|\w{1,20})|unknown command|(?:is |are )?(?:not|n['’]t) (?:supported|permitted|allowed|authori[sz]ed|recogni[sz]ed|valid|found|exist)|out of range|already exists|unsuccessfully|failed|denied|rejected)\W{0,3}$/i;

/**
 * Does an answer of this row alone read as if the line was not done? Nobody listed it: it is told, and never called an error.
 * `looking`: the line only shows something, and such words may be what it shows.
 */
export function readsRefused(row: string, looking: boolean): boolean {
  if (row.length > LONGEST || /^\W{0,4}(?:note|info|warning|caution)\b/i.test(row)) return false;
  return BEGINS.test(row) || (!looking && (SAYS.test(row) || ENDS.test(row)));
}

/** A row that points at the word of the typed line that was not taken. */
const POINTER = /^\s*\^\s*$/;

export function pointsAtFault(row: string): boolean {
  return POINTER.test(row);
}
