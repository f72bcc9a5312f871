import type { Rig, RigOptions } from "../rig.ts";

/** What `act` found must match this (toMatchObject). */
export type Expectation = Readonly<Record<string, unknown>>;

/** Why a sentence says nothing about this framing. */
export interface Not {
  readonly not: string;
}

/** One sentence of the contract, for both framings. */
export interface Row {
  readonly sentence: string;
  readonly rig?: RigOptions;
  /** Does what the sentence is about, and gives what came of it. */
  act(rig: Rig): Promise<Readonly<Record<string, unknown>>>;
  readonly shell: Expectation | Not;
  readonly device: Expectation | Not;
}

/** Both framings do the same. */
export function both(expected: Expectation): Pick<Row, "shell" | "device"> {
  return { shell: expected, device: expected };
}

/** Milliseconds a call waits where what it waits for does not come. */
export const BRIEFLY = 400;
