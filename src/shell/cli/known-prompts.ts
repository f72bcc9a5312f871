import type { PromptMatch } from "../../devices/device.ts";

/** A prompt as it stood on the screen. */
export interface PromptRow extends PromptMatch {
  /** Text left of the cursor, right-trimmed. */
  readonly row: string;
}

/** Rows remembered; a device's modes are few. */
const KEPT = 32;
const STEM = /^[^\s(]*[\w)\]]/;

/** The prompts seen on one session. What equals them needs little proof; a prompt of a new host needs more. */
export class LearnedPrompts {
  readonly #rows = new Set<string>();
  #host: string | undefined;
  /** Shortest part of the hostname that a truncated prompt keeps. */
  readonly #prefix: number | undefined;

  constructor(prefix: number | undefined) {
    this.#prefix = prefix;
  }

  get host(): string | undefined {
    return this.#host;
  }

  /** With the hostname whole, where the profile could not tell its end: `[core-sw-1-GigabitEthernet0/0/1]`. */
  named(prompt: PromptRow): PromptRow {
    const known = this.#host;
    const { host, row } = prompt;
    if (known === undefined || host === undefined || host.length >= known.length) return prompt;
    return known.startsWith(host) && row.includes(known) ? { ...prompt, host: known } : prompt;
  }

  learn(prompt: PromptRow): void {
    this.#rows.delete(prompt.row);
    this.#rows.add(prompt.row);
    if (this.#rows.size > KEPT) {
      const oldest = this.#rows.values().next().value;
      if (oldest !== undefined) this.#rows.delete(oldest);
    }
    // A truncated hostname does not replace the whole one.
    if (prompt.host !== undefined && !this.#truncates(prompt.host)) this.#host = prompt.host;
  }

  /** Is this a prompt of the device as we know it? `typed`: the line that may just have renamed it. */
  knows(prompt: PromptRow, typed: string): boolean {
    if (this.#rows.has(prompt.row)) return true;
    const { host, row } = this.named(prompt);
    if (host === undefined || this.#host === undefined) return this.#sharesStem(row);
    if (host === this.#host || this.#truncates(host)) return true;
    return typed.split(/[\s"'=]+/).includes(host);
  }

  #truncates(host: string): boolean {
    const known = this.#host;
    if (known === undefined || this.#prefix === undefined || host.length >= known.length) return false;
    return host.length >= Math.min(this.#prefix, 10) && known.startsWith(host);
  }

  /** Prompts without a telling hostname: the same beginning and the same last character. */
  #sharesStem(row: string): boolean {
    const stem = STEM.exec(row)?.[0];
    if (stem === undefined || stem.length < 2) return false;
    for (const known of this.#rows)
      if (STEM.exec(known)?.[0] === stem && known.at(-1) === row.at(-1)) return true;
    return false;
  }
}
