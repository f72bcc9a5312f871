import { KeptOutput, type Memory } from "./kept-output.ts";

/**
 * Memory of all outputs together. Over its limit what has ended is given up first (`makeRoom`: false when there is none), then
 * the oldest block of the largest output: no output is refused, and all of them are counted.
 */
export class OutputBudget implements Memory {
  readonly #limit: number;
  readonly #makeRoom: () => boolean;
  readonly #above: SharedBudget | undefined;
  readonly #outputs = new Set<KeptOutput>();
  #taken = 0;

  /** `above`: what several of them have together. */
  constructor(limit: number, makeRoom: () => boolean, above?: SharedBudget) {
    this.#limit = limit;
    this.#makeRoom = makeRoom;
    this.#above = above;
  }

  get taken(): number {
    return this.#taken;
  }

  /** An output whose memory is counted here until it is forgotten. */
  output(limit: number): KeptOutput {
    const output = new KeptOutput(limit, this);
    this.#outputs.add(output);
    return output;
  }

  forget(output: KeptOutput): void {
    if (this.#outputs.delete(output)) this.gave(output.size);
  }

  took(bytes: number): void {
    this.#taken += bytes;
    this.#above?.took(bytes, this);
    while (this.#taken > this.#limit && this.shed());
  }

  gave(bytes: number): void {
    this.#taken -= bytes;
    this.#above?.gave(bytes, this);
  }

  /** Gives something up; false: there is nothing. */
  shed(): boolean {
    return this.#makeRoom() || this.#largest()?.dropBlock() === true;
  }

  #largest(): KeptOutput | undefined {
    let largest: KeptOutput | undefined;
    for (const output of this.#outputs) if (output.size > (largest?.size ?? 0)) largest = output;
    return largest;
  }
}

/** Memory that several budgets have together: over its limit, the one that has taken most gives something up. */
export class SharedBudget {
  readonly #limit: number;
  readonly #parts = new Map<OutputBudget, number>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  took(bytes: number, part: OutputBudget): void {
    this.#add(bytes, part);
    while (this.#taken > this.#limit && this.#largest()?.shed() === true);
  }

  gave(bytes: number, part: OutputBudget): void {
    this.#add(-bytes, part);
  }

  #add(bytes: number, part: OutputBudget): void {
    const taken = (this.#parts.get(part) ?? 0) + bytes;
    if (taken === 0) this.#parts.delete(part);
    else this.#parts.set(part, taken);
    this.#taken += bytes;
  }

  #largest(): OutputBudget | undefined {
    let largest: OutputBudget | undefined;
    let most = 0;
    for (const [part, taken] of this.#parts) if (taken > most) [largest, most] = [part, taken];
    return largest;
  }
}
