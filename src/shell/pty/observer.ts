import type { Clock, Disposable } from "../../base/clock.ts";

/** Quiet time after which a look is taken, again and again with growing distance: milliseconds since the last byte. */
const LOOKS_MS = [20, 300, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

/** A timer later than this means that the whole process was held up, milliseconds. */
const STALL_MS = 25;

/**
 * Notices when a PTY goes quiet and has somebody look at what that means. Each arrival of bytes starts over. Looks never
 * overlap; a look that finds that bytes arrived meanwhile is simply followed by the next one.
 */
export class Observer {
  readonly #clock: Clock;
  readonly #look: (quietMs: number) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #looks: () => readonly number[];
  #lastActivity: number;
  #step = 0;
  #timer: Disposable | undefined;
  /** When the timer fires. */
  #wakesAt = 0;
  #looking = false;
  #disposed = false;

  /** `looks`: quiet times in milliseconds at which a look is worth while, ascending. */
  constructor(
    clock: Clock,
    look: (quietMs: number) => Promise<void>,
    onError: (error: unknown) => void,
    looks: () => readonly number[] = () => LOOKS_MS,
  ) {
    this.#clock = clock;
    this.#look = look;
    this.#onError = onError;
    this.#looks = looks;
    this.#lastActivity = clock.now();
  }

  /** Milliseconds since the last byte in either direction. */
  get quietMs(): number {
    return this.#clock.now() - this.#lastActivity;
  }

  /** Bytes arrived or were sent: quiet starts over. */
  onActivity(): void {
    this.#lastActivity = this.#clock.now();
    this.#step = 0;
    // A timer set in a long quiet would come far too late; an earlier one finds out by itself, cheaper than a new one per chunk.
    if (this.#wakesAt > this.#lastActivity + this.#due(0)) this.#disarm();
    this.#arm();
  }

  /** Somebody began to wait, or the state changed: look soon, even when it has long been quiet. */
  restart(): void {
    this.#step = 0;
    this.#disarm();
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Quiet time at which look number `step` is due. */
  #due(step: number): number {
    const looks = this.#looks();
    const last = looks.length - 1;
    return step <= last ? (looks[step] ?? 0) : (looks[last] ?? 0) * (step - last + 1);
  }

  #disarm(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#timer || this.#looking || this.#disposed) return;
    const ms = Math.max(1, this.#due(this.#step) - this.quietMs);
    this.#wakesAt = this.#clock.now() + ms;
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      // While this process stood still nothing could arrive: such time proves no quiet.
      const late = this.#clock.now() - this.#wakesAt;
      if (late > STALL_MS) this.#lastActivity += late;
      // After a stall timers come before what waits in the sockets: that must be read first.
      this.#looking = true;
      setImmediate(() => this.#wake());
    });
  }

  #wake(): void {
    this.#looking = false;
    if (this.#disposed) return;
    // Bytes that came meanwhile moved the moment on; timers may also fire a fraction of a millisecond early.
    if (this.quietMs < this.#due(this.#step)) this.#arm();
    else this.#takeLook(this.quietMs);
  }

  #takeLook(quiet: number): void {
    // Steps that lie in the past already are covered by this look.
    while (this.#due(this.#step) <= quiet) this.#step++;
    this.#looking = true;
    this.#look(quiet)
      .catch(this.#onError)
      .finally(() => {
        this.#looking = false;
        this.#arm();
      });
  }
}
