import type { FileFacts, RemoteFile } from "../../src/remote/files/contract.ts";

export interface Habits {
  /** Size and time that are told; default: the true ones. */
  readonly told?: Partial<FileFacts>;
  /** Bytes of an answer, at most. */
  readonly most?: number;
  /** Turns of the event loop until an answer comes. */
  readonly late?: (request: number) => number;
  readonly onRead?: (position: number) => void;
  readonly failAt?: number;
  readonly silent?: boolean;
}

/** A file in memory behind a server with habits of its own. */
export class FakeFile implements RemoteFile {
  bytes: Buffer;
  mtime = 1000;
  readonly habits: Habits;
  /** Requests that are out, and the most there ever were. */
  out = 0;
  most = 0;
  requests = 0;

  constructor(bytes: Buffer, habits: Habits = {}) {
    this.bytes = bytes;
    this.habits = habits;
  }

  async stat(): Promise<FileFacts> {
    return { type: "file", size: this.bytes.length, mtime: this.mtime, ...this.habits.told };
  }

  async read(position: number, length: number): Promise<Buffer> {
    return this.#answered(position, () => {
      this.habits.onRead?.(position);
      const end = position + Math.min(length, this.habits.most ?? length);
      return Buffer.from(this.bytes.subarray(position, end));
    });
  }

  async write(position: number, bytes: Buffer): Promise<void> {
    await this.#answered(position, () => {
      const grown = Buffer.alloc(Math.max(this.bytes.length, position + bytes.length));
      this.bytes.copy(grown);
      bytes.copy(grown, position);
      this.bytes = grown;
    });
  }

  async set(): Promise<void> {}
  async sync(): Promise<boolean> {
    return true;
  }
  async close(): Promise<void> {}

  async #answered<T>(position: number, answer: () => T): Promise<T> {
    const number = this.requests++;
    this.most = Math.max(this.most, ++this.out);
    try {
      if (this.habits.silent) await new Promise(() => {});
      for (let turn = this.habits.late?.(number) ?? 0; turn > 0; turn--) await new Promise(setImmediate);
      if (this.habits.failAt !== undefined && position >= this.habits.failAt) throw new Error("it failed");
      return answer();
    } finally {
      this.out--;
    }
  }
}
