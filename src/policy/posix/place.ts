import type { Span, Stdin } from "./running.ts";
import type { Scope } from "./scope.ts";

/** Where in the tree one is. */
export interface Place {
  readonly scope: Scope;
  readonly stdin: Stdin;
  readonly foreground: boolean;
  readonly depth: number;
  /** In a text within the text, everything is at the place of the whole. */
  readonly span: Span | undefined;
  /** In a pipeline or in the background: beside others. */
  readonly beside: boolean;
  /** Where the substitution ends that one is in, in the text itself. */
  readonly until?: number;
}

/** Texts in texts that are looked into. */
export const DEEPEST = 8;
/** Commands of one text, those in other texts counted, that are judged one by one. */
export const MOST_COMMANDS = 500;
/** Commands that run one another. */
export const MOST_WRAPPED = 24;
/** Characters of texts within the text. */
export const MOST_CHARS = 128 * 1024;
/** Nodes below one another: calls are nested as deep. */
export const DEEPEST_NODE = 600;
export const MOST_CHOICES = 16;
