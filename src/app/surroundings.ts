/** The process a command runs in, as `cli.ts` found it. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
}

/** Everything outside the program that decides what it works with. */
export interface Surroundings extends Place {
  /** `--config`: this inventory instead of the one that is searched for. */
  readonly configPath?: string;
  /** `--lab`: with the embedded hosts. */
  readonly lab: boolean;
}
