/** The first block stays small so that an idle session costs little; later ones grow to the full size. */
const FIRST_BLOCK = 4 * 1024;
const BLOCK = 64 * 1024;
/** How much of a marked range's beginning survives pruning: a flood still shows its head. */
const HEAD_BYTES = 16 * 1024;
const LF = 0x0a;

interface Block {
  /** Absolute cursor of the block's first byte. */
  readonly start: number;
  readonly bytes: Buffer;
  length: number;
}

/** Bytes of a range as far as they are still held. */
export interface TranscriptRange {
  readonly bytes: Buffer;
  /** The part really returned; `from` lies behind the one asked for when the beginning was pruned. */
  readonly from: number;
  readonly to: number;
  /** Bytes at the start of the range asked for that are gone. */
  readonly prunedBytes: number;
}

/** Counts what is appended from its creation until `close()`, pruned or not. A closed one may be carried on to the present end. */
export interface RangeCounter {
  readonly from: number;
  /** Where the range ends: the transcript's end while open. */
  readonly to: number;
  readonly bytes: number;
  readonly lineFeeds: number;
  readonly open: boolean;
  /** The range's first bytes, at most 16 KiB, kept if they were pruned while the range was open; empty if later. */
  head(): Buffer;
  close(): void;
  /** What was appended since it was closed belongs to it as well. */
  extend(): void;
  /** The same, and it goes on counting. */
  reopen(): void;
}

/**
 * Every byte a session received, within a budget: a chain of blocks addressed by an absolute, ever-growing byte cursor.
 * What lies before `start` was pruned.
 */
export class Transcript {
  readonly #budget: number;
  readonly #blocks: Block[] = [];
  readonly #open = new Set<Mark>();
  #start = 0;
  #end = 0;
  /** One pruned full-size block, used again so that a flood does not leave garbage at the flood's own rate. */
  #spare: Buffer | undefined;

  /** `budgetBytes` bounds what is held; at least two blocks, so that a head is whole when its block goes. */
  constructor(budgetBytes: number) {
    this.#budget = Math.max(budgetBytes, 2 * BLOCK);
  }

  /** Cursor of the oldest byte still held. */
  get start(): number {
    return this.#start;
  }

  /** Cursor of the next byte to come; equals the number of bytes ever appended. */
  get end(): number {
    return this.#end;
  }

  /** Bytes of memory held in blocks. */
  get heldBytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.bytes.length, this.#spare?.length ?? 0);
  }

  /** Copies `bytes` to the end. */
  append(bytes: Uint8Array): void {
    if (this.#open.size > 0) {
      const feeds = countLineFeeds(bytes);
      for (const mark of this.#open) mark.count(bytes.length, feeds);
    }
    let offset = 0;
    while (offset < bytes.length) {
      const block = this.#tail();
      const room = Math.min(block.bytes.length - block.length, bytes.length - offset);
      block.bytes.set(bytes.subarray(offset, offset + room), block.length);
      block.length += room;
      offset += room;
      this.#end += room;
    }
  }

  /** The bytes of [from, to), copied; clipped to what is held. */
  read(from: number, to: number): TranscriptRange {
    const first = clip(from, this.#start, this.#end);
    const last = clip(to, first, this.#end);
    const bytes = Buffer.concat([...this.slices(first, last)], last - first);
    return { bytes, from: first, to: last, prunedBytes: Math.max(0, Math.min(to, this.#start) - from) };
  }

  /** Views of [from, to) without copying, oldest first; each is valid only until the next `append`. */
  *slices(from: number, to: number): Generator<Uint8Array> {
    const first = clip(from, this.#start, this.#end);
    const last = clip(to, first, this.#end);
    for (let index = this.#blockAt(first); index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      if (block === undefined || block.start >= last) return;
      const view = block.bytes.subarray(
        Math.max(0, first - block.start),
        Math.min(block.length, last - block.start),
      );
      if (view.length > 0) yield view;
    }
  }

  /** Line feeds in the part of [from, to) that is still held; a `RangeCounter` counts pruned ones too. */
  lineFeeds(from: number, to: number): number {
    let feeds = 0;
    for (const slice of this.slices(from, to)) feeds += countLineFeeds(slice);
    return feeds;
  }

  /** Starts counting at the present end. */
  mark(): RangeCounter {
    const mark = new Mark(this, (one) => (one.open ? this.#open.add(one) : this.#open.delete(one)));
    this.#open.add(mark);
    return mark;
  }

  #tail(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.length < last.bytes.length) return last;
    this.#prune();
    const size = last === undefined ? FIRST_BLOCK : Math.min(BLOCK, last.bytes.length * 2);
    // Slow: a pooled Buffer would pin its neighbours; these live for the whole session.
    const bytes = size === BLOCK && this.#spare !== undefined ? this.#spare : Buffer.allocUnsafeSlow(size);
    if (bytes === this.#spare) this.#spare = undefined;
    const block: Block = { start: this.#end, bytes, length: 0 };
    this.#blocks.push(block);
    return block;
  }

  /** Makes room for one more block. Only whole blocks go, so a cursor never points into a half-known block. */
  #prune(): void {
    while (this.#blocks.length > 0 && this.#end - this.#start + BLOCK > this.#budget) {
      const block = this.#blocks[0];
      if (block === undefined) return;
      for (const mark of this.#open) mark.keepHead(block.start + block.length);
      this.#blocks.shift();
      this.#start = block.start + block.length;
      if (block.bytes.length === BLOCK) this.#spare = block.bytes;
    }
  }

  #blockAt(cursor: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      if (block !== undefined && block.start + block.length <= cursor) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class Mark implements RangeCounter {
  readonly from: number;
  readonly #transcript: Transcript;
  readonly #turned: (mark: Mark) => void;
  #bytes = 0;
  #lineFeeds = 0;
  #open = true;
  #head: Buffer | undefined;

  /** `turned` is called when it was closed or opened again. */
  constructor(transcript: Transcript, turned: (mark: Mark) => void) {
    this.#transcript = transcript;
    this.#turned = turned;
    this.from = transcript.end;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get to(): number {
    return this.from + this.#bytes;
  }

  get lineFeeds(): number {
    return this.#lineFeeds;
  }

  get open(): boolean {
    return this.#open;
  }

  head(): Buffer {
    if (this.#head !== undefined) return this.#head;
    if (this.from < this.#transcript.start) return Buffer.alloc(0);
    return this.#transcript.read(this.from, Math.min(this.to, this.from + HEAD_BYTES)).bytes;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#turned(this);
  }

  extend(): void {
    if (this.#open) return;
    const { end } = this.#transcript;
    const { to } = this;
    this.#bytes += end - to;
    this.#lineFeeds += this.#transcript.lineFeeds(to, end);
  }

  reopen(): void {
    if (this.#open) return;
    this.extend();
    this.#open = true;
    this.#turned(this);
  }

  count(bytes: number, lineFeeds: number): void {
    this.#bytes += bytes;
    this.#lineFeeds += lineFeeds;
  }

  /** Called before everything up to `gone` is dropped: the head is copied once, when its first byte is about to go. */
  keepHead(gone: number): void {
    if (this.#head !== undefined || this.from >= gone) return;
    this.#head = this.#transcript.read(this.from, this.from + HEAD_BYTES).bytes;
  }
}

/** Line feeds in `bytes`. A plain loop: short lines make one native search per line dearer. */
export function countLineFeeds(bytes: Uint8Array): number {
  let feeds = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === LF) feeds++;
  return feeds;
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
