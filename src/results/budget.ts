/** Default size of a result; below every client's own cut. */
export const DEFAULT_TOKENS = 8_000;

/** Characters a result may have; four to a token. */
export function characterBudget(maxTokens: number | undefined): number {
  return (maxTokens ?? DEFAULT_TOKENS) * 4;
}
