import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { visibleLine } from "../base/text.ts";

/** Bytes of one log file; the one before it is kept beside it as `….1`. */
export const LOG_BYTES = 2 * 1024 * 1024;
/** Of one value. */
const LONGEST = 1_000;

export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The daemon's own log: one JSON object a line, bounded. What it cannot write is lost, and keeps nobody from working. */
export class DaemonLog {
  readonly #path: string;
  readonly #most: number;
  #fd: number | undefined;
  #bytes = 0;

  constructor(path: string, most = LOG_BYTES) {
    this.#path = path;
    this.#most = most;
    this.#open();
  }

  say(event: string, fields: LogFields = {}): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), pid: process.pid, event, ...bounded(fields) })}\n`;
    try {
      if (this.#bytes + line.length > this.#most) this.#rotate();
      if (this.#fd === undefined) return;
      this.#bytes += writeSync(this.#fd, line);
    } catch {
      // A full disk, a folder that is gone: the daemon's work goes on.
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #rotate(): void {
    this.close();
    renameSync(this.#path, `${this.#path}.1`);
    this.#open();
  }

  #open(): void {
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
    try {
      this.#fd = openSync(this.#path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
      this.#bytes = fstatSync(this.#fd).size;
    } catch {
      this.#fd = undefined;
    }
  }
}

function bounded(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? visibleLine(value, LONGEST) : value,
    ]),
  );
}
