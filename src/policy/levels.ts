import type { Level } from "../base/contract/policy.ts";
import { RISKS, type Risk } from "./risk.ts";
import type { Verdict } from "./verdict.ts";

/** What a level does with each risk, in the order of `RISKS`. */
const DOES: Readonly<Record<Level, readonly Verdict["is"][]>> = {
  read_only: ["allow", "deny", "deny", "deny", "deny"],
  guarded: ["allow", "allow", "ask", "ask", "ask"],
  unrestricted: ["allow", "allow", "allow", "allow", "allow"],
};

/** What becomes of something with this risk on a host of this level. */
export function atLevel(level: Level, risk: Risk): Verdict["is"] {
  return DOES[level][RISKS.indexOf(risk)] ?? "deny";
}
