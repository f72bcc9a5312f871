import stripAnsi from "strip-ansi";
import { visibleLine } from "../../base/text.ts";
import type { Transcript } from "../../terminal/transcript.ts";

/** Bytes of a stretch that are looked at for its rows, the newest. */
const MOST_BYTES = 256 * 1024;
/** Stretches remembered per session; the oldest is forgotten first, its rows are in the transcript still. */
const REMEMBERED = 1000;
/** Rows shown in a note, and characters of each. */
const SHOWN = 3;
const SHOWN_CHARS = 100;

/** Rows that belong to no command's output: printed between two commands, or while the next one's line was typed. */
export interface Stray {
  /** Transcript cursors. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Finds what is printed outside of commands: by background jobs, by the shell about its jobs, by the prompt's hooks. */
export class Strays {
  #kept: Stray[] = [];
  /** Where the last command ended, and where the newest prompt began; undefined: a command runs, or no shell has its hooks yet. */
  #from: number | undefined;
  #prompt: number | undefined;
  /** Rows that the prompts of each shell level have above their last: the fewest seen. */
  readonly #promptRows = new Map<number, number>();
  #level = 1;
  #early = false;
  #note: { from: number; rows: number; readonly shown: string[] } | undefined;

  /** Stretches with such rows, oldest first, the one that is still open among them. */
  all(transcript: Transcript): readonly Stray[] {
    const open = this.#openStretch(transcript);
    return open === undefined ? this.#kept : [...this.#kept, open];
  }

  /** Rows of such stretches within [from, to). */
  rowsWithin(from: number, to: number, transcript: Transcript): number {
    return this.all(transcript)
      .filter((stray) => stray.from < to && stray.to > from)
      .reduce((sum, stray) => {
        const whole = stray.from >= from && stray.to <= to;
        const part = { ...stray, from: Math.max(from, stray.from), to: Math.min(to, stray.to) };
        return sum + (whole ? stray.rows : this.textOf(part, transcript).length);
      }, 0);
  }

  /** Its rows as they were printed, also those that a prompt wiped out as it was drawn anew. */
  textOf({ from, to }: Stray, transcript: Transcript): string[] {
    return rowsOf(transcript, from, to);
  }

  /** Another shell takes over: what the old one left open is kept, and what comes before its own first prompt is its login. */
  renewed(transcript: Transcript): void {
    const open = this.#openStretch(transcript);
    if (open !== undefined) this.#kept.push(open);
    this.#from = undefined;
    this.#prompt = undefined;
    this.#early = false;
    this.#promptRows.clear();
  }

  /** A command has ended. */
  ended({ end }: Transcript): void {
    this.#from = end;
    this.#prompt = undefined;
  }

  /** A prompt is about to be printed; `early`: its mark comes behind it. */
  prompted({ end }: Transcript, early = false): void {
    if (this.#early && !early) {
      this.#early = false;
      return;
    }
    this.#early = early;
    this.#from ??= end;
    this.#prompt = end;
  }

  /** A command's line is about to be typed, in the shell of this level. */
  typed(transcript: Transcript, level = 1): void {
    this.#level = level;
    const open = this.#openStretch(transcript);
    if (open !== undefined) {
      const { before, behind } = this.#rowsSince(open.from, transcript);
      this.#add(open, [...before, ...behind.slice(behind.length + before.length - open.rows)]);
    }
    if (this.#prompt !== undefined) {
      const { length } = rowsOf(transcript, this.#prompt, transcript.end);
      this.#promptRows.set(level, Math.min(this.#promptRows.get(level) ?? length, length));
    }
    this.#from = undefined;
    this.#prompt = undefined;
  }

  /** These rows, shown from this cursor on, came while the line was typed. */
  came(transcript: Transcript, from: number, rows: readonly Buffer[]): void {
    const texts = rows.map((row) => plain(row.toString("utf8"))).filter(isRow);
    if (texts.length > 0) this.#add({ from, to: transcript.end, rows: texts.length }, texts);
  }

  /** A sentence about what came since the last one. */
  take(): string | undefined {
    const note = this.#note;
    this.#note = undefined;
    if (note === undefined) return undefined;
    const count = note.rows === 1 ? "1 row" : `${note.rows} rows`;
    const shown = note.shown.map((row) => JSON.stringify(visibleLine(row, SHOWN_CHARS))).join(", ");
    const more = note.rows > note.shown.length ? ", …" : "";
    return `${count} came from the background, or from the prompt's own hooks, before it began: ${shown}${more}; ssh_read with cursor ${note.from} shows what came`;
  }

  #add(stray: Stray, rows: readonly string[]): void {
    this.#kept.push(stray);
    if (this.#kept.length > REMEMBERED) this.#kept = this.#kept.slice(-REMEMBERED);
    this.#note ??= { from: stray.from, rows: 0, shown: [] };
    this.#note.rows += stray.rows;
    this.#note.shown.push(...rows.slice(0, SHOWN - this.#note.shown.length));
  }

  #openStretch(transcript: Transcript): Stray | undefined {
    const from = this.#from;
    if (from === undefined) return undefined;
    const { before, behind } = this.#rowsSince(from, transcript);
    const own = this.#promptRows.get(this.#level) ?? behind.length;
    const rows = before.length + Math.max(0, behind.length - own);
    return rows === 0 ? undefined : { from, to: transcript.end, rows };
  }

  /** Rows before the prompt and from it on. */
  #rowsSince(from: number, transcript: Transcript): { before: string[]; behind: string[] } {
    const prompt = this.#prompt ?? transcript.end;
    return { before: rowsOf(transcript, from, prompt), behind: rowsOf(transcript, prompt, transcript.end) };
  }
}

/** The cursor went up: a prompt of several rows is drawn again. */
const DRAWN_ANEW = /\u001b\[\d*(?:A|;?\d*H)/;

/** Rows with text that ended in this stretch. */
function rowsOf(transcript: Transcript, from: number, to: number): string[] {
  if (to <= from) return [];
  const { bytes } = transcript.read(Math.max(from, to - MOST_BYTES), to);
  const rows = bytes.toString("utf8").split("\n");
  rows.pop();
  return rows
    .filter((row) => !DRAWN_ANEW.test(row))
    .map(plain)
    .filter(isRow);
}

/** A line that Ctrl-C threw away is nobody's output, nor is a trace of our functions. */
function isRow(text: string): boolean {
  return text !== "" && !text.endsWith("^C") && !/\b__m[a-z]?\b/.test(text);
}

function plain(row: string): string {
  return stripAnsi(row)
    .replace(/[\u0000-\u001f\u007f]/g, "")
    .trim();
}
