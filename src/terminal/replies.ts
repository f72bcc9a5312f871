import type { Clock } from "../base/clock.ts";

/**
 * Which terminal queries are answered. All off by default: a host's output must not make us type. The answers are constant
 * (the cursor report holds two numbers), so nothing a host wrote can come back as input. OSC 52 is never answered.
 */
export interface ReplyPolicy {
  /** CSI 6 n, CSI ? 6 n: where the cursor is. */
  readonly cursorPosition?: boolean;
  /** CSI 5 n: ready. */
  readonly status?: boolean;
  /** CSI c and ESC Z: a VT100 with advanced video. */
  readonly primaryAttributes?: boolean;
  /** CSI > c. */
  readonly secondaryAttributes?: boolean;
  /** OSC 10 and 11: light grey on black. Programs that ask wait for a timeout otherwise. */
  readonly colors?: boolean;
}

/** Shells and editors size the screen by these; everything else stays unanswered. */
export const REPLIES: ReplyPolicy = { cursorPosition: true, status: true, primaryAttributes: true };

export type ReplyKind = keyof ReplyPolicy;

const PRIMARY = "\u001b[?1;2c";
const SECONDARY = "\u001b[>0;276;0c";
const FOREGROUND = "\u001b]10;rgb:c0c0/c0c0/c0c0\u001b\\";
const BACKGROUND = "\u001b]11;rgb:0000/0000/0000\u001b\\";
const PER_SECOND = 20;

/** Lets replies through by policy, at most twenty in a second. */
export class ReplyGate {
  /** True while what is drawn is an echo or otherwise not asked by a program that reads answers. */
  muted = false;
  /** Replies that were due but held back by the rate. */
  suppressed = 0;
  readonly #policy: ReplyPolicy;
  readonly #clock: Clock;
  readonly #send: (bytes: string) => void;
  #tokens = PER_SECOND;
  #refilledAt: number;

  constructor(policy: ReplyPolicy, clock: Clock, send: (bytes: string) => void) {
    this.#policy = policy;
    this.#clock = clock;
    this.#send = send;
    this.#refilledAt = clock.now();
  }

  /** Something the emulator wants to answer by itself; only the shapes we know pass. */
  fromEmulator(data: string): void {
    if (/^\u001b\[\??\d{1,5};\d{1,5}R$/.test(data)) this.answer("cursorPosition", data);
    else if (data === "\u001b[0n") this.answer("status", data);
    else if (/^\u001b\[\?[\d;]{1,16}c$/.test(data)) this.answer("primaryAttributes", PRIMARY);
    else if (/^\u001b\[>[\d;]{1,16}c$/.test(data)) this.answer("secondaryAttributes", SECONDARY);
  }

  /** ESC Z, which the emulator does not know. */
  identify(): void {
    this.answer("primaryAttributes", PRIMARY);
  }

  color(number: 10 | 11): void {
    this.answer("colors", number === 10 ? FOREGROUND : BACKGROUND);
  }

  answer(kind: ReplyKind, bytes: string): void {
    if (this.muted || this.#policy[kind] !== true) return;
    const now = this.#clock.now();
    this.#tokens = Math.min(PER_SECOND, this.#tokens + ((now - this.#refilledAt) * PER_SECOND) / 1000);
    this.#refilledAt = now;
    if (this.#tokens < 1) {
      this.suppressed++;
      return;
    }
    this.#tokens--;
    try {
      this.#send(bytes);
    } catch {
      // The receiver's own failure (a channel that just closed); it must not unwind through the emulator, which would lock.
    }
  }
}
