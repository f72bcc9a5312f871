import { type Finding, worstOf } from "../risk.ts";
import type { Outcome } from "./match.ts";
import type { Span } from "./running.ts";

/** Reasons of one text that are kept. */
const MOST = 1000;

/** Collects the reasons that a walk through a text finds; the same reason at the same place is kept once. */
export class Notes {
  readonly findings: Finding[] = [];
  readonly #seen = new Set<string>();
  readonly #via: string[] = [];

  /** What `work` finds is done by way of these words. */
  through(words: string, work: () => void): void {
    this.#via.push(words);
    work();
    this.#via.pop();
  }

  add({ risk, why }: Outcome, { from, to }: Span, meaning: string): void {
    const via = this.#via.length === 0 ? {} : { via: [...this.#via] };
    const key = `${risk} ${from} ${to} ${meaning} ${why} ${this.#via.join(" ")}`;
    if (this.#seen.has(key)) return;
    if (this.isFull) {
      // The last one kept says for all that follow that there is more, and how bad it is.
      const worst = worstOf([risk, "opaque", this.findings[MOST - 1]?.risk ?? "read"]);
      this.findings[MOST - 1] = { risk: worst, from, to, meaning, why: "more reasons than are kept" };
      return;
    }
    this.#seen.add(key);
    this.findings.push({ risk, from, to, meaning, why, ...via });
  }

  get isFull(): boolean {
    return this.findings.length >= MOST;
  }
}
