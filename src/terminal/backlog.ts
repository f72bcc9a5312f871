import type { FilteredSlice } from "./clamp.ts";

/** Something to be done to the emulator in order: bytes to draw, or an action between them. */
export type Pending = FilteredSlice | (() => void);

/** Queued bytes from which on the front may be skipped. */
export const FLOOD_BYTES = 256 * 1024;

/** What `skip` left out. */
export interface Skipped {
  readonly bytes: number;
  /** The last title among it. */
  readonly title: string | undefined;
}

/** Bytes that have arrived and are not drawn yet, in order. */
export class Backlog {
  #items: (Pending | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  /** Queued bytes at which looking for something to skip pays again. */
  #lookAt = FLOOD_BYTES;

  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#head === this.#items.length;
  }

  push(item: Pending): void {
    this.#items.push(item);
    if (typeof item !== "function") this.#bytes += item.bytes.length;
  }

  shift(): Pending | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (typeof item !== "function") this.#bytes -= item.bytes.length;
    if (this.#bytes < FLOOD_BYTES) this.#lookAt = FLOOD_BYTES;
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  /** True when there is more than a flood's worth and enough came since the last look. */
  get flooded(): boolean {
    return this.#bytes >= this.#lookAt;
  }

  /**
   * Skips what nobody will see: the longest front part behind which, after the first carriage return, at least `feeds`
   * line feeds follow with nothing but text and colours in between. By then every row the front could have touched has
   * scrolled out, and the column is known again, so the screen ends up as if all had been drawn. The caller has seen to it
   * that the screen now is the normal one, without margins.
   */
  skip(feeds: number): Skipped {
    let cut = this.#runEnd();
    let all = 0;
    let counted = 0;
    while (cut > this.#head && counted < feeds) {
      const slice = this.#items[--cut];
      if (slice === undefined || typeof slice === "function") break;
      if (slice.returns) counted = slice.newlinesAfterReturn + all;
      all += slice.newlines;
    }
    this.#lookAt = Math.max(FLOOD_BYTES, this.#bytes + FLOOD_BYTES / 4);
    return counted >= feeds ? this.#cutAt(cut) : { bytes: 0, title: undefined };
  }

  #runEnd(): number {
    let end = this.#head;
    for (; end < this.#items.length; end++) {
      const item = this.#items[end];
      if (item === undefined || typeof item === "function" || !item.scrollOnly) break;
    }
    return end;
  }

  #cutAt(cut: number): Skipped {
    let bytes = 0;
    let title: string | undefined;
    for (let index = this.#head; index < cut; index++) {
      const item = this.#items[index];
      if (item === undefined || typeof item === "function") continue;
      bytes += item.bytes.length;
      title = item.title ?? title;
    }
    this.#items = this.#items.slice(cut);
    this.#head = 0;
    this.#bytes -= bytes;
    this.#lookAt = Math.max(FLOOD_BYTES, this.#bytes + FLOOD_BYTES / 4);
    return { bytes, title };
  }
}
