/** What one step of a recipe came to. */
export interface Ran {
  /** Its rows, standard output alone. */
  readonly lines: readonly string[];
  readonly exit: number;
}

/** All steps by their names; one that never began is missing. */
export type RanSteps = ReadonlyMap<string, Ran>;
