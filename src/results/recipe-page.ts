import type { Budget } from "./budget.ts";
import { excerpt, grouped, sizeText } from "./excerpt.ts";
import { durationWord } from "./status-line.ts";

/** What a recipe found on a host. */
export interface RecipeReport {
  readonly host: string;
  /** The recipe's name. */
  readonly name: string;
  /** The facts as data. */
  readonly facts: unknown;
  readonly lines: readonly string[];
  readonly words: readonly (string | undefined)[];
  readonly notes: readonly string[];
  readonly durationMs: number;
  /** How far it is, where it may not be done. */
  readonly state?: string;
}

interface Page {
  readonly output: readonly string[];
  readonly notes: readonly string[];
  readonly status: readonly (string | undefined)[];
}

export async function recipePage(report: RecipeReport, budget: Budget): Promise<Page> {
  const { host, name, lines, words, notes, durationMs, state = "done" } = report;
  const { lines: output, omission } = await excerpt(lines, budget, {
    marker: ({ leftOut, bytes }) =>
      `… ${grouped(leftOut)} lines / ${sizeText(bytes)} left out; narrow it, or give a larger max_tokens …`,
  });
  const shown =
    omission === undefined
      ? undefined
      : `shown=${grouped(lines.length - omission.leftOut)} of ${grouped(lines.length)} lines`;
  return { output, notes, status: [host, name, state, ...words, durationWord(durationMs), shown] };
}
