import { CsiReader } from "./csi.ts";
import { lastRow } from "./last-row.ts";
import { nextTurn } from "./replay.ts";

/** Stands for what a program drew on the alternate screen, which is gone when it ends. */
const FULL_SCREEN = "[full-screen program]";
/** Sequences looked at between two turns of the event loop: some milliseconds. */
const AT_ONCE = 2_000;
/** How much before a leave without an enter is searched for addressed rows, and how often. */
const SEARCHED = 64 * 1024;
const SEARCHES = 32;
/** Stays whose last row is looked for. */
const LAST_ROWS = 500;

/**
 * The bytes with each stay on the alternate screen (private modes 47, 1047, 1049) replaced by one line, with the row
 * that the program left as its last word; stays with nothing between them are one.
 */
export async function withoutAlternateScreen(bytes: Buffer): Promise<Buffer> {
  const work = stays(bytes);
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

/** The same at once, for a few kilobytes. */
export function withoutAlternateScreenNow(bytes: Buffer): Buffer {
  const work = stays(bytes);
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

/** Pieces of work between which the event loop may turn. */
function* stays(bytes: Buffer): Generator<void, Buffer> {
  const csi = new CsiReader();
  const parts = new Parts();
  let from = 0;
  let inside = false;
  let looked = 0;
  let searches = 0;
  let left = 0;
  for (let at = bytes.indexOf("\u001b[?"); at >= 0; at = bytes.indexOf("\u001b[?", at + 3)) {
    if (++looked % AT_ONCE === 0) yield;
    if (csi.read(bytes, at + 2) !== "complete" || csi.alternateMode(bytes, at + 2) === 0) continue;
    const enters = csi.final === 0x68;
    if (!enters && csi.final !== 0x6c) continue;
    // Left without having been entered: the range began inside, if rows were addressed before.
    const mayHaveBegunInside = !enters && !inside && parts.empty && searches++ < SEARCHES;
    const beganInside = mayHaveBegunInside && addressesRows(bytes.subarray(0, at));
    if (enters === inside && !beganInside) continue;
    if (enters) parts.add(bytes.subarray(from, at));
    else parts.mark(left++ < LAST_ROWS ? lastRow(bytes.subarray(from, at)) : "");
    inside = enters;
    from = csi.end;
  }
  if (inside) parts.mark();
  else if (parts.empty) return bytes;
  else parts.add(bytes.subarray(from));
  return parts.whole();
}

/** What is kept, in one growing buffer: a flood of stays makes no objects. */
class Parts {
  empty = true;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Nothing was added behind the last mark. */
  #marked = false;

  add(part: Buffer): void {
    this.empty = false;
    if (part.length === 0) return;
    this.#marked = false;
    this.#append(part);
  }

  /** `row`: the last word of the program. */
  mark(row = ""): void {
    this.empty = false;
    if (this.#marked && row === "") return;
    const tail = this.#bytes.toString("latin1", Math.max(0, this.#length - 512), this.#length);
    const said = row === "" ? "" : ` its last row: ${row}`;
    this.#append(Buffer.from(`${AT_LINE_START.test(tail) ? "" : "\r\n"}${FULL_SCREEN}${said}\r\n`));
    this.#marked = true;
  }

  whole(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #append(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length, 4 * 1024));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = length;
  }
}

function addressesRows(bytes: Buffer): boolean {
  return /\u001b\[\d*(?:;\d*)?H/.test(bytes.toString("latin1", 0, SEARCHED));
}

/** Nothing but escape sequences since the last line end, so the cursor is in the first column. */
const AT_LINE_START =
  /(?:^|\n)(?:\r|\u001b\[[0-9;:?>=]*[a-zA-Z]|\u001b[()][0-9A-Z]|\u001b[=>78]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\))*$/;
