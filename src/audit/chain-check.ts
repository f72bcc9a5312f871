import { createHash, type Hash } from "node:crypto";
import { CONTINUED, GENESIS, RETIRED } from "./chain.ts";
import type { Head } from "./head.ts";

/** A command has at most 1 MiB, and no character of it takes more than six in JSON. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** Problems that are named; a log whose every line is wrong has as many as lines. */
const MOST_NAMED = 20;

export interface AuditProblem {
  /** The file it is in, where there are several. */
  readonly path?: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** What a log holds, and whether its chain is whole: there are no problems then. */
export interface AuditReport {
  readonly lines: number;
  /** How many files it is in. */
  readonly files: number;
  /** Time of the first entry and of the last, as they are written there. */
  readonly first?: string;
  readonly last?: string;
  /** SHA-256 of the last line: whoever kept it elsewhere sees later whether lines were cut off at the end. */
  readonly hash: string;
  /** The first twenty. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
  /** The log goes on where another file ended: how many lines that had from the chain's beginning, and its last line's hash. */
  readonly continues?: Before;
}

interface Before {
  readonly lines: number;
  readonly hash: string;
  /** Name of the file that was rotated by this program. */
  readonly file?: string;
  /** The operator had the files before it removed when they were old: an entry says so. */
  readonly retired?: boolean;
}

/** The bytes of one line; of one that is too long only the hash. */
export class LineBytes {
  readonly #hash: Hash = createHash("sha256");
  #parts: Buffer[] = [];
  size = 0;

  add(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.size += bytes.length;
    if (this.size <= LONGEST_LINE) this.#parts.push(bytes);
    else this.#parts = [];
  }

  /** Undefined: too long for an entry. */
  text(): string | undefined {
    return this.size > LONGEST_LINE ? undefined : Buffer.concat(this.#parts).toString("utf8");
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** Follows the chain from line to line; after a break it goes on from what the line says, so that each break is named once. */
export class ChainCheck {
  #path: string | undefined;
  /** Lines of all files, and of the one that is read. */
  #lines = 0;
  #line = 0;
  #files = 0;
  #seq = 1;
  #prev = GENESIS;
  #first: string | undefined;
  #last: string | undefined;
  #count = 0;
  #continues: Before | undefined;
  /** Where the last problem is, so that it is not named twice. */
  #named = "";
  readonly #problems: AuditProblem[] = [];

  /** What comes next is of this file. */
  file(path: string): void {
    this.#path = path;
    this.#line = 0;
    this.#files++;
  }

  line(bytes: LineBytes): void {
    if (this.#files === 0) this.#files = 1;
    this.#lines++;
    this.#line++;
    const text = bytes.text();
    const entry = text === undefined ? undefined : entryOf(text);
    if (entry === undefined)
      this.#problem(this.#line, text === undefined ? "is longer than any entry" : "is not an audit entry");
    else this.#entry(entry);
    this.#seq++;
    this.#prev = bytes.digest();
  }

  #entry({ seq, prev, time, event, lines, hash, file }: Entry): void {
    // The file before it, which is another log to verify, ends with this hash.
    if (this.#lines === 1 && event === CONTINUED && seq > 1 && typeof prev === "string") {
      this.#seq = seq;
      this.#prev = prev;
      this.#continues = { lines: seq - 1, hash: prev, ...(typeof file === "string" ? { file } : {}) };
    }
    const before = this.#continues;
    if (event === RETIRED && before !== undefined && before.lines === lines && before.hash === hash)
      this.#continues = { ...before, retired: true };
    if (seq !== this.#seq)
      this.#problem(
        this.#line,
        this.#lines === 1
          ? `has number ${seq} and is not the first line of a log: lines before it were removed`
          : `has number ${seq}, expected ${this.#seq}: lines were removed, added or moved`,
      );
    else if (prev !== this.#prev)
      this.#problem(
        Math.max(1, this.#line - 1),
        this.#line === 1
          ? "does not continue the end of the file before it: that was changed"
          : `was changed: line ${this.#line} does not continue it`,
      );
    this.#seq = seq;
    this.#first ??= time;
    this.#last = time;
  }

  /** Bytes without a line end are at the end of the file. */
  torn(): void {
    this.#lines++;
    this.#line++;
    this.#problem(this.#line, "is torn: it has no line end (the machine lost power, or the file was cut)");
  }

  /** The file that the first one goes on from is none that was removed because it was old. */
  withoutBeginning(): void {
    const { file, retired, lines } = this.#continues ?? {};
    if (file !== undefined && retired !== true)
      this.#problem(1, `goes on where ${file} ends, which is not here: ${lines} lines were removed`);
  }

  /** How far the log went when it was written last: what is missing behind its last line. */
  end(head: Head | undefined): void {
    if (head === undefined) return;
    const last = this.#seq - 1;
    if (head.seq > last)
      this.#problem(
        this.#line + 1,
        `is missing: ${head.seq - last === 1 ? "a line was" : `${head.seq - last} lines were`} cut off at the end (${head.seq} were written, the last here has number ${last})`,
      );
    else if (head.seq === last && head.hash !== this.#prev)
      this.#problem(this.#line, "was changed: it is not the line that was written last");
  }

  report(): AuditReport {
    return {
      lines: this.#lines,
      files: this.#files,
      ...(this.#first === undefined ? {} : { first: this.#first }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      hash: this.#prev,
      problems: this.#problems,
      problemCount: this.#count,
      ...(this.#continues === undefined ? {} : { continues: this.#continues }),
    };
  }

  #problem(line: number, reason: string): void {
    const place = `${this.#path} ${line}`;
    if (place === this.#named) return;
    this.#named = place;
    this.#count++;
    if (this.#problems.length >= MOST_NAMED) return;
    this.#problems.push({ ...(this.#path === undefined ? {} : { path: this.#path }), line, reason });
  }
}

interface Entry {
  readonly seq: number;
  readonly prev: unknown;
  readonly time: string;
  readonly event: unknown;
  readonly lines: unknown;
  readonly hash: unknown;
  readonly file: unknown;
}

function entryOf(line: string): Entry | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== "object" || entry === null || !("seq" in entry) || !("prev" in entry))
    return undefined;
  const { seq, prev } = entry;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq)) return undefined;
  return {
    seq,
    prev,
    time: "time" in entry && typeof entry.time === "string" ? entry.time : "",
    event: "event" in entry ? entry.event : undefined,
    lines: "lines" in entry ? entry.lines : undefined,
    hash: "hash" in entry ? entry.hash : undefined,
    file: "file" in entry ? entry.file : undefined,
  };
}
