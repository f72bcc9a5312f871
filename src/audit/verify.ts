import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { fileTrouble, SshMcpError } from "../base/errors.ts";
import { CONTINUED, GENESIS } from "./log.ts";

/** A command has at most 1 MiB, and no character of it takes more than six in JSON. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** Problems that are named; a log whose every line is wrong has as many as lines. */
const MOST_NAMED = 20;

export interface AuditProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** What a log holds, and whether its chain is whole: there are no problems then. */
export interface AuditReport {
  readonly lines: number;
  /** Time of the first entry and of the last, as they are written there. */
  readonly first?: string;
  readonly last?: string;
  /** SHA-256 of the last line: whoever kept it elsewhere sees later whether lines were cut off at the end. */
  readonly hash: string;
  /** The first twenty. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
  /** The log goes on where another file ended: how many lines that had from the chain's beginning, and its last line's hash. */
  readonly continues?: { readonly lines: number; readonly hash: string };
}

/** Checks a log however large it is: one line at a time is in memory. @throws SshMcpError `invalid_argument` for what is no log. */
export async function verifyAuditLog(path: string): Promise<AuditReport> {
  const file = await openRegular(path);
  try {
    const report = await verifyLines(file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 }));
    if (report.lines > 0) return report;
    throw unusable(path, "is empty: there is no entry to verify");
  } catch (error) {
    throw error instanceof SshMcpError ? error : unusable(path, `cannot be read: ${fileTrouble(error)}`);
  } finally {
    await file.close();
  }
}

/** The same for bytes from anywhere. */
export async function verifyLines(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<AuditReport> {
  const chain = new ChainCheck();
  let line = new LineBytes();
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      line.add(chunk.subarray(from, end));
      chain.line(line);
      line = new LineBytes();
      from = end + 1;
    }
    line.add(chunk.subarray(from));
  }
  if (line.size > 0) chain.torn();
  return chain.report();
}

/** The bytes of one line; of one that is too long only the hash. */
class LineBytes {
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
class ChainCheck {
  #lines = 0;
  #seq = 1;
  #prev = GENESIS;
  #first: string | undefined;
  #last: string | undefined;
  #count = 0;
  #continues: AuditReport["continues"];
  readonly #problems: AuditProblem[] = [];

  line(bytes: LineBytes): void {
    this.#lines++;
    const text = bytes.text();
    const entry = text === undefined ? undefined : entryOf(text);
    if (entry === undefined)
      this.#problem(text === undefined ? "is longer than any entry" : "is not an audit entry");
    else {
      const { seq, prev, time, continued } = entry;
      // The file before it, which is another log to verify, ends with this hash.
      if (this.#lines === 1 && continued && seq > 1 && typeof prev === "string") {
        this.#seq = seq;
        this.#prev = prev;
        this.#continues = { lines: seq - 1, hash: prev };
      }
      if (seq !== this.#seq)
        this.#problem(`has number ${seq}, expected ${this.#seq}: lines were removed, added or moved`);
      if (prev !== this.#prev)
        this.#problem(
          this.#lines === 1
            ? "is not the first line of a log: lines before it were removed"
            : "does not continue the line before it: one of the two was changed",
        );
      this.#seq = seq;
      this.#first ??= time;
      this.#last = time;
    }
    this.#seq++;
    this.#prev = bytes.digest();
  }

  /** Bytes without a line end are at the end of the file. */
  torn(): void {
    this.#lines++;
    this.#problem("is torn: it has no line end (the machine lost power, or the file was cut)");
  }

  report(): AuditReport {
    return {
      lines: this.#lines,
      ...(this.#first === undefined ? {} : { first: this.#first }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      hash: this.#prev,
      problems: this.#problems,
      problemCount: this.#count,
      ...(this.#continues === undefined ? {} : { continues: this.#continues }),
    };
  }

  #problem(reason: string): void {
    this.#count++;
    if (this.#problems.length < MOST_NAMED) this.#problems.push({ line: this.#lines, reason });
  }
}

function entryOf(
  line: string,
):
  | { readonly seq: number; readonly prev: unknown; readonly time: string; readonly continued: boolean }
  | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== "object" || entry === null || !("seq" in entry) || !("prev" in entry))
    return undefined;
  if (typeof entry.seq !== "number" || !Number.isSafeInteger(entry.seq)) return undefined;
  const time = "time" in entry && typeof entry.time === "string" ? entry.time : "";
  const continued = "event" in entry && entry.event === CONTINUED;
  return { seq: entry.seq, prev: entry.prev, time, continued };
}

/** O_NONBLOCK: a pipe is refused, and not waited for. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unusable(path, `cannot be opened: ${fileTrouble(error)}`);
  });
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  throw unusable(path, stats.isDirectory() ? "is a folder" : "is not a regular file");
}

function unusable(path: string, why: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `the audit log ${path} ${why}.`,
    "Name the file that settings.audit_log of the inventory names.",
  );
}
