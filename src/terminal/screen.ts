import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import { visible } from "../base/text.ts";
import { Backlog, FLOOD_BYTES, type Pending } from "./backlog.ts";
import { ClampFilter } from "./clamp.ts";
import { Emulator, type EmulatorOptions } from "./emulator.ts";
import { type Painted, paint, plainPaint } from "./paint.ts";
import { ReplyGate, type ReplyPolicy } from "./replies.ts";
import { type Steps, sharedTurns, type Turns } from "./turns.ts";
import type { ScreenView } from "./types.ts";
import { type ChangedRow, draw, modesOf, textToCursor, ViewHistory } from "./view.ts";

/** Rows above the screen; history belongs to the transcript (an emulator row costs 12 bytes a cell). */
const SCROLLBACK = 200;
/** Largest piece drawn in one go: about a millisecond of ordinary text. */
const PIECE = 16 * 1024;
/** Bytes drawn on arrival within `WINDOW_MS`. What comes beyond is a flood: it waits a little, so that most can be skipped. */
const AT_ONCE = 32 * 1024;
const WINDOW_MS = 20;
/** Drawn on arrival whatever others draw: an echo, a prompt. */
const SMALL = 1024;
const FLOOD_DELAY_MS = 50;
/** Longest `flush`. */
const FLUSH_MS = 30;
/** Filtered bytes kept after the emulator failed. */
const REMAINS = 8 * 1024;

export interface ScreenOptions {
  readonly cols: number;
  readonly rows: number;
  readonly scrollback?: number;
  /** Which terminal queries are answered; none when left out. */
  readonly replies?: ReplyPolicy;
  /** Receives answers, to be sent to the host. */
  readonly onReply?: (bytes: string) => void;
  readonly clock?: Clock;
  readonly turns?: Turns;
}

/**
 * Makes a screen; loads the emulator at the first call. In its turn: an emulator takes a millisecond, and when many
 * sessions open at once they must not hold up those that work.
 */
export async function createScreen(options: ScreenOptions): Promise<Screen> {
  const make = await Emulator.load();
  const { turns = sharedTurns } = options;
  return new Promise((resolve, reject) =>
    turns.add({
      step() {
        try {
          resolve(new Screen(options, make));
        } catch (error) {
          reject(error);
        }
        return false;
      },
    }),
  );
}

/**
 * What a person at this terminal would see. Bytes go through the clamping filter and are drawn at once while few; a flood waits
 * in a backlog that is drawn piece by piece between turns of the event loop, and of which the part that would scroll away
 * unseen is skipped. No method throws because of what a host sent.
 */
export class Screen implements Disposable, Steps {
  readonly #make: (options: EmulatorOptions) => Emulator;
  readonly #filter: ClampFilter;
  readonly #backlog = new Backlog();
  readonly #history = new ViewHistory();
  readonly #drained = new Emitter<void>();
  readonly #gate: ReplyGate;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #scrollback: number;
  #size: { cols: number; rows: number };
  #emulator: Emulator;
  #title = "";
  /** Bumped whenever the emulator may have changed; the view is drawn again only then. */
  #generation = 0;
  #drawnGeneration = -1;
  /** Bytes that came since `#windowStart`, and whether the window before brought too many. */
  #arrived = 0;
  #flooding = false;
  #windowStart = Number.NEGATIVE_INFINITY;
  #catchUp: Disposable | undefined;
  #degraded = false;
  #remains = Buffer.alloc(0);
  #limited = false;
  #skippedBytes = 0;
  #disposed = false;

  readonly #changed = new Emitter<void>();

  /** Fires when what is shown may have changed. */
  readonly onChanged: Event<void> = this.#changed.event;
  /** Fires when everything that waited has been drawn. */
  readonly onDrained: Event<void> = this.#drained.event;

  constructor(options: ScreenOptions, make: (options: EmulatorOptions) => Emulator) {
    this.#make = make;
    this.#size = { cols: options.cols, rows: options.rows };
    this.#scrollback = options.scrollback ?? SCROLLBACK;
    this.#clock = options.clock ?? systemClock;
    this.#turns = options.turns ?? sharedTurns;
    const { onReply = () => {} } = options;
    this.#gate = new ReplyGate(options.replies ?? {}, this.#clock, onReply);
    this.#filter = new ClampFilter(() => this.#size);
    this.#emulator = this.#newEmulator();
  }

  /** The emulator failed on something; the view shows the last lines as plain text until `softReset`. */
  get degraded(): boolean {
    return this.#degraded;
  }

  /** Sequences were left out because the stream asked for more work than it paid for. */
  get limited(): boolean {
    return this.#limited;
  }

  /** Bytes that would have scrolled away unseen and were not drawn. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** Bytes that wait to be drawn. Above a megabyte the channel should be paused until `onDrained`. */
  get backlogBytes(): number {
    return this.#backlog.bytes;
  }

  /** While true no query is answered. */
  get repliesMuted(): boolean {
    return this.#gate.muted;
  }

  set repliesMuted(muted: boolean) {
    this.#gate.muted = muted;
  }

  /** Takes bytes from the host. They must not be changed afterwards. */
  write(bytes: Uint8Array): void {
    if (this.#disposed) return;
    this.#guard(() => {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const slice = this.#filter.push(bytes.length <= PIECE ? bytes : bytes.subarray(at, at + PIECE));
        if (slice.limited) this.#limited = true;
        if (slice.bytes.length > 0 || slice.title !== undefined) this.#enqueue(slice, slice.bytes.length);
      }
    });
  }

  /** Draws what waits, now, for at most 30 ms; what is left keeps the view `stale`. */
  flush(): void {
    if (this.#backlog.empty) return;
    const end = this.#clock.now() + FLUSH_MS;
    this.#skip();
    while (!this.#backlog.empty && this.#clock.now() < end) this.#drawNext();
    if (this.#backlog.empty) this.#drained.fire();
  }

  /** One piece of waiting work; for `Turns`. */
  step(): boolean {
    if (this.#disposed) return false;
    if (this.#backlog.flooded) this.#skip();
    this.#drawNext();
    if (!this.#backlog.empty) return true;
    this.#drained.fire();
    return false;
  }

  /** The screen as it is drawn; the same object while nothing changed. */
  view(): ScreenView {
    const stale = !this.#backlog.empty;
    const latest = this.#history.latest;
    if (latest !== undefined && this.#drawnGeneration === this.#generation && latest.stale === stale)
      return latest;
    this.#drawnGeneration = this.#generation;
    try {
      if (!this.#degraded) return this.#history.note(draw(this.#emulator.terminal, this.#title), stale);
    } catch {
      this.#degraded = true;
    }
    return this.#history.note(this.#remainingLines(), stale);
  }

  /** The screen with its colours, for a person's terminal. */
  painted(): Painted {
    this.flush();
    if (!this.#degraded) return paint(this.#emulator.terminal);
    const { rows, cursor } = this.view();
    return plainPaint(rows, this.#size.cols, cursor);
  }

  /** Rows that differ from the view with this version, with their text now. */
  changedRows(since: number): ChangedRow[] {
    this.view();
    return this.#history.changedSince(since);
  }

  /** Text of the cursor's row up to the cursor, wrapped rows joined; cheaper than a whole view. */
  cursorRowText(): string {
    return this.#degraded ? this.view().cursorText : textToCursor(this.#emulator.terminal);
  }

  /** Changes the size once what has arrived for the old one is drawn. */
  get cols(): number {
    return this.#size.cols;
  }

  resize(cols: number, rows: number): void {
    if (this.#disposed || (cols === this.#size.cols && rows === this.#size.rows)) return;
    this.#size = { cols, rows };
    this.#enqueue(() => this.#emulator.terminal.resize(cols, rows), 0);
  }

  /**
   * Puts back what a killed program may have left: the alternate screen, colours, charsets, scroll margins, mouse
   * reporting, application keys, a hidden cursor, origin and insert mode, no autowrap, an unfinished sequence. Bracketed
   * paste belongs to the shell's own prompt and stays.
   */
  softReset(): void {
    if (this.#disposed) return;
    const alternate = this.#filter.alternate;
    this.#filter.reset();
    this.#limited = false;
    this.#enqueue(() => {
      if (this.#degraded) this.#renew();
      const { terminal } = this.#emulator;
      const paste = modesOf(terminal).bracketedPaste;
      const leave = terminal.buffer.active.type === "alternate" ? `\u001b[?${alternate || 1047}l` : "";
      // DECSTR does the rest, but knows nothing of mouse and focus reporting, and ends bracketed paste too.
      const reset = `${leave}\u001b[!p\u001b[?1000;1004;1006l${paste ? "\u001b[?2004h" : ""}`;
      this.#emulator.parse(Buffer.from(reset, "latin1"));
    }, 0);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#catchUp?.dispose();
    this.#backlog.clear();
    this.view();
    this.#drained.clear();
    this.#emulator.dispose();
  }

  /** Draws at once while little came in this window and nothing waits; queues otherwise, so that order is kept. */
  #enqueue(item: Pending, bytes: number): void {
    const calm = this.#isCalm(bytes) && (bytes <= SMALL || this.#turns.atOnce);
    if (this.#backlog.empty && (bytes === 0 || calm)) {
      const began = this.#clock.now();
      this.#apply(item);
      this.#turns.drewSince(began);
      return;
    }
    this.#backlog.push(item);
    if (this.#backlog.flooded) this.#skip();
    // What could not be skipped must be drawn anyway.
    if (this.#backlog.bytes >= FLOOD_BYTES) this.#turns.add(this);
    else this.#catchUp ??= this.#clock.after(FLOOD_DELAY_MS, () => this.#catchUpNow());
  }

  #catchUpNow(): void {
    this.#catchUp = undefined;
    if (this.#disposed || this.#backlog.empty) return;
    this.#skip();
    this.#turns.add(this);
  }

  /** Counts what arrives; false while it is a flood, which lasts until a window has brought little. */
  #isCalm(bytes: number): boolean {
    const now = this.#clock.now();
    const age = now - this.#windowStart;
    if (age >= WINDOW_MS) {
      this.#flooding = this.#arrived > AT_ONCE && age < 2 * WINDOW_MS;
      this.#windowStart = now;
      this.#arrived = 0;
    }
    this.#arrived += bytes;
    return !this.#flooding && this.#arrived <= AT_ONCE;
  }

  #drawNext(): void {
    const item = this.#backlog.shift();
    if (item !== undefined) this.#apply(item);
  }

  #apply(item: Pending): void {
    this.#generation++;
    if (this.#changed.size > 0) queueMicrotask(() => this.#changed.fire());
    this.#guard(() => {
      if (typeof item === "function") return item();
      if (item.title !== undefined) this.#title = item.title;
      if (this.#degraded) this.#remember(item.bytes);
      else {
        try {
          this.#emulator.parse(item.bytes);
        } catch (error) {
          this.#remember(item.bytes);
          throw error;
        }
      }
    });
  }

  /** Leaves out of the backlog what nobody will see. */
  #skip(): void {
    this.#guard(() => {
      const { terminal } = this.#emulator;
      const ordinary =
        terminal.buffer.active.type === "normal" &&
        !this.#emulator.hasMargins &&
        !terminal.modes.reverseWraparoundMode;
      if (this.#degraded || !ordinary) return;
      const skipped = this.#backlog.skip(2 * terminal.rows + this.#scrollback);
      if (skipped.bytes === 0) return;
      this.#skippedBytes += skipped.bytes;
      if (skipped.title !== undefined) this.#title = skipped.title;
      this.#emulator.parse(Buffer.from("\u001b[m", "latin1"));
    });
  }

  #newEmulator(): Emulator {
    const emulator = this.#make({ ...this.#size, scrollback: this.#scrollback });
    const { terminal } = emulator;
    terminal.onData((data) => this.#gate.fromEmulator(data));
    terminal.parser.registerEscHandler({ final: "Z" }, () => {
      this.#gate.identify();
      return true;
    });
    for (const number of [10, 11] as const)
      terminal.parser.registerOscHandler(number, () => {
        this.#gate.color(number);
        return true;
      });
    return emulator;
  }

  #renew(): void {
    this.#emulator.dispose();
    this.#emulator = this.#newEmulator();
    this.#degraded = false;
    this.#remains = Buffer.alloc(0);
  }

  #remember(bytes: Uint8Array): void {
    this.#remains = Buffer.from(Buffer.concat([this.#remains, bytes]).subarray(-REMAINS));
  }

  #remainingLines(): Omit<ScreenView, "version" | "stale"> {
    const text = this.#remains.toString("utf8").replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|.)/g, "");
    const lines = text
      .split(/\r*\n/)
      .map((line) => visible(line.slice(line.lastIndexOf("\r") + 1).trimEnd()));
    const rows = lines.slice(-this.#size.rows);
    const cursorText = rows.at(-1) ?? "";
    return {
      rows,
      cursor: { row: Math.max(0, rows.length - 1), col: Math.min(cursorText.length, this.#size.cols - 1) },
      cursorText,
      size: this.#size,
      alternate: false,
      modes: { applicationCursorKeys: false, bracketedPaste: false, mouse: false },
      title: visible(this.#title),
    };
  }

  /** After an exception xterm's write loop stays locked, so it gets no more bytes. */
  #guard(work: () => void): void {
    try {
      work();
    } catch {
      this.#degraded = true;
      this.#generation++;
    }
  }
}
