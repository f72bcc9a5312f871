import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { readRegularFileSync } from "../base/regular-file.ts";

/** The number and the hash of the last line of a log. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Room for the largest number; each writing replaces the whole of it. */
const BYTES = 128;

export function headPath(path: string): string {
  return `${path}.head`;
}

/**
 * The file beside a log that says how far the log goes: without it, lines cut off at the end would not be missed. It is
 * written behind each line, so after a sudden end it may be one line short, never ahead of the log.
 */
export class HeadFile {
  readonly #path: string;
  #fd: number | undefined;

  constructor(path: string) {
    this.#path = headPath(path);
  }

  /** Where none can be kept, the log alone has to do. */
  write({ seq, hash }: Head): void {
    try {
      if (this.#fd !== undefined && fstatSync(this.#fd).nlink === 0) this.close();
      const { O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
      this.#fd ??= openSync(this.#path, O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0o600);
      const text = JSON.stringify({ seq, hash });
      writeSync(this.#fd, `${text.padEnd(BYTES - 1)}\n`, 0);
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** What it says; undefined where there is none, or it cannot be read as one. */
export function readHead(path: string): Head | undefined {
  try {
    const parsed: unknown = JSON.parse(readRegularFileSync(headPath(path), 4_096).toString("utf8"));
    return isHead(parsed) ? { seq: parsed.seq, hash: parsed.hash } : undefined;
  } catch {
    return undefined;
  }
}

function isHead(value: unknown): value is Head {
  return (
    typeof value === "object" &&
    value !== null &&
    "seq" in value &&
    Number.isSafeInteger(value.seq) &&
    "hash" in value &&
    typeof value.hash === "string" &&
    /^[0-9a-f]{64}$/.test(value.hash)
  );
}
