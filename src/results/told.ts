import type { SessionView } from "../multiplexer/types.ts";
import type { ScreenView } from "../terminal/types.ts";

/** What a caller was last told of one shell of a session. */
interface Known {
  readonly life: number;
  /** The directory, and whose shell it is one of. */
  readonly place?: string;
  readonly screen?: SeenScreen;
}

interface SeenScreen {
  readonly version: number;
  readonly command: number;
  readonly size: string;
}

/** What one caller was told so far, and what this result tells it. */
export interface Listener {
  /** Is this directory another than the one that it was told last? From now on it was told. */
  hears(session: SessionView, cwd: string, at: { readonly level: number; readonly on?: string }): boolean;
  /** Version of the screen it saw last, of the same command and size; undefined: it saw none. It sees `screen` now. */
  sees(session: SessionView, screen: ScreenView): number | undefined;
  /** The result went out. */
  delivered(): void;
}

/** Knows nothing: everything is new to it. */
export const STRANGER: Listener = { hears: () => true, sees: () => undefined, delivered() {} };

/** Callers remembered per session; the one that was told something longest ago is forgotten first. */
const REMEMBERED = 32;

/** What each caller was told of each session, so that results say what is new. */
export class Told {
  readonly #sessions = new WeakMap<SessionView, Map<string, Known>>();

  by(caller: string): Listener {
    const fresh = new Map<SessionView, Known>();
    const known = (session: SessionView): Known => {
      const life = session.facts().life ?? 0;
      const before = fresh.get(session) ?? this.#sessions.get(session)?.get(caller);
      return before?.life === life ? before : { life };
    };
    return {
      hears(session, cwd, { level, on = "" }) {
        const place = JSON.stringify([level, on, cwd]);
        const before = known(session);
        fresh.set(session, { ...before, place });
        return before.place !== place;
      },
      sees(session, { version, size }) {
        const command = session.commands().at(-1)?.id ?? 0;
        const screen = { version, command, size: `${size.cols}x${size.rows}` };
        const before = known(session);
        fresh.set(session, { ...before, screen });
        const { screen: seen } = before;
        return seen?.command === command && seen.size === screen.size ? seen.version : undefined;
      },
      delivered: () => {
        for (const [session, now] of fresh) this.#remember(session, caller, now);
      },
    };
  }

  #remember(session: SessionView, caller: string, now: Known): void {
    const callers = this.#sessions.get(session) ?? new Map<string, Known>();
    this.#sessions.set(session, callers);
    // Newest last.
    callers.delete(caller);
    callers.set(caller, now);
    const [oldest] = callers.keys();
    if (callers.size > REMEMBERED && oldest !== undefined) callers.delete(oldest);
  }
}
