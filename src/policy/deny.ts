import { RE2JS } from "re2js";
import type { HostFacts } from "../base/contract/action.ts";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import { textsOf } from "./text.ts";
import { ALLOW, type Judge, type Verdict } from "./verdict.ts";

const compiled = new Map<string, RE2JS>();
/** Patterns come from one inventory; more than this many different ones means it was edited often. */
const MAX_COMPILED = 512;

/**
 * Denies text that matches one of the operator's patterns: a seat belt against mistakes, not a wall. Whoever may type
 * into a shell can say the same thing in a way no pattern foresees; what must not happen has to be impossible for the
 * user on the host.
 *
 * @throws SshMcpError `inventory_invalid` for a pattern RE2 does not accept.
 */
export const denyPatterns: Judge = (action, policy) => {
  if (policy.denyPatterns.length === 0) return ALLOW;
  const texts = textsOf(action);
  if (texts.length === 0) return ALLOW;
  const rules = policy.denyPatterns.map((pattern) => ({ pattern, regex: compile(pattern) }));
  const hit = rules.find(({ regex }) => texts.some((text) => regex.matcher(text).find()));
  const unknown = action.verb === "type" && action.enters?.unknown === true;
  if (hit === undefined) return unknown ? UNKNOWN_LINE : ALLOW;
  return {
    is: "deny",
    why: `the operator's deny pattern ${JSON.stringify(visibleLine(hit.pattern))} matches this text, or the line that it would complete; nothing was sent.`,
    wouldPass: "Do it another way, or ask the operator, who sets deny_patterns in the inventory.",
  };
};

const UNKNOWN_LINE: Verdict = {
  is: "deny",
  why: "the operator has deny_patterns for this host, and what Enter would run here cannot be known beforehand: keys in it recall, complete or edit the line, and the screen has not shown it since; nothing was sent.",
  wouldPass:
    "Send the keys without Enter, read the line with ssh_read screen:true, then send <Enter> alone; or give the whole command to ssh_shell.",
};

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const regex = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  } catch (error) {
    throw new SshMcpError(
      "inventory_invalid",
      `deny pattern ${JSON.stringify(visibleLine(pattern))} is not a valid RE2 expression, so nothing is sent to this host.`,
      "Correct deny_patterns in the inventory; look-around and back-references do not exist in RE2.",
      { cause: error },
    );
  }
}

/** Why a line that nobody ordered, such as one of a profile's preparation, may not be typed; undefined: it may. */
export function deniedLine(line: string, host: { readonly policy: HostFacts["policy"] }): string | undefined {
  const verdict = denyPatterns({ verb: "exec", command: line }, host.policy);
  return verdict.is === "allow" ? undefined : verdict.why;
}
