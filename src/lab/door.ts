import type { Clock, Disposable } from "../base/clock.ts";

/** Where a connection comes from and which address of the device it is for, as the device sees it. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** What a device's configuration makes of the way that its SSH connections come. */
export interface Reach {
  /** Packets get there and back; without them nothing is said, also on connections that stand. */
  readonly packets: boolean;
  /** Something takes new connections; else they are reset. */
  readonly answers: boolean;
  /** New connections that nothing takes are not even reset: they wait. */
  readonly silent?: boolean;
  /** A login that is right is let in. */
  readonly admits: boolean;
}

export interface Patience {
  readonly clock: Clock;
  readonly ms: number;
}

export const OPEN: Reach = { packets: true, answers: true, admits: true };

/** The door of a device: how it can be reached now, and when that may have changed. */
export class Door {
  readonly #reach: () => Reach;
  readonly #changed = new Set<() => void>();
  readonly #restarted = new Set<() => void>();
  /** A connection that nothing is heard of for so long is given up; without it never. */
  readonly patience: Patience | undefined;

  constructor(reach: () => Reach, patience?: Patience) {
    this.#reach = reach;
    this.patience = patience;
  }

  get reach(): Reach {
    return this.#reach();
  }

  /** The configuration is another one, or the device came up. */
  changed(): void {
    for (const listener of [...this.#changed]) listener();
  }

  /** The device goes down: it forgets its connections. */
  restarted(): void {
    for (const listener of [...this.#restarted]) listener();
  }

  watch(changed: () => void, restarted: () => void): Disposable {
    this.#changed.add(changed);
    this.#restarted.add(restarted);
    return {
      dispose: () => {
        this.#changed.delete(changed);
        this.#restarted.delete(restarted);
      },
    };
  }
}
