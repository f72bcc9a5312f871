import type { Journal } from "../../src/lab/journal.ts";
import type { LabServer } from "../../src/lab/server.ts";

/** A change that is tried, and what should come of it. */
export interface Tried {
  readonly kind: string;
  readonly lines: readonly string[];
}

/** A lab device that a drill is done on, and what it says of itself: the judge of every claim. */
export interface Drilled {
  readonly platform: string;
  readonly server: LabServer;
  readonly journal: Journal;
  /** What an inventory says of it, beside address, port and key. */
  readonly login: string;
  readonly hostKey: string;
  /** Its undo takes a time; else it is what ends with the session. */
  readonly timed: boolean;
  running(): string;
  /** Undefined where nothing is saved separately. */
  startup(): string | undefined;
  /** Something will undo a change, or keeps it from being kept. */
  pending(): boolean;
  /** We could log in. */
  reachable(): boolean;
  /** Somebody else changes something, at a door of their own. */
  meddle(): void;
  /** It goes down and comes up. */
  reload(): void;
  /** Changes that cut us off, each for a reason of its own. */
  readonly lockouts: readonly Tried[];
  readonly goods: readonly Tried[];
  close(): Promise<void>;
}
