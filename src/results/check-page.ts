import { visibleLine } from "../base/text.ts";
import type { Verdict } from "../policy/verdict.ts";

/** What the policy would say of a command. */
export interface CheckReport {
  /** The session, or the host. */
  readonly name: string;
  readonly level: string;
  readonly verdict: Verdict;
  /** What reads commands there is not known: it was judged as for a Unix shell. */
  readonly assumed?: boolean;
}

const ASSUMED = "The platform is not known before a session is open: judged as for a Unix shell.";

/** Findings shown. */
const MOST = 40;

/** The verdict as rows and the words of its last line: each finding with where it is, what it comes to, and why. */
export function checkPage({ name, level, verdict, assumed = false }: CheckReport): {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly string[];
} {
  const { judged = [], risk = "read" } = verdict;
  const found = judged.flatMap(({ text, findings }) => findings.map((finding) => ({ text, finding })));
  const rows = found.slice(0, MOST).map(({ text, finding: { risk, from, to, meaning, why } }) => {
    const span = visibleLine(text.slice(from, to), 160);
    const means = meaning.trim() === text.slice(from, to).trim() ? "" : ` = ${visibleLine(meaning, 200)}`;
    return `${risk} [${from}-${to}] ${span}${means}: ${visibleLine(why, 200)}`;
  });
  const more = found.length > MOST ? [`… and ${found.length - MOST} more findings`] : [];
  return {
    output: [...rows, ...more, ...(assumed ? [ASSUMED] : []), ...said(verdict, level)],
    notes: [],
    status: [name, "check", verdict.is, `class=${risk}`],
  };
}

function said(verdict: Verdict, level: string): readonly string[] {
  if (verdict.is === "allow") return [`It passes here (${level}).`];
  if (verdict.is === "deny")
    return [
      `Refused: ${verdict.why}`,
      ...(verdict.wouldPass === undefined ? [] : [`To pass: ${verdict.wouldPass}`]),
    ];
  return [
    `A human has to approve it: ${verdict.why}`,
    "To pass: give it; a human is asked by the client, or runs ssh-mcp approve.",
  ];
}
