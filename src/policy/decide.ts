import type { ChangeWindow, HostPolicy, PolicyRule } from "../base/contract/policy.ts";
import { visibleLine } from "../base/text.ts";
import type { Classified } from "./classify.ts";
import { atLevel } from "./levels.ts";
import type { Finding, Risk } from "./risk.ts";
import { allowedBy, ruleFor } from "./rules.ts";
import { strictest, type Verdict } from "./verdict.ts";
import { allowRules } from "./way-out.ts";
import { isWithin, nextWindow } from "./windows.ts";

/** What the operator's level, rules and times make of what was found. */
export function decide(found: Classified, policy: HostPolicy, now: Date): Verdict {
  const denied = ruleFor(policy.rules, "deny", found);
  const asked = ruleFor(policy.rules, "ask", found);
  // What asks as well as the level comes first: no word of an agent's own counts for it.
  const verdict = strictest([
    ...(denied === undefined ? [] : [byRule("deny", denied)]),
    ...(asked === undefined ? [] : [byRule("ask", asked)]),
    byCeiling(found, policy),
    byTime(found.risk, policy.windows, now),
    byLevel(found, policy),
  ]);
  return { ...verdict, risk: found.risk, judged: found.judged };
}

function byRule(is: "ask" | "deny", { pattern, at, why }: PolicyRule): Verdict {
  const reason = why === undefined ? "" : `: ${visibleLine(why, 200)}`;
  return {
    is,
    why: `the operator's rule at ${at} (${is}: ${visibleLine(pattern, 80)})${reason}`,
    ...(is === "deny"
      ? { wouldPass: "Do it another way, or ask the operator, who keeps the policy in the inventory." }
      : {}),
  };
}

function byLevel(found: Classified, { level, rules }: HostPolicy): Verdict {
  const is = atLevel(level, found.risk);
  if (is === "allow") return { is };
  if (allowedBy(rules, found, passesAt(level)) !== undefined) return { is: "allow" };
  const why = `${level}: ${reasonOf(found)}`;
  const allowing = allowRules(found, passesAt(level));
  if (is === "ask")
    return {
      is,
      why,
      by: "level",
      ...(allowing === undefined ? {} : { wouldPass: `${WITHOUT_ASKING} ${allowing}` }),
    };
  const rule = allowing === undefined ? "" : `, and a rule lets exactly this pass: ${allowing}`;
  return {
    is,
    why,
    wouldPass: `Only what is known to read passes on this host. Tell your human: the operator can change the host's policy in hosts.yaml; level: guarded asks a human for more${rule}.`,
  };
}

const WITHOUT_ASKING =
  "To let exactly this pass without being asked, the operator adds to the host's policy in hosts.yaml:";

/** What the caller's own level makes of it: it only ever tightens. */
function byCeiling(found: Classified, { ceiling }: HostPolicy): Verdict {
  if (ceiling === undefined) return { is: "allow" };
  const is = atLevel(ceiling, found.risk);
  if (is === "allow") return { is };
  const why = `this token's level is ${ceiling}: ${reasonOf(found)}`;
  return is === "ask"
    ? { is, why }
    : {
        is,
        why,
        wouldPass: "Only what is known to read passes with this token; the operator sets its level.",
      };
}

function passesAt(level: HostPolicy["level"]): Risk {
  return level === "read_only" ? "read" : "write";
}

function byTime(risk: Risk, windows: readonly ChangeWindow[] | undefined, now: Date): Verdict {
  if (windows === undefined || risk === "read" || isWithin(windows, now)) return { is: "allow" };
  const next = nextWindow(windows, now);
  const when = next === undefined ? "" : `; the next begins ${next}, on this machine's clock`;
  return { is: "ask", why: `it is a change, and outside of this host's change windows${when}` };
}

/** Findings named in one sentence. */
const NAMED = 3;

/** The worst of what was found, in words. */
export function reasonOf({ risk, judged }: Pick<Classified, "risk" | "judged">): string {
  const worst = judged.flatMap(({ findings }) => findings).filter((finding) => finding.risk === risk);
  if (worst.length === 0) return `it is ${risk}`;
  const more = worst.length > NAMED ? `, and ${worst.length - NAMED} more` : "";
  return `${worst.slice(0, NAMED).map(said).join("; ")}${more} (${risk})`;
}

function said({ meaning, why }: Finding): string {
  return `${visibleLine(meaning, 80)}: ${visibleLine(why, 160)}`;
}
