import type { DevicePager } from "../../devices/device.ts";
import { keyName } from "../../terminal/keys.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { Snapshot } from "../pty/snapshot.ts";

/** Pages answered for one command when the profile sets no limit. */
const MAX_PAGES = 500;

/** Times the key that leaves is sent before the pager is the caller's. */
const LEAVES = 3;

/** Pages of one command: each is answered once, as many as the profile allows. */
export interface Pages {
  readonly answered: number;
  /** How often a pager that is not fed was left. */
  readonly left: number;
  /** The limit was reached, and a note says so. */
  readonly limitTold: boolean;
  /** Where the pager was when it was last answered: the same row is not answered twice. */
  readonly last:
    | {
        readonly pager: DevicePager;
        readonly end: number;
        readonly view: ScreenView /** Rows of that page. */;
        readonly feeds: number;
      }
    | undefined;
}

export const NO_PAGES: Pages = { answered: 0, left: 0, limitTold: false, last: undefined };

/** What is done about a pager. */
export interface PageAnswer {
  readonly pages: Pages;
  /** The key for the next page, or the one that leaves; undefined: the pager is left to the caller. */
  readonly key: string | undefined;
  readonly note: string | undefined;
}

/**
 * Something was printed since the last key; a pager that is only beginning to erase its row is still there. Of a row that
 * came in pieces the rest may say that it is another one.
 */
export function isNewPage({ last }: Pages, pager: DevicePager, seen: Snapshot): boolean {
  if (last === undefined) return true;
  if (seen.end === last.end) return false;
  if (keyOf(pager) !== keyOf(last.pager)) return true;
  const { rows, cursor } = seen.view;
  if (seen.lineFeedsSince(last.end) > 0 || cursor.row !== last.view.cursor.row) return true;
  return rows.some((row, index) => index !== cursor.row && row !== last.view.rows[index]);
}

/** The key that is sent to it: where the rest of its row says no other one, it has been sent. */
function keyOf({ key, quit_key: quit, end }: DevicePager): string | undefined {
  return end === true ? quit : key;
}

/** `since`: transcript cursor where the output began. */
export function answerPage(pages: Pages, pager: DevicePager, since: number, seen: Snapshot): PageAnswer {
  const { quit_key: quit } = pager;
  const stop = pager.end === true;
  const limit = pager.max ?? MAX_PAGES;
  const full = !stop && pages.answered >= limit;
  const left = stop ? pages.left + 1 : pages.left;
  const next = keyOf(pager);
  if (full) {
    const leave = quit === undefined ? "" : `, ${JSON.stringify(quit)} leaves it`;
    const note = pages.limitTold
      ? undefined
      : `${limit} pages were shown; the pager waits at the next${leave}`;
    return { pages: { ...pages, limitTold: true }, key: undefined, note };
  }
  if (next === undefined || (stop && left > LEAVES))
    return { pages: { ...pages, left }, key: undefined, note: undefined };
  return {
    pages: {
      ...pages,
      left,
      answered: pages.answered + 1,
      last: { pager, end: seen.end, view: seen.view, feeds: seen.lineFeedsSince(pages.last?.end ?? since) },
    },
    key: next,
    note: undefined,
  };
}

/** A view that goes on by itself: no key of ours is sent to it, and what leaving it would break off nobody knows. */
export function saysLive({ quit_key: key }: DevicePager): string {
  const leaves =
    key === undefined
      ? ""
      : `; ssh_send keys ${JSON.stringify(keyName(key))} leaves it, and aborts what has not ended`;
  return `a live view, which goes on by itself${leaves}`;
}
