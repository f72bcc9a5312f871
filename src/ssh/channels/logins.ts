import type { Clock } from "../../base/clock.ts";
import type { Login } from "../contract.ts";

/** The next login on a connection waits for the one before at most this long, milliseconds. */
const TURN_MS = 1000;

/** The logins on one connection, one after the other: a login shell that nobody knows yet is then the newest terminal's. */
export class Logins {
  readonly #clock: Clock;
  /** Process ids by login, in the order in which they were begun; undefined: not found. */
  readonly #shells = new Map<symbol, number | undefined>();
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the login before, then begins one. `gone`: calls back when its terminal is gone. */
  async begin(): Promise<Login & { gone(): void }> {
    const before = this.#last;
    let over = () => {};
    this.#last = new Promise((resolve) => {
      over = resolve;
    });
    await before;
    const timer = this.#clock.after(TURN_MS, over);
    const end = () => {
      timer.dispose();
      over();
    };
    const key = Symbol("login");
    const shells = this.#shells;
    shells.set(key, undefined);
    return {
      get turn() {
        const others = new Set(
          [...shells].flatMap(([of, pid]) => (pid === undefined || of === key ? [] : [pid])),
        );
        const open = [...shells].flatMap(([of, pid]) => (pid === undefined || of === key ? [of] : []));
        return { others, index: open.indexOf(key), of: open.length };
      },
      found(pid) {
        shells.set(key, pid);
        end();
      },
      over: end,
      gone() {
        shells.delete(key);
        end();
      },
    };
  }
}
