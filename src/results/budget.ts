/** A result of up to this many tokens is shown whole. */
export const WHOLE_TOKENS = 3_000;
/** What a longer one is cut to. */
const CUT_TOKENS = 2_000;

/** Characters of a result; four to a token. */
export interface Budget {
  /** Up to here it is whole. */
  readonly whole: number;
  /** Beyond that it gets so much. */
  readonly cut: number;
}

/** `maxTokens`: what the caller asked for. */
export function characterBudget(maxTokens: number | undefined): Budget {
  if (maxTokens === undefined) return { whole: WHOLE_TOKENS * 4, cut: CUT_TOKENS * 4 };
  return { whole: maxTokens * 4, cut: maxTokens * 4 };
}
