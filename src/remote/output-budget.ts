import { KeptOutput, type Memory } from "./kept-output.ts";

/**
 * Memory of all outputs together. Over its limit what has ended is given up first (`makeRoom`: false when there is none), then
 * the oldest block of the largest output: no output is refused, and all of them are counted.
 */
export class OutputBudget implements Memory {
  readonly #limit: number;
  readonly #makeRoom: () => boolean;
  readonly #outputs = new Set<KeptOutput>();
  #taken = 0;

  constructor(limit: number, makeRoom: () => boolean) {
    this.#limit = limit;
    this.#makeRoom = makeRoom;
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
    if (this.#outputs.delete(output)) this.#taken -= output.size;
  }

  took(bytes: number): void {
    this.#taken += bytes;
    while (this.#taken > this.#limit && (this.#makeRoom() || this.#largest()?.dropBlock() === true));
  }

  gave(bytes: number): void {
    this.#taken -= bytes;
  }

  #largest(): KeptOutput | undefined {
    let largest: KeptOutput | undefined;
    for (const output of this.#outputs) if (output.size > (largest?.size ?? 0)) largest = output;
    return largest;
  }
}
