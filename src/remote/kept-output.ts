import { createHash, type Hash } from "node:crypto";
import { visible } from "../base/text.ts";

/** Kept of one output: its beginning and its end, byte for byte. A command may print more than this machine has memory. */
const HEAD_BYTES = 256 * 1024;
/** Kept of stdout and of stderr, by default. */
export const STDOUT_BYTES = 10 * 1024 * 1024;
export const STDERR_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Lines that follow each other; `first` is the number of the first, from 1. */
export interface Segment {
  readonly first: number;
  readonly lines: readonly string[];
}

/** What is kept of an output, and how much there was. */
export interface KeptText {
  /** One, or two with a gap of whole lines between them. */
  readonly segments: readonly Segment[];
  /** Lines that were printed; one without a newline at the end counts. */
  readonly lines: number;
  readonly bytes: number;
  /** Bytes that are no longer kept. */
  readonly dropped: number;
  /** Places at which the kept bytes are no UTF-8; each is shown as U+FFFD. */
  readonly undecoded: number;
}

/** Told of memory that is taken and given back. */
export interface Memory {
  /** It may have the oldest blocks of outputs dropped. */
  took(bytes: number): void;
  gave(bytes: number): void;
}

const UNCOUNTED: Memory = { took() {}, gave() {} };

/** An output in bounded memory: its beginning and its end, `limit` bytes in all, with true counts of what was between. */
export class KeptOutput {
  readonly #limit: number;
  readonly #memory: Memory;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  readonly #tail: { readonly buffer: Buffer; used: number }[] = [];
  #tailBytes = 0;
  #dropped = 0;
  #droppedLines = 0;
  #lineStart = 0;
  #hash: Hash | undefined;

  constructor(limit = STDOUT_BYTES, memory = UNCOUNTED) {
    this.#limit = limit;
    this.#memory = memory;
  }

  get bytes(): number {
    return this.#headBytes + this.#tailBytes + this.#dropped;
  }

  /** Bytes of memory that it takes. */
  get size(): number {
    return this.#headBytes + this.#tail.length * BLOCK_BYTES;
  }

  /** Where the line that has not ended begins: the place up to which whole lines have come. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** From now on every byte goes into `digest`; to be called before the first. */
  hashed(): this {
    this.#hash = createHash("sha256");
    return this;
  }

  /** Of all bytes that came, kept or not: outputs with the same are the same. */
  digest(): string {
    return this.#hash?.copy().digest("base64") ?? "";
  }

  push(chunk: Buffer): void {
    this.#hash?.update(chunk);
    const newline = chunk.lastIndexOf(NEWLINE);
    if (newline >= 0) this.#lineStart = this.bytes + newline + 1;
    const room = HEAD_BYTES - this.#headBytes;
    if (room > 0) {
      const first = Buffer.from(chunk.subarray(0, room));
      this.#head.push(first);
      this.#headBytes += first.length;
      this.#memory.took(first.length);
    }
    for (let at = Math.max(0, room); at < chunk.length; ) at += this.#append(chunk.subarray(at));
  }

  #append(bytes: Buffer): number {
    let last = this.#tail.at(-1);
    if (last === undefined || last.used === BLOCK_BYTES) {
      const oldest = this.#tail[0];
      if (oldest !== undefined && this.#tailBytes - oldest.used >= this.#limit - HEAD_BYTES) this.dropBlock();
      last = { buffer: Buffer.allocUnsafe(BLOCK_BYTES), used: 0 };
      this.#tail.push(last);
      this.#memory.took(BLOCK_BYTES);
    }
    const count = bytes.copy(last.buffer, last.used);
    last.used += count;
    this.#tailBytes += count;
    return count;
  }

  /** Gives up the oldest block behind the beginning; false: there is none but the last. */
  dropBlock(): boolean {
    if (this.#tail.length < 2) return false;
    const oldest = this.#tail.shift();
    if (oldest === undefined) return false;
    this.#tailBytes -= oldest.used;
    this.#dropped += oldest.used;
    this.#droppedLines += newlinesIn(oldest.buffer.subarray(0, oldest.used));
    this.#memory.gave(BLOCK_BYTES);
    return true;
  }

  /** Gives up all that is kept; what there was is still counted. */
  release(): void {
    const kept = [...this.#head, ...this.#tail.map(({ buffer, used }) => buffer.subarray(0, used))];
    for (const bytes of kept) this.#droppedLines += newlinesIn(bytes);
    this.#dropped += this.#headBytes + this.#tailBytes;
    this.#head.length = 0;
    this.#tail.length = 0;
    this.#headBytes = 0;
    this.#tailBytes = 0;
  }

  /** The lines behind this many bytes; `missing`: bytes of that part which are no longer kept. */
  since(from: number): { readonly lines: readonly string[]; readonly missing: number } {
    const kept = [...this.#head, ...this.#tail.map(({ buffer, used }) => buffer.subarray(0, used))];
    const begin = this.#dropped === 0 ? from : Math.max(from, this.#headBytes + this.#dropped);
    const { lines } = decoded(Buffer.concat(kept).subarray(begin - this.#dropped));
    return { lines, missing: begin - from };
  }

  /** As lines of text: controls made visible, CRLF ends a line as LF does. */
  text(): KeptText {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail.map(({ buffer, used }) => buffer.subarray(0, used)));
    const bytes = this.bytes;
    if (this.#dropped === 0) {
      const whole = decoded(Buffer.concat([head, tail]));
      const { lines, undecoded } = whole;
      return { segments: [{ first: 1, lines }], lines: lines.length, bytes, dropped: 0, undecoded };
    }
    return this.#aroundGap(decoded(head, true), decoded(tail));
  }

  #aroundGap(head: Decoded, tail: Decoded): KeptText {
    const dropped = this.#dropped;
    const counts = { bytes: this.bytes, dropped, undecoded: head.undecoded + tail.undecoded };
    const cut = `… ${dropped.toLocaleString("en")} bytes are no longer kept …`;
    const begun = head.lines.at(-1) ?? "";
    const [rest = "", ...after] = tail.lines;
    // The line that the first dropped byte is in, and the one that the last is in.
    const from = head.lines.length;
    const to = from + this.#droppedLines;
    const before = head.lines.slice(0, -1);
    if (from === to) {
      const lines = [...before, `${begun}${cut}${rest}`, ...after];
      return { segments: [{ first: 1, lines }], lines: lines.length, ...counts };
    }
    const segments = [
      { first: 1, lines: [...before, `${begun}${cut}`] },
      { first: to, lines: [`…${rest}`, ...after] },
    ];
    return { segments, lines: to + after.length, ...counts };
  }
}

interface Decoded {
  readonly lines: string[];
  readonly undecoded: number;
}

/** `open`: the end of the bytes is within a line, also directly behind a newline. */
function decoded(bytes: Buffer, open = false): Decoded {
  const text = bytes.toString("utf8");
  const lines = text.split("\n");
  if (!open && lines.at(-1) === "") lines.pop();
  return {
    lines: lines.map((line) => visible(line.endsWith("\r") ? line.slice(0, -1) : line)),
    undecoded: text.includes("\ufffd") ? replacements(text) - originals(bytes) : 0,
  };
}

function replacements(text: string): number {
  return text.split("\ufffd").length - 1;
}

/** U+FFFD that the far side printed itself. */
function originals(bytes: Buffer): number {
  const own = Buffer.from("\ufffd");
  let count = 0;
  for (let at = bytes.indexOf(own); at >= 0; at = bytes.indexOf(own, at + own.length)) count++;
  return count;
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count++;
  return count;
}
