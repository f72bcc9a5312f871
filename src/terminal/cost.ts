/**
 * What sequences cost the emulator, in units of about a microsecond, taken on the high side of what was measured with
 * @xterm/headless 6.0.0 (warm and cold, 80×24 to 500×200). Plain characters are not counted: about 0.02 units each.
 */
export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

/** A stream starts with, and never holds more than, this much unpaid work: some hundred full-screen scrolls. */
const BURST = 10_000;
/** What one byte of the stream pays. So 4 KiB can never hold more than about 4 ms of work beyond the burst. */
const PER_BYTE = 1;

/** Pays for expensive sequences with the bytes of the stream: a function of the stream alone, not of its chunks or the clock. */
export class CostBudget {
  #credit = BURST;
  #position = 0;

  /** Whether `cost` could be paid at stream position `position`. */
  spend(cost: number, position: number): boolean {
    const earned = (position - this.#position) * PER_BYTE;
    this.#position = position;
    this.#credit = Math.min(BURST, this.#credit + earned);
    if (cost > this.#credit) return false;
    this.#credit -= cost;
    return true;
  }
}

/** A line that scrolls moves the line objects of the screen and makes one anew. */
function scrolledLine({ cols, rows }: ScreenSize): number {
  return 2 + (cols * rows) / 10_000;
}

/** Cost of a CSI sequence; 0 for the cheap ones. `first` is its first number. */
export function csiCost(
  prefix: number,
  intermediate: number,
  final: number,
  first: number,
  size: ScreenSize,
): number {
  const { cols, rows } = size;
  const area = cols * rows;
  if (intermediate === 0x20 || intermediate === 0x27) {
    // SL, SR (CSI SP @, A) and DECIC, DECDC (CSI ' }, ~) move every cell of the screen.
    return final === 0x40 || final === 0x41 || final >= 0x7d ? 1 + area / 100 : 0;
  }
  if (intermediate !== 0) return 0;
  switch (final) {
    case 0x4c: // IL
    case 0x4d: // DL
    case 0x53: // SU
    case 0x54: // SD
      return prefix === 0 ? scrolledLine(size) * Math.min(Math.max(first, 1), Math.max(cols, rows)) : 0;
    case 0x4a: // ED, DECSED
      return 1 + area / 200;
    case 0x62: // REP
      return 1 + Math.min(first, Math.max(cols, rows)) / 10;
    case 0x5a: // CBT
      return 1 + Math.min(first, Math.max(cols, rows)) / 20;
    case 0x72: // DECSTBM: later line feeds move the region
      return 1;
    default:
      return 0;
  }
}

/** Cost of entering the alternate screen and leaving it again: its lines are made anew. */
export function flipCost({ cols, rows }: ScreenSize): number {
  return 4 + (cols * rows) / 60;
}

/** Cost of `ESC final` or `ESC intermediate final`; 0 for the cheap ones. */
export function escapeCost(first: number, final: number, size: ScreenSize): number {
  const area = size.cols * size.rows;
  if (first === 0x63) return 20 + area / 50; // RIS
  if (first === 0x23 && final === 0x38) return 1 + area / 100; // DECALN
  if (first === 0x4d || first === 0x44 || first === 0x45) return scrolledLine(size); // RI, IND, NEL
  return 0;
}
