import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** Where the bytes of one recording go. */
export interface Disk {
  /** How much of it is written, and why not all. */
  append(bytes: Buffer): Promise<Appended>;
  truncate(size: number): Promise<void>;
  /** The file has a name still. */
  named(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Appended {
  readonly written: number;
  readonly failed?: unknown;
}

/** What became of a file. */
export interface Written {
  readonly bytes: number;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Why it ends before the session did. */
  readonly failed?: unknown;
}

const LF = 0x0a;

/** A new file of this user alone. @throws where it cannot be made, or is there already. */
export async function openDisk(path: string): Promise<Disk> {
  const file = await open(path, "ax", 0o600);
  return {
    async append(bytes) {
      let written = 0;
      try {
        for (let more = -1; written < bytes.length && more !== 0; written += more)
          more = (await file.write(bytes, written)).bytesWritten;
        return { written };
      } catch (failed) {
        return { written, failed };
      }
    },
    truncate: (size) => file.truncate(size),
    named: async () => (await file.stat()).nlink > 0,
    close: () => file.close(),
  };
}

/** Appends whole lines, one write at a time and never waited for; of a line that did not fit nothing stays. */
export class CastFile {
  readonly #disk: Disk;
  readonly #most: number;
  readonly #tell: (why: unknown) => void;
  readonly #hash = createHash("sha256");
  #waiting: Buffer[] = [];
  #size = 0;
  #writing: Promise<void> | undefined;
  #failed: { readonly why: unknown } | undefined;
  /** Bytes that are not written yet. */
  backlog = 0;

  /** `most`: bytes at which it is full. `failed` is told once. */
  constructor(disk: Disk, most: number, failed: (why: unknown) => void) {
    this.#tell = failed;
    this.#disk = disk;
    this.#most = most;
  }

  /** Nothing is written any more. */
  get over(): boolean {
    return this.#failed !== undefined;
  }

  append(lines: string): void {
    if (this.#failed !== undefined || lines === "") return;
    const bytes = Buffer.from(lines);
    this.#waiting.push(bytes);
    this.backlog += bytes.length;
    this.#writing ??= this.#write();
  }

  /** Waits until everything is written, and closes the file. */
  async end(): Promise<Written> {
    while (this.#writing !== undefined) await this.#writing;
    const named = await this.#disk.named().catch(() => true);
    await this.#disk.close().catch(() => {});
    if (!named) this.#failed ??= { why: new Error("the file was removed while it was written") };
    const failed = this.#failed === undefined ? {} : { failed: this.#failed.why };
    return { bytes: this.#size, hash: this.#hash.digest("hex"), ...failed };
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failed === undefined) {
      const bytes = Buffer.concat(this.#waiting.splice(0));
      const room = this.#most - this.#size;
      const { written, failed } = await this.#disk.append(bytes.subarray(0, Math.min(bytes.length, room)));
      const whole = bytes.subarray(0, bytes.subarray(0, written).lastIndexOf(LF) + 1);
      this.#hash.update(whole);
      this.#size += whole.length;
      if (whole.length < bytes.length) await this.#fail(failed ?? new Full(this.#most));
      this.backlog = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    }
    this.#writing = undefined;
  }

  async #fail(why: unknown): Promise<void> {
    this.#failed = { why };
    this.#waiting = [];
    await this.#disk.truncate(this.#size).catch(() => {});
    this.#tell(why);
  }
}

class Full extends Error {
  constructor(most: number) {
    super(`settings.recordings.megabytes allows ${Math.floor(most / 1024 / 1024)} MB`);
  }
}
