import type { Place, Surroundings } from "../app/surroundings.ts";

/** `flags` as in the help: `--yes`, `--text <file>`. */
export interface Option {
  readonly flags: string;
  readonly help: string;
  readonly required?: boolean;
}

export interface Argument {
  /** `<host>`; optional ones in brackets: `[what]`; the last may be several: `<key=value...>`. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
  /** What a shell's completion offers for it besides choices; undefined: files. */
  readonly completes?: "hosts";
}

/** What was given on the command line, checked against what the subcommand takes. */
export interface Given {
  /** Value of an argument or an option that takes one; undefined: not given. */
  text(name: string): string | undefined;
  /** An argument or option that the parser does not let be left out. */
  required(name: string): string;
  flag(name: string): boolean;
  /** `--no-NAME` was given. */
  off(name: string): boolean;
  /** Values of an argument that takes several. */
  words(name: string): readonly string[];
}

/** What `cli.ts` hands to every subcommand. */
export interface Setting {
  /** Where the process runs; asked for by what needs it. @throws Error where the system does not say. */
  place(): Place;
  readonly version: string;
  /** Program and arguments that start this very program again. */
  readonly self: readonly string[];
  /** Starts the server; handed over, since the code of the server is loaded already when a subcommand is looked for. */
  serve(around: Surroundings): Promise<number>;
}

/** One word of the command line: what it takes, what its help says, what it does. */
export interface Subcommand {
  readonly name: string;
  /** One line in the list of commands, and the first of its own help. */
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Command lines below the options in its own help, and what each is for. */
  readonly examples?: readonly (readonly [line: string, purpose: string])[];
  /** Paragraphs below the options in its own help. */
  readonly notes?: string;
  readonly subcommands?: readonly Subcommand[];
  /** Does the work and resolves to the exit code. What it throws is printed, and the code is 1. */
  run(given: Given, setting: Setting): Promise<number>;
}
