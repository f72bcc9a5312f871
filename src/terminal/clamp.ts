import { INCOMPLETE, NO_END, type StringKind, stringEnd, stringKind } from "./control-string.ts";
import { CostBudget, csiCost, escapeCost, flipCost, type ScreenSize } from "./cost.ts";
import { CsiReader, MAX_PARAMETERS } from "./csi.ts";
import { isZeroWidth } from "./zero-width.ts";

/** Longest control string (OSC, DCS, APC, PM, SOS) looked at; what is longer is discarded up to its terminator. */
const MAX_STRING = 4 * 1024;
/** Bytes of a window title that are kept. */
const MAX_TITLE = 256;
/** Zero-width characters one cell may hold. */
const MAX_MARKS = 8;
const EMPTY = new Uint8Array(0);
const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd);

const LF = 0x0a;
const FF = 0x0c;
const CR = 0x0d;
const SO = 0x0e;
const SI = 0x0f;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;

/** What one `push` lets through: whole characters and whole sequences only. */
export interface FilteredSlice {
  /** The input itself when nothing had to change. */
  readonly bytes: Uint8Array;
  /** Line feeds (LF, VT, FF). */
  readonly newlines: number;
  /** Whether a carriage return stands in it, and the line feeds after the first one: from there on columns are known. */
  readonly returns: boolean;
  readonly newlinesAfterReturn: number;
  /**
   * Only text, C0, colours, titles and changes within the cursor's own row: whatever it draws has scrolled away once
   * enough line feeds followed.
   */
  readonly scrollOnly: boolean;
  /** Expensive sequences were left out, because the stream asked for more work than its bytes pay for. */
  readonly limited: boolean;
  /** The last window title set in it (OSC 0 and 2). */
  readonly title: string | undefined;
}

export type AlternateMode = 0 | 47 | 1047 | 1049;

/**
 * The byte filter in front of the emulator: what could hang it or grow it without bound never reaches it, and the emulator's
 * parser is in its ground state after each slice.
 *
 * - Numbers of a CSI sequence are clamped to the screen, parameters to 32; an overlong or malformed one is dropped.
 * - Control strings are taken out: titles are reported in the slice, OSC 10/11 queries pass, everything else (links,
 *   clipboard, notifications, DCS, APC, PM, SOS) is dropped.
 * - At most eight zero-width characters follow one another; invalid UTF-8 becomes U+FFFD; C1 controls are dropped.
 * - Expensive sequences are paid for by the bytes of the stream (`CostBudget`).
 *
 * The concatenated output does not depend on how the input was split. State between pushes stays under 5 KiB.
 */
export class ClampFilter {
  readonly #size: () => ScreenSize;
  readonly #csi = new CsiReader();
  readonly #budget = new CostBudget();
  #carry: Uint8Array = EMPTY;
  /** Inside something too long: skipping to its end. */
  #discard: StringKind | "csi" | undefined;
  #marks = 0;
  #alternate: AlternateMode = 0;
  /** Stream position of the carry's first byte. */
  #position = 0;

  // The work of one push, in fields so that the reading functions share it without allocating.
  #in: Uint8Array = EMPTY;
  #out: Buffer | undefined;
  #outLength = 0;
  /** Input up to here is in `#out`. */
  #copied = 0;
  /** Where the last run of zero-width characters ended. */
  #marksEnd = -1;
  #newlines = 0;
  #newlinesBeforeReturn = -1;
  #scrollOnly = true;
  #limited = false;
  #title: string | undefined;

  constructor(size: () => ScreenSize) {
    this.#size = size;
  }

  /** The private mode by which the alternate screen was entered, as let through; 0 in the normal screen. */
  get alternate(): AlternateMode {
    return this.#alternate;
  }

  /** Forgets an unfinished sequence or character, e.g. of a program killed in the middle of one. */
  reset(): void {
    this.#position += this.#carry.length;
    this.#carry = EMPTY;
    this.#discard = undefined;
    this.#marks = 0;
    this.#alternate = 0;
  }

  push(bytes: Uint8Array): FilteredSlice {
    const input = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes]);
    const n = input.length;
    this.#in = input;
    this.#out = undefined;
    this.#copied = 0;
    this.#marksEnd = this.#marks > 0 ? 0 : -1;
    this.#newlines = 0;
    this.#newlinesBeforeReturn = -1;
    this.#scrollOnly = true;
    this.#limited = false;
    this.#title = undefined;

    let i = this.#discard === undefined ? 0 : this.#skip(0);
    while (i < n && this.#discard === undefined) {
      const b = input[i] ?? 0;
      if (b >= 0x20 && b < DEL) {
        i++;
        continue;
      }
      if (b === LF) {
        this.#newlines++;
        i++;
        continue;
      }
      const next = b >= 0x80 ? this.#character(i) : b === ESC ? this.#escape(i) : this.#control(i, b);
      if (next === INCOMPLETE) break;
      i = next;
    }
    return this.#finish(i);
  }

  #finish(end: number): FilteredSlice {
    const input = this.#in;
    let bytes = end === input.length ? input : input.subarray(0, end);
    if (this.#out !== undefined) {
      this.#copyUpTo(end);
      bytes = this.#out.subarray(0, this.#outLength);
    }
    // Copied: it must not pin the chunk it came with.
    this.#carry = end === input.length ? EMPTY : Uint8Array.from(input.subarray(end));
    this.#position += end;
    if (this.#marksEnd !== end) this.#marks = 0;
    this.#in = EMPTY;
    this.#out = undefined;
    const before = this.#newlinesBeforeReturn;
    return {
      bytes,
      newlines: this.#newlines,
      returns: before >= 0,
      newlinesAfterReturn: before < 0 ? 0 : this.#newlines - before,
      scrollOnly: this.#scrollOnly,
      limited: this.#limited,
      title: this.#title,
    };
  }

  /** Any C0 control but LF and ESC, and DEL. */
  #control(at: number, b: number): number {
    if (b === CR) {
      if (this.#newlinesBeforeReturn < 0) this.#newlinesBeforeReturn = this.#newlines;
    } else if (b > LF && b <= FF) this.#newlines++;
    else if (b === SO || b === SI) this.#scrollOnly = false;
    // The emulator ignores DEL, without even ending a run of combining marks.
    else if (b === DEL) return this.#drop(at, at + 1);
    return at + 1;
  }

  /** One UTF-8 character (Unicode, table 3-7). */
  #character(at: number): number {
    const input = this.#in;
    const lead = input[at] ?? 0;
    const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length === 0) return this.#replace(at, at + 1, REPLACEMENT);
    let code = lead & (0xff >> (length + 1));
    for (let k = 1; k < length; k++) {
      if (at + k >= input.length) return INCOMPLETE;
      const next = input[at + k] ?? 0;
      if (!continues(lead, k, next)) return this.#replace(at, at + k, REPLACEMENT);
      code = (code << 6) | (next & 0x3f);
    }
    const end = at + length;
    if (code < 0xa0) return this.#drop(at, end);
    if (code < 0x300 || !isZeroWidth(code)) return end;
    const marks = this.#marksEnd === at ? this.#marks : 0;
    if (marks >= MAX_MARKS) return this.#drop(at, end);
    this.#marks = marks + 1;
    this.#marksEnd = end;
    return end;
  }

  #escape(at: number): number {
    const input = this.#in;
    if (at + 1 >= input.length) return INCOMPLETE;
    const first = input[at + 1] ?? 0;
    if (first === 0x5b) return this.#controlSequence(at);
    const kind = stringKind(first);
    if (kind !== undefined) return this.#string(at, kind);
    let j = at + 1;
    while (j < at + 4 && j < input.length && (input[j] ?? 0) >= 0x20 && (input[j] ?? 0) <= 0x2f) j++;
    if (j >= input.length) return INCOMPLETE;
    const final = input[j] ?? 0;
    // Not a sequence: what was read goes, the byte that does not belong is looked at afresh.
    if (final < 0x30 || final > 0x7e) return this.#drop(at, j);
    const end = j + 1;
    if (first === 0x5c) return this.#drop(at, end); // a string terminator with no string
    this.#scrollOnly = false;
    if (!this.#pay(escapeCost(first, final, this.#size()), end)) return this.#drop(at, end);
    if (first === 0x63) this.#alternate = 0; // RIS
    return end;
  }

  #controlSequence(at: number): number {
    const csi = this.#csi;
    switch (csi.read(this.#in, at + 2)) {
      case "incomplete":
        return INCOMPLETE;
      case "overlong":
        this.#discard = "csi";
        return this.#skip(this.#drop(at, csi.end));
      case "aborted":
      case "malformed":
        return this.#drop(at, csi.end);
      case "complete":
    }
    const { final, end } = csi;
    if (csi.hasControls || !csi.staysInRow) this.#scrollOnly = false;
    // SGR, by far the most frequent; its numbers are colours.
    if (final === 0x6d) return csi.count > MAX_PARAMETERS ? this.#clamp(at, 0xffff) : end;
    const size = this.#size();
    if (final === 0x68 || final === 0x6c) {
      const mode = csi.alternateMode(this.#in, at + 2);
      // Entering pays for both; leaving is always let through, so that a limited stream cannot end in the wrong screen.
      if (mode !== 0 && final === 0x68 && !this.#pay(flipCost(size), end)) return this.#drop(at, end);
      if (mode !== 0) this.#alternate = final === 0x68 ? mode : 0;
    } else if (!this.#pay(csiCost(csi.prefix, csi.intermediate, final, csi.first, size), end))
      return this.#drop(at, end);
    const limit = csi.namesModes ? 0xffff : Math.max(size.cols, size.rows);
    return csi.max > limit || csi.count > MAX_PARAMETERS ? this.#clamp(at, limit) : end;
  }

  /** A control string: none is let through but the colour queries, which `Screen` may answer. */
  #string(at: number, kind: StringKind): number {
    const input = this.#in;
    const stop = Math.min(input.length, at + MAX_STRING);
    for (let j = at + 2; j < stop; j++) {
      const b = input[j] ?? 0;
      if (b >= 0x20 && b !== 0xc2) continue;
      const end = stringEnd(input, j, kind);
      if (end === NO_END) continue;
      if (end === INCOMPLETE) return INCOMPLETE;
      if (kind === "osc" && b !== CAN && b !== SUB) {
        const query = this.#operatingSystemCommand(input.subarray(at + 2, j));
        if (query !== undefined) return this.#replace(at, end, query);
      }
      return this.#drop(at, end);
    }
    if (stop < at + MAX_STRING) return INCOMPLETE;
    this.#discard = kind;
    return this.#skip(this.#drop(at, stop));
  }

  /** Notes a title; gives what to pass on instead of a colour query. */
  #operatingSystemCommand(payload: Uint8Array): Uint8Array | undefined {
    const [first, second] = payload;
    if ((first === 0x30 || first === 0x32) && second === 0x3b) {
      this.#title = Buffer.from(payload.subarray(2, 2 + MAX_TITLE))
        .toString("utf8")
        .replace(/\ufffd+$/, "");
      return undefined;
    }
    if (first !== 0x31 || payload.length !== 4) return undefined;
    const text = Buffer.from(payload).toString("latin1");
    if (text !== "10;?" && text !== "11;?") return undefined;
    this.#scrollOnly = false;
    return Buffer.from(`\u001b]${text}\u0007`, "latin1");
  }

  /** Drops the rest of something too long; returns where ordinary input goes on, or where to wait for more. */
  #skip(from: number): number {
    const input = this.#in;
    const kind = this.#discard;
    let j = from;
    for (; j < input.length; j++) {
      const b = input[j] ?? 0;
      if (b >= 0x20 && b !== 0xc2 && kind !== "csi") continue;
      const end = kind === "csi" || kind === undefined ? csiEnd(b, j) : stringEnd(input, j, kind);
      if (end === NO_END) continue;
      if (end === INCOMPLETE) return this.#drop(from, j);
      this.#discard = undefined;
      return this.#drop(from, end);
    }
    return this.#drop(from, j);
  }

  #pay(cost: number, end: number): boolean {
    if (cost === 0 || this.#budget.spend(cost, this.#position + end)) return true;
    this.#limited = true;
    return false;
  }

  #clamp(at: number, limit: number): number {
    return this.#replace(at, this.#csi.end, this.#csi.clamped(this.#in, at + 2, limit));
  }

  #replace(from: number, to: number, bytes: Uint8Array): number {
    this.#copyUpTo(from);
    this.#append(bytes);
    this.#copied = to;
    return to;
  }

  #drop(from: number, to: number): number {
    this.#copyUpTo(from);
    this.#copied = to;
    // What the emulator never sees does not end a run of combining marks.
    if (this.#marksEnd === from) this.#marksEnd = to;
    return to;
  }

  #copyUpTo(end: number): void {
    if (this.#out === undefined) {
      this.#out = Buffer.allocUnsafe(this.#in.length + 64);
      this.#outLength = 0;
    }
    if (end > this.#copied) this.#append(this.#in.subarray(this.#copied, end));
    this.#copied = end;
  }

  #append(bytes: Uint8Array): void {
    let out = this.#out ?? Buffer.allocUnsafe(bytes.length);
    const needed = this.#outLength + bytes.length;
    if (needed > out.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, out.length * 2));
      grown.set(out.subarray(0, this.#outLength));
      out = grown;
    }
    out.set(bytes, this.#outLength);
    this.#out = out;
    this.#outLength = needed;
  }
}

function csiEnd(b: number, at: number): number {
  if (b === ESC || b >= 0x80) return at;
  return b === CAN || b === SUB || (b >= 0x40 && b < DEL) ? at + 1 : NO_END;
}

/** Whether byte `k` of a character with this lead byte may be `b` (Unicode, table 3-7). */
function continues(lead: number, k: number, b: number): boolean {
  if (b < 0x80 || b > 0xbf) return false;
  if (k > 1) return true;
  switch (lead) {
    case 0xe0:
      return b >= 0xa0;
    case 0xed:
      return b <= 0x9f;
    case 0xf0:
      return b >= 0x90;
    case 0xf4:
      return b <= 0x8f;
    default:
      return true;
  }
}
