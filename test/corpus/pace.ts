/** Delays of one session add up to no more than this, milliseconds. */
const BUDGET_MS = 8000;
/** Chunks of one output that are followed by a delay, on average; large outputs have no more of them. */
const DELAYED = 30;
const LARGEST_CHUNK = 400;

/** A piece of output and how long it takes until the next follows, milliseconds. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly delayMs: number;
}

/** How a device's bytes come: cut anywhere, now and then late. The same seed gives the same chunks for the same calls. */
export class Pace {
  #state: number;
  #budget = BUDGET_MS;

  /** `name` keeps equal seeds of two recordings apart. */
  constructor(name: string, seed: number) {
    let hash = 0x811c9dc5 ^ seed;
    for (const char of `${name}/${seed}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    this.#state = hash >>> 0;
  }

  /** An output in chunks of 1 to 400 bytes; half of them also cut inside their last row, with a wait in there. */
  output(text: string): Chunk[] {
    const bytes = Buffer.from(text, "utf8");
    const largest = this.#pick([3, 20, 90, LARGEST_CHUNK, LARGEST_CHUNK]);
    const cuts = new Set<number>();
    for (let at = 0; at < bytes.length; ) {
      at += 1 + this.#below(largest);
      cuts.add(Math.min(at, bytes.length));
    }
    const tail = bytes.length - bytes.lastIndexOf("\n") - 1;
    const inTail = tail > 1 && this.chance(0.5) ? bytes.length - 1 - this.#below(tail - 1) : undefined;
    if (inTail !== undefined) cuts.add(inTail);
    const often = Math.min(0.6, DELAYED / cuts.size);
    let from = 0;
    return [...cuts]
      .sort((a, b) => a - b)
      .map((to) => {
        const piece = bytes.subarray(from, to);
        from = to;
        const late = to === inTail || this.chance(often);
        return { bytes: piece, delayMs: late ? this.#delay() : 0 };
      });
  }

  /** Typed characters come back one by one, some a little later. */
  echo(text: string): Chunk[] {
    return [...text].map((char) => ({
      bytes: Buffer.from(char, "utf8"),
      delayMs: this.chance(0.1) ? this.#spend(this.#below(8)) : 0,
    }));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** Mostly 0 to 40 ms, now and then up to 80. */
  #delay(): number {
    return this.#spend(this.chance(0.06) ? 40 + this.#below(41) : this.#below(this.chance(0.3) ? 41 : 12));
  }

  #spend(ms: number): number {
    const spent = Math.min(ms, this.#budget);
    this.#budget -= spent;
    return spent;
  }

  #pick(values: readonly number[]): number {
    return values[this.#below(values.length)] ?? 1;
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
