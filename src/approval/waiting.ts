import type { Order } from "./order.ts";

/** An order that waits for a person. */
export interface Waiting extends Order {
  /** `A7K3X`. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

/** A person's answer to one. */
export interface Answered {
  readonly yes: boolean;
  /** Who says so: the system's user, and how. */
  readonly by: string;
  readonly at: number;
  /** Of the order as the person saw it. */
  readonly key: string;
  /** When that was put up: an answer to an earlier one of the same id is none. */
  readonly askedAt: number;
}
