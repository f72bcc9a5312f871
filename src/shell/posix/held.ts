import stripAnsi from "strip-ansi";
import { type TypedLine, withoutEcho } from "./echo.ts";
import { behindMark } from "./late-prompt.ts";

/** Echo held while a typed line has not started; past this it cannot be an echo of ours any more. */
const HOLD_LIMIT = 256 * 1024;

/** A line editor may draw each part of a line so often. */
const DRAWN = 16;

/** Bytes that may be the echo of what was typed, until it is known. */
export class Held {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #typed: TypedLine = { prompt: "", line: "" };
  #late = false;
  #lines = "";

  get any(): boolean {
    return this.#bytes > 0;
  }

  /** A line whose echo is expected. `late`: its prompt is still to come. */
  typed(typed: TypedLine, late = false): void {
    this.#typed = { ...typed, line: typed.line.replace(/\r$/, "") };
    this.#late = late;
  }

  /** These lines are typed, each to be echoed in a row of its own. */
  lines(text: Buffer): void {
    this.#lines = text.toString("latin1");
  }

  /** False: it has become too much. */
  add(bytes: Buffer): boolean {
    this.#chunks.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
    return this.#bytes <= HOLD_LIMIT + 2 * this.#lines.length + DRAWN * this.#typed.line.length;
  }

  take(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    return all;
  }

  /**
   * The line has been taken: all that was held, and what of it is not its echo. `prompt`: a new one, that came
   * behind its mark. `rowsOnly`:
   * whole rows alone.
   */
  takeBeside(rowsOnly: boolean): {
    readonly all: Buffer;
    readonly rows: readonly Buffer[];
    readonly prompt?: Buffer;
  } {
    const typed = this.#typed;
    const lines = this.#lines;
    const late = this.#late;
    this.#typed = { prompt: "", line: "" };
    this.#late = false;
    this.#lines = "";
    const all = this.take();
    if (all.length === 0) return { all, rows: [] };
    if (lines === "" && !rowsOnly && late) {
      return { all, ...behindMark(all, typed) };
    }
    if (lines !== "")
      return { all, rows: rowsBeside(all, lines).filter((row) => !rowsOnly || !complains(row)) };
    const beside = withoutEcho(all, typed);
    if (!rowsOnly) return { all, rows: beside };
    const others = (row: Buffer) => row.at(-1) === 0x0a && !isPieceOf(row, typed.line) && !complains(row);
    return { all, rows: beside.filter(others) };
  }
}

/**
 * A row that shows a piece of the set-up line and nothing else: a line editor on a terminal that it knows little of, or takes for
 * narrower, scrolls it sideways (`<` and `>` stand where it goes on) or breaks it elsewhere.
 */
function isPieceOf(row: Buffer, line: string): boolean {
  const plain = stripAnsi(row.toString("latin1"))
    .replace(/[\u0000-\u001f]/g, "")
    .trim();
  return plain !== "" && line.includes(plain.replace(/^</, "").replace(/>$/, "").trim());
}

/** A host without stty says so of the set-up. */
function complains(row: Buffer): boolean {
  return /\bstty\b.*(?:not found|Unknown command)|Unknown command.*\bstty\b/.test(row.toString("latin1"));
}

/** Whole rows of `all` that are no part of the lines. */
function rowsBeside(all: Buffer, lines: string): Buffer[] {
  const rows = all.toString("latin1").split("\n");
  rows.pop();
  // ksh93 draws a blank before some characters, and takes it back at once.
  const shown = (row: string) => stripAnsi(row.replaceAll(" \u0008", "")).replace(/[\u0000-\u001f]/g, "");
  return rows
    .filter((row) => shown(row).trim() !== "" && !lines.includes(shown(row)))
    .map((row) => Buffer.from(`${row}\n`, "latin1"));
}
