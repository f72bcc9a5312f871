import type { ChangeState, Claim } from "../../../changes/machine.ts";
import type { Plan } from "../../../changes/plan.ts";

/** A change as this process knows it. What it says of itself is as it is now. */
export interface ChangeRecord {
  readonly plan: Plan;
  /** Milliseconds since the Unix epoch, when it was planned. */
  readonly at: number;
  /** Undefined: it is planned, and nothing of it was typed. */
  state: ChangeState | undefined;
  /** Milliseconds since the Unix epoch by which what is armed undoes it. */
  until: number | undefined;
  /** The same by which the arming has come to its end on the device; undefined: it was answered, or nothing was typed. */
  armingUntil: number | undefined;
  /** SHA-256 of the running configuration with it. */
  after: string | undefined;
  /** What the device changed in its running configuration, before to after; ours, from both. */
  made: readonly string[] | undefined;
  /** The same of before and the end. */
  left: readonly string[] | undefined;
  /** Rows that show what the end rests on. */
  readonly shown: string[];
  readonly notes: string[];
  end: Claim | undefined;
  /** Settled once it has ended; rejects where the gate refused it. */
  ended: Promise<void> | undefined;
}

/** Changes that one process knows, by their ids. */
export class Book {
  readonly #records = new Map<string, ChangeRecord>();

  add(plan: Plan, at: number): ChangeRecord {
    const record: ChangeRecord = {
      plan,
      at,
      state: undefined,
      until: undefined,
      armingUntil: undefined,
      after: undefined,
      made: undefined,
      left: undefined,
      shown: [],
      notes: [],
      end: undefined,
      ended: undefined,
    };
    this.#records.set(plan.id, record);
    this.#forgetOld();
    return record;
  }

  find(id: string): ChangeRecord | undefined {
    return this.#records.get(id);
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  /** Newest first. */
  all(): readonly ChangeRecord[] {
    return [...this.#records.values()].toReversed();
  }

  /** From the moment in which somebody asked for it, also while it waits for leave. */
  underWayOn(host: string): ChangeRecord | undefined {
    return this.all().find((record) => record.plan.host === host && isUnderWay(record));
  }

  /** Each holds a configuration: of those that are not under way some are kept. */
  #forgetOld(): void {
    const idle = this.all().filter((record) => !isUnderWay(record));
    for (const { plan } of idle.slice(MOST)) this.#records.delete(plan.id);
  }
}

function isUnderWay({ state, ended, end }: ChangeRecord): boolean {
  return (state !== undefined || ended !== undefined) && end === undefined;
}

const MOST = 40;

const books = new WeakMap<object, Book>();

/** The one of these sessions: what belongs to one realm is unknown in another. */
export function bookOf(multiplexer: object): Book {
  const known = books.get(multiplexer) ?? new Book();
  books.set(multiplexer, known);
  return known;
}
