import { skipString, stringKind } from "./control-string.ts";
import { CsiReader } from "./csi.ts";
import { LineCells } from "./line-cells.ts";

const BEL = 0x07;
const BS = 0x08;
const TAB = 0x09;
const LF = 0x0a;
const FF = 0x0c;
const CR = 0x0d;
const SO = 0x0e;
const ESC = 0x1b;
const DEL = 0x7f;

/** What an escape sequence asks of a drawer that knows one line only. */
type Effect =
  /** Nothing to see: colours, modes, titles. */
  | "none"
  /** Something on the cursor's line. */
  | "line"
  /** Another row, or a change of what characters mean. */
  | "beyond";

/**
 * Turns terminal bytes into lines without an emulator: text and line ends are copied as they are, a line on which the cursor
 * went back is drawn in cells. `exact` says whether that was all there was to it.
 */
export class LineDrawer {
  readonly #bytes: Buffer;
  readonly #csi = new CsiReader();
  readonly #cells: LineCells;
  /** Text so far; a piece may hold many lines, and ends of lines may still be CR LF. */
  readonly #pieces: string[] = [];
  #at = 0;
  /** Bytes from here to `#at` are to be copied as they are. */
  #run = 0;
  #lineStart = 0;
  /** Pieces there were when the present line began; valid once a run was broken on it. */
  #lineMark = 0;
  #drawing = false;
  #exact = true;

  constructor(bytes: Buffer, cols: number) {
    this.#bytes = bytes;
    this.#cells = new LineCells(cols);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  get exact(): boolean {
    return this.#exact && this.#cells.exact;
  }

  /** Works on up to about `count` more bytes. */
  advance(count: number): void {
    const until = Math.min(this.#bytes.length, this.#at + count);
    while (this.#at < until) {
      if (this.#drawing) this.#drawUntil(until);
      else this.#copyUntil(until);
    }
  }

  /** Text of the lines finished since the last call, each ended by LF; once `done`, the open last one too. */
  drain(): string {
    let finished: string[];
    if (this.done) {
      if (this.#drawing) this.#pieces.push(this.#cells.take());
      else this.#push(this.#run, this.#bytes.length);
      this.#drawing = false;
      this.#run = this.#bytes.length;
      this.#lineStart = this.#run;
      finished = this.#pieces.splice(0);
    } else if (this.#drawing) finished = this.#pieces.splice(0);
    else {
      if (this.#run <= this.#lineStart) this.#breakRun(this.#lineStart);
      finished = this.#pieces.splice(0, this.#lineMark);
    }
    this.#lineMark = 0;
    return finished.join("").replace(/\r+\n/g, "\n");
  }

  #copyUntil(until: number): void {
    const bytes = this.#bytes;
    let i = this.#at;
    while (i < until) {
      const b = bytes[i] ?? 0;
      if ((b >= 0x20 && b !== DEL) || b === TAB) {
        i++;
      } else if (b === LF) {
        this.#lineStart = ++i;
      } else if (b === CR && endsLine(bytes, i)) {
        i++;
      } else if (b === ESC) {
        const effect = this.#escape(i);
        if (effect === "beyond") this.#exact = false;
        if (effect !== "none") {
          this.#startDrawing();
          return;
        }
        this.#breakRun(i);
        i = this.#csi.end;
        this.#run = i;
      } else if (b === CR || b === BS) {
        this.#startDrawing();
        return;
      } else {
        if (b === SO) this.#exact = false;
        this.#breakRun(i);
        if (b > LF && b <= FF) {
          this.#pieces.push("\n");
          this.#lineStart = i + 1;
          this.#lineMark = this.#pieces.length;
        }
        this.#run = ++i;
      }
    }
    this.#at = i;
  }

  /** Ends the run before `at`, with what belongs to the present line in pieces of its own. */
  #breakRun(at: number): void {
    if (this.#run <= this.#lineStart) {
      this.#push(this.#run, this.#lineStart);
      this.#lineMark = this.#pieces.length;
      this.#run = this.#lineStart;
    }
    this.#push(this.#run, at);
    this.#run = at;
  }

  /** Takes the present line back and draws it from its start. */
  #startDrawing(): void {
    if (this.#run <= this.#lineStart) this.#push(this.#run, this.#lineStart);
    else this.#pieces.length = this.#lineMark;
    this.#drawing = true;
    this.#at = this.#lineStart;
  }

  #push(from: number, to: number): void {
    if (to > from) this.#pieces.push(this.#bytes.toString("utf8", from, to));
  }

  #drawUntil(until: number): void {
    const bytes = this.#bytes;
    const cells = this.#cells;
    let i = this.#at;
    while (i < until) {
      const b = bytes[i] ?? 0;
      if (b >= 0x20 && b !== DEL) {
        let end = i + 1;
        while (end < bytes.length && (bytes[end] ?? 0) >= 0x20 && bytes[end] !== DEL) end++;
        cells.print(bytes.toString("utf8", i, end));
        i = end;
        continue;
      }
      i++;
      if (b >= LF && b <= FF) {
        this.#endLine(i);
        this.#drawing = false;
        break;
      }
      if (b === CR) {
        if (!endsLine(bytes, i - 1)) cells.carriageReturn();
      } else if (b === BS) cells.backspace();
      else if (b === TAB) cells.tab();
      else if (b === SO) this.#exact = false;
      else if (b === ESC) {
        const effect = this.#escape(i - 1);
        if (effect === "line") this.#applyToLine();
        else if (effect === "beyond") {
          this.#exact = false;
          // Where rows are addressed, a new row is at least a new line.
          if (MOVES_ROW.includes(this.#csi.final)) this.#pieces.push(`${cells.take()}\n`);
        }
        i = this.#csi.end;
      } else if (b !== BEL && b !== 0) continue;
    }
    this.#at = i;
  }

  #endLine(next: number): void {
    this.#pieces.push(`${this.#cells.take()}\n`);
    this.#lineStart = next;
    this.#run = next;
  }

  #applyToLine(): void {
    const { final, first } = this.#csi;
    const count = Math.max(1, first);
    switch (final) {
      case 0x43: // CUF
      case 0x61: // HPR
        this.#cells.move(count);
        break;
      case 0x44: // CUB
        this.#cells.move(-count);
        break;
      case 0x47: // CHA
      case 0x60: // HPA
        this.#cells.moveTo(count - 1);
        break;
      case 0x4a: // ED 0: nothing is below
      case 0x4b: // EL
        this.#cells.erase(first);
        break;
      case 0x50: // DCH
        this.#cells.delete(count);
        break;
      case 0x40: // ICH
        this.#cells.insert(count);
        break;
      case 0x58: // ECH
        this.#cells.blank(count);
        break;
    }
  }

  /** Reads the sequence at `at`; leaves its end in `#csi.end` and a CSI's parts in `#csi`. */
  #escape(at: number): Effect {
    const bytes = this.#bytes;
    const csi = this.#csi;
    const first = bytes[at + 1];
    csi.final = 0;
    if (first === 0x5b) {
      if (csi.read(bytes, at + 2) !== "complete") return "none";
      return this.#csiEffect();
    }
    const kind = first === undefined ? undefined : stringKind(first);
    if (kind !== undefined) {
      csi.end = skipString(bytes, at + 2, kind);
      return "none";
    }
    let end = at + 1;
    while (end < at + 4 && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0x7f) <= 0x2f) end++;
    const final = bytes[end] ?? 0;
    csi.end = Math.min(bytes.length, final >= 0x30 && final < DEL ? end + 1 : end);
    // `ESC ( 0` draws lines with letters; ESC 7 8 D E M c and `ESC # 8` go elsewhere.
    if (first === 0x28) return final === 0x30 ? "beyond" : "none";
    if (first === 0x23) return "beyond";
    return first !== undefined && BEYOND_ESCAPES.includes(first) ? "beyond" : "none";
  }

  #csiEffect(): Effect {
    const { final, prefix, intermediate, first, max } = this.#csi;
    if (final === 0x6d) return "none";
    if (intermediate !== 0) return intermediate === 0x20 || intermediate === 0x27 ? "beyond" : "none";
    if (final === 0x68 || final === 0x6c) {
      // IRM, DECCOLM, DECOM, DECAWM off and reverse wraparound change how text falls.
      if (prefix === 0) return max === 4 ? "beyond" : "none";
      return prefix === 0x3f && (max === 3 || max === 6 || (max === 7 && final === 0x6c) || max === 45)
        ? "beyond"
        : "none";
    }
    if (prefix !== 0) return final === 0x4a || final === 0x4b ? "beyond" : "none";
    if (final === 0x4b || (final === 0x4a && first === 0)) {
      // Erasing behind the end of a line that was only ever appended to changes nothing.
      return first === 0 && !this.#drawing ? "none" : "line";
    }
    if (LINE_FINALS.includes(final)) return "line";
    return BEYOND_FINALS.includes(final) ? "beyond" : "none";
  }
}

const codes = (finals: string) => [...finals].map((final) => final.charCodeAt(0));
const LINE_FINALS = codes("CDGPX@`a");
const BEYOND_FINALS = codes("ABEFHIJLMSTZbdefrsu");
const BEYOND_ESCAPES = codes("78DEHMc");
const MOVES_ROW = codes("ABEFHdef");

/** Whether the CR at `at` only belongs to a line end: CR LF, or CR CR LF as some devices and nested ptys send. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  let j = at + 1;
  while (bytes[j] === CR) j++;
  return bytes[j] === LF;
}
