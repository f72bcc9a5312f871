import type { Clock, Disposable } from "../../base/clock.ts";

/** Quiet times at which the PTY is observed, at growing intervals: milliseconds since the last byte. */
const LOOKS_MS = [20, 300, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

/** A timer later than this means that the whole process was held up, milliseconds. */
const STALL_MS = 25;

/**
 * Notices when a PTY goes quiet and has that judged. Each arrival of bytes starts over. Observations (`look`) never
 * overlap; one that finds that bytes arrived meanwhile is simply followed by the next one.
 */
export class Observer {
  readonly #clock: Clock;
  readonly #look: (quietMs: number) => Promise<number | undefined>;
  readonly #onError: (error: unknown) => void;
  #lastActivity: number;
  #step = 0;
  /** The quiet time at which the last observation is to be repeated. */
  #wanted: number | undefined;
  #timer: Disposable | undefined;
  /** When the timer fires. */
  #wakesAt = 0;
  #looking = false;
  #disposed = false;

  /** `look` resolves to the quiet time in milliseconds at which it is to be called again, if before the next one due. */
  constructor(
    clock: Clock,
    look: (quietMs: number) => Promise<number | undefined>,
    onError: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#look = look;
    this.#onError = onError;
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
    this.#wanted = undefined;
    // A timer set in a long quiet would come far too late; an earlier one finds out by itself, cheaper than a new one per chunk.
    if (this.#wakesAt > this.#lastActivity + this.#due) this.#disarm();
    this.#arm();
  }

  /** Somebody began to wait, or the state changed: observe soon, even when it has long been quiet. */
  restart(): void {
    this.#step = 0;
    this.#wanted = undefined;
    this.#disarm();
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  /** Quiet time at which the next observation is due. */
  get #due(): number {
    return Math.min(this.#wanted ?? Number.POSITIVE_INFINITY, scheduled(this.#step));
  }

  #disarm(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#timer || this.#looking || this.#disposed) return;
    const ms = Math.max(1, this.#due - this.quietMs);
    this.#wakesAt = this.#clock.now() + ms;
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      // While this process was suspended nothing could arrive: such time is no proof of quiet.
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
    if (this.quietMs < this.#due) this.#arm();
    else void this.#takeLook(this.quietMs);
  }

  /** Never rejects: what the look throws, at once or later, is told to `onError`. */
  async #takeLook(quiet: number): Promise<void> {
    // Steps that lie in the past already are covered by this observation.
    while (scheduled(this.#step) <= quiet) this.#step++;
    this.#wanted = undefined;
    this.#looking = true;
    const step = this.#step;
    try {
      const wanted = await this.#look(quiet);
      // Bytes that came meanwhile have started over.
      if (this.#step === step) this.#wanted = wanted;
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#looking = false;
      this.#arm();
    }
  }
}

/** Quiet time of observation number `step`. */
function scheduled(step: number): number {
  const last = LOOKS_MS.length - 1;
  return step <= last ? (LOOKS_MS[step] ?? 0) : (LOOKS_MS[last] ?? 0) * (step - last + 1);
}
