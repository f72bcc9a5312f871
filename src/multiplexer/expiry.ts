import type { Clock, Disposable } from "../base/clock.ts";
import type { Session } from "../shell/session/session.ts";

const CHECK_MS = 5000;

type Expiring = Pick<Session, "busy" | "close" | "closed" | "host" | "idleMs" | "keyboard">;

/**
 * Closes sessions whose idle time is over, counted from the last act of a caller. One in which a command runs is left
 * alone, as is one whose keyboard a person has; a line that nobody entered is no command.
 */
export class Expiry implements Disposable {
  readonly #clock: Clock;
  readonly #sessions: () => Iterable<Expiring>;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(clock: Clock, sessions: () => Iterable<Expiring>) {
    this.#clock = clock;
    this.#sessions = sessions;
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #arm(): void {
    this.#timer = this.#clock.after(CHECK_MS, () => {
      for (const session of this.#sessions()) {
        const { idleTimeoutMs } = session.host.timing;
        const isUsed = session.busy || session.keyboard.holder !== undefined;
        if (idleTimeoutMs === 0 || session.closed || isUsed || session.idleMs < idleTimeoutMs) continue;
        void session.close(`idle for ${Math.round(session.idleMs / 1000)} s (idle_timeout)`, "idle");
      }
      if (!this.#disposed) this.#arm();
    });
  }
}
