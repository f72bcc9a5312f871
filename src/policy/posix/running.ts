import type { Outcome } from "./match.ts";
import type { Scope } from "./scope.ts";
import type { Arg } from "./words.ts";

/** What a command reads at its standard input. */
export interface Stdin {
  readonly kind: "terminal" | "pipe" | "file" | "text";
  /** All of it, where it is written in the text itself; `UNKNOWN` for parts that are not. */
  readonly text?: string;
}

export const TERMINAL: Stdin = { kind: "terminal" };

/** Characters [from, to) of the text that is judged. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What the judgement of one command may use; the walk through the tree behind it. */
export interface Running {
  readonly scope: Scope;
  readonly stdin: Stdin;
  /** At the terminal: what is typed next goes to this command as long as it runs. */
  readonly foreground: boolean;
  /** Judges another command that this one runs, with its name first. */
  command(args: readonly Arg[], stdin?: Stdin): void;
  /** Judges a text that a shell runs; what it changes of the scope lasts only where `lasting` says so. */
  shellText(text: string, span: Span, stdin?: Stdin, lasting?: boolean): void;
  /** Notes one more reason beside the outcome of the command itself. */
  note(outcome: Outcome, args: readonly Arg[]): void;
  /** Judges what is done by way of these words: on another host, in a container. */
  through(words: string, work: () => void): void;
  /** What is typed next goes to this program. */
  nest(program: string): void;
}

/** Judges the arguments of one program. */
export type Handler = (args: readonly Arg[], running: Running, name: string) => Outcome;

/** The characters that some arguments take up. */
export function spanOf(args: readonly Arg[]): Span {
  return { from: args[0]?.from ?? 0, to: args.at(-1)?.to ?? 0 };
}

/** The same handler under several names. */
export function forNames(names: string, handler: Handler): [string, Handler][] {
  return names.split(" ").map((name) => [name, handler]);
}

/** Options that take a value, as they are listed. */
export function valued(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
