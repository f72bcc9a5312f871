import type { OpenedPty, PtyChannel } from "../../../src/ssh/contract.ts";

/**
 * A remote end that keeps account of what was done to it. Both kinds know the same commands, so that one act fits both:
 *
 * | command | what it does |
 * |---|---|
 * | `say X`, `mark X` | prints `X`, `ran X` |
 * | `fail` | fails as commands fail here |
 * | `slow` | runs until it is interrupted or `finish()` is called |
 * | `late MS X` | prints `X` after MS milliseconds, and ends |
 * | `rows N MS` | prints `row 1` to `row N`, one each MS milliseconds, and ends |
 * | `confirm` | asks `Proceed?`, then prints `answered X` |
 * | `secret` | asks `Password:` |
 * | `full` | takes the whole screen until Enter |
 * | `leave` | ends the session |
 */
export interface FarEnd extends PtyChannel {
  /** The terminal as a link hands it out. */
  readonly opened: OpenedPty;
  /** Every line that was executed, in order; for a shell: the commands themselves. */
  readonly executed: readonly string[];
  /** What questions were answered with. */
  readonly answers: readonly string[];
  /** Ends what runs, as it would end by itself. */
  finish(): void;
  /** Prints on its own account. */
  print(text: string): void;
}

export interface FarOptions {
  /** Milliseconds between the end of a command, or an interrupt, and the prompt. */
  readonly promptMs?: number;
}
