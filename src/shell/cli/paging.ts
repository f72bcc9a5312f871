import type { DevicePager } from "../../devices/device.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { ScreenView } from "../../terminal/types.ts";

/** Pages answered for one command when the profile sets no limit. */
const MAX_PAGES = 500;

/** Times the key that leaves is sent before the pager is the caller's. */
const LEAVES = 3;

/** What answering a pager may do to its session. */
export interface PagingPort {
  write(bytes: string): void;
  note(sentence: string): void;
  /** A page was answered. */
  paged(): void;
}

/** Pages of one command: each is answered once, as many as the profile allows. */
export class Paging {
  readonly #port: PagingPort;
  readonly #transcript: Transcript;
  #pages = 0;
  /** How often a pager that is not fed was left. */
  #left = 0;
  /** The limit was reached, and a note says so. */
  #told = false;
  /** Where the pager stood when it was last answered: the same row is not answered twice. */
  #last: { readonly pager: DevicePager; readonly end: number; readonly view: ScreenView } | undefined;

  constructor(port: PagingPort, transcript: Transcript) {
    this.#port = port;
    this.#transcript = transcript;
  }

  /** Transcript end when a page was last answered. */
  get answered(): number {
    return this.#last?.end ?? 0;
  }

  /** A new command: counts from nothing. */
  fresh(): void {
    this.#pages = 0;
    this.#told = false;
    this.#left = 0;
    this.#last = undefined;
  }

  /**
   * Something was printed since the last key; a pager that is only beginning to erase its row still stands there. Of a row
   * that came in pieces the rest may say that it is another one.
   */
  isNew(pager: DevicePager, { rows, cursor }: ScreenView): boolean {
    if (this.#last === undefined) return true;
    const { end, view } = this.#last;
    if (this.#transcript.end === end) return false;
    if (pager !== this.#last.pager) return true;
    if (this.#transcript.lineFeeds(end, this.#transcript.end) > 0 || cursor.row !== view.cursor.row)
      return true;
    return rows.some((row, index) => index !== cursor.row && row !== view.rows[index]);
  }

  /** Sends the key for the next page, or the one that leaves; false: the pager is left to the caller. */
  answer(pager: DevicePager, view: ScreenView): boolean {
    const { key, quit_key: quit } = pager;
    const stop = pager.live === true || pager.end === true;
    const limit = pager.max ?? MAX_PAGES;
    const full = !stop && this.#pages >= limit;
    if (full && !this.#told) {
      this.#told = true;
      const leave = quit === undefined ? "" : `, ${JSON.stringify(quit)} leaves it`;
      this.#port.note(`${limit} pages were shown; the pager waits at the next${leave}`);
    }
    const next = stop ? quit : key;
    if (next === undefined || full || (stop && ++this.#left > LEAVES)) return false;
    if (pager.live === true && this.#left === 1)
      this.#port.note(`a live view that never ends was left with ${JSON.stringify(next)}`);
    this.#pages++;
    this.#last = { pager, end: this.#transcript.end, view };
    this.#port.paged();
    this.#port.write(next);
    return true;
  }
}
