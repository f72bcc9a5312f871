import type { Shot } from "./camera.ts";
import type { Picture } from "./words.ts";

/** What one page was shown last, so that it is sent the difference: a page that is behind gets the newest picture, and no queue. */
export class Film {
  #seq = 0;
  #last: Shot | undefined;
  #left = 0;

  /** The next picture is whole. */
  again(): void {
    this.#last = undefined;
  }

  /** The page could not take this one. */
  leftOut(): void {
    this.#left++;
  }

  /** Undefined: the page shows it already. */
  next(shot: Shot): Picture | undefined {
    const before = this.#last;
    if (before === shot) return undefined;
    this.#last = shot;
    const { size, cursor } = shot;
    const whole = before === undefined || before.size.cols !== size.cols || before.size.rows !== size.rows;
    const changed: [number, string][] = [];
    for (let y = 0; y < size.rows; y++) {
      const [now = "", then = ""] = [shot.rows[y], whole ? "" : before.rows[y]];
      if (now !== then) changed.push([y, now]);
    }
    const same =
      !whole &&
      changed.length === 0 &&
      cursor.row === before.cursor.row &&
      cursor.col === before.cursor.col &&
      shot.applicationCursorKeys === before.applicationCursorKeys &&
      shot.bracketedPaste === before.bracketedPaste;
    if (same) return undefined;
    const left = this.#left;
    this.#left = 0;
    return {
      seq: ++this.#seq,
      whole,
      cols: size.cols,
      rows: size.rows,
      changed,
      cursor,
      cursorKeys: shot.applicationCursorKeys,
      paste: shot.bracketedPaste,
      left,
    };
  }
}
