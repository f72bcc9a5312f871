/** Rows with which command lines of any make refuse a line. */
const REFUSAL =
  /^\s*(?:% ?(?:invalid|unknown|unrecognized|incomplete|ambiguous|error|bad)|error: |(?:invalid|unknown|unrecognized|bad) (?:command|input|token|parameter)|syntax error|command not found|expected (?:end of command|command name))/i;

/** Does this row refuse a line, whoever's it is? For what a profile of the wrong device would not see. */
export function looksRefused(row: string): boolean {
  return REFUSAL.test(row);
}
