import type { Clock, Disposable } from "../base/clock.ts";
import { visibleLine } from "../base/text.ts";
import type { CastFile, Written } from "./cast-file.ts";
import { CastLines, type Header } from "./format.ts";
import { MaskedStream, type Secrets } from "./masked-stream.ts";
import type { RecordedCommand, RecordedSession, RecordingSink } from "./sink.ts";

/** Output that waits to be looked at and written; what comes beyond it is counted and missing. */
const MOST_HELD = 4 * 1024 * 1024;
/** While so much waits for the disk, no more is made ready. */
const MOST_BACKLOG = 1024 * 1024;
/** Behind it the next turn comes soon. */
const MOST_PENDING = 64 * 1024;
/** A command's text in its marker. */
const MOST_CHARS = 300;

const SOON_MS = 100;
/** More is there already. */
const NEXT_MS = 10;
/** Something is held, or a command may end in silence. */
const LATER_MS = 500;

export interface RecorderParts {
  readonly clock: Clock;
  readonly file: CastFile;
  readonly secrets: Secrets;
  /** Takes secrets out of a command's text. */
  readonly redact: (text: string) => string;
  /** Told when the file is closed, and how many commands it tells of. */
  readonly ended: (written: Written, commands: number) => void;
}

/** Writes what one shell does as it happens, in turns of its own: the session waits for none of them. */
export class Recorder implements RecordingSink {
  readonly #parts: RecorderParts;
  readonly #session: RecordedSession;
  readonly #stream: MaskedStream;
  readonly #lines: CastLines;
  #timer: Disposable | undefined;
  #missing = 0;
  /** Commands with a marker of their beginning and none of their end. */
  readonly #open = new Map<number, RecordedCommand>();
  #lastCommand: number;
  #commands = 0;
  #over: Promise<void> | undefined;

  constructor(parts: RecorderParts, session: RecordedSession, header: Header) {
    this.#parts = parts;
    this.#session = session;
    this.#stream = new MaskedStream(parts.secrets, session.cols);
    this.#lines = new CastLines(parts.clock.now());
    this.#lastCommand = session.log.last?.id ?? 0;
    parts.file.append(this.#lines.header(header));
  }

  output(bytes: Buffer): void {
    if (this.#over !== undefined || this.#parts.file.over || bytes.length === 0) return;
    this.look();
    if (this.#stream.held + bytes.length > MOST_HELD) {
      this.#missing += bytes.length;
      return;
    }
    this.#sayMissing();
    this.#stream.output(this.#parts.clock.now(), Buffer.from(bytes));
    this.#wake(SOON_MS);
  }

  resize(cols: number, rows: number): void {
    this.#event("r", `${cols}x${rows}`);
  }

  look(): void {
    if (this.#over !== undefined) return;
    const { log } = this.#session;
    for (const [id, known] of this.#open) {
      const command = log.get(id) ?? known;
      if (command.endedAt === undefined) continue;
      this.#open.delete(id);
      const exit = command.exit === undefined ? "" : ` exit=${command.exit}`;
      this.#event("m", `#${id} ${command.state}${exit}`);
    }
    const last = log.last?.id ?? 0;
    while (this.#lastCommand < last) {
      const command = log.get(++this.#lastCommand);
      if (command === undefined) continue;
      this.#commands++;
      this.#open.set(command.id, command);
      const text = visibleLine(this.#parts.redact(command.text), MOST_CHARS);
      this.#event("m", `#${command.id} ${text}`);
    }
  }

  end({ detail, exit }: Parameters<RecordingSink["end"]>[0]): void {
    if (this.#over !== undefined) return;
    this.look();
    this.#sayMissing();
    this.#event("m", `closed: ${visibleLine(this.#parts.redact(detail), MOST_CHARS)}`);
    if (exit !== undefined) this.#event("x", String(exit));
    this.#over = this.#finish();
  }

  /** The file is closed. */
  async closed(): Promise<void> {
    this.end({ detail: "ssh-mcp ended" });
    await this.#over;
  }

  async #finish(): Promise<void> {
    this.#timer?.dispose();
    const { file, ended } = this.#parts;
    while (this.#stream.held > 0) {
      this.#write(true);
      // What is left is at most 4 MiB; others have their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    ended(await file.end(), this.#commands);
  }

  #event(code: "m" | "r" | "x", text: string): void {
    if (this.#over !== undefined) return;
    if (this.#stream.held > 2 * MOST_HELD) return;
    this.#stream.event({ at: this.#parts.clock.now(), code, text });
    this.#wake(SOON_MS);
  }

  #sayMissing(): void {
    if (this.#missing === 0) return;
    const missing = this.#missing;
    this.#missing = 0;
    this.#event(
      "m",
      `${missing} bytes of output are missing here: they came faster than they could be written`,
    );
  }

  #wake(ms: number): void {
    if (this.#over !== undefined) return;
    this.#timer ??= this.#parts.clock.after(ms, () => {
      this.#timer = undefined;
      this.look();
      if (this.#parts.file.backlog < MOST_BACKLOG) this.#write(false);
      const busy = this.#stream.held > MOST_PENDING;
      if (this.#stream.held > 0 || this.#open.size > 0) this.#wake(busy ? NEXT_MS : LATER_MS);
    });
  }

  #write(all: boolean): void {
    const events = this.#stream.take(this.#parts.clock.now(), all);
    this.#parts.file.append(events.map((event) => this.#lines.line(event)).join(""));
  }
}
