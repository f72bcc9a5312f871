/** Longest CSI sequence passed on: 32 parameters of any sensible size. */
const MAX_CSI = 512;
export const MAX_PARAMETERS = 32;
const MAX_NUMBER = 0xffff;

const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;

const ROW_LOCAL = [..."mKXP@CDG`aIZ"].map((final) => final.charCodeAt(0));
const NAMING = [..."hlmnpqctu"].map((final) => final.charCodeAt(0));

export type CsiOutcome = "complete" | "incomplete" | "aborted" | "malformed" | "overlong";

/**
 * Reads one CSI sequence (ECMA-48 5.4: parameters 0x30-0x3f, intermediates 0x20-0x2f, final 0x40-0x7e). One reader is used
 * again and again, so that reading allocates nothing.
 */
export class CsiReader {
  /** First byte behind what was read. */
  end = 0;
  final = 0;
  /** One of `< = > ?`, or 0. */
  prefix = 0;
  /** The intermediates, 8 bits each, or 0. */
  intermediate = 0;
  /** Parameters and sub-parameters. */
  count = 0;
  /** Largest number among them; 65535 stands for anything larger. */
  max = 0;
  /** The first one, 0 when left out. */
  first = 0;
  /** C0 controls stand inside; the emulator executes them in passing. */
  hasControls = false;

  /** Reads from the byte behind `ESC [`. */
  read(input: Uint8Array, from: number): CsiOutcome {
    const n = Math.min(input.length, from + MAX_CSI);
    let j = from;
    let number = 0;
    let max = 0;
    let bad = false;
    this.prefix = 0;
    this.intermediate = 0;
    this.count = 1;
    this.hasControls = false;
    this.first = -1;
    for (; j < n; j++) {
      const c = input[j] ?? 0;
      if (c >= 0x30 && c <= 0x39) {
        number = number * 10 + c - 0x30;
        if (number > MAX_NUMBER) number = MAX_NUMBER;
        if (this.intermediate !== 0) bad = true;
      } else if (c >= 0x40 && c < DEL) {
        this.end = j + 1;
        this.final = c;
        this.max = Math.max(number, max);
        if (this.first < 0) this.first = number;
        return bad ? "malformed" : "complete";
      } else if (c === 0x3b || c === 0x3a) {
        if (number > max) max = number;
        if (this.first < 0) this.first = number;
        number = 0;
        this.count++;
        if (this.intermediate !== 0) bad = true;
      } else if (c >= 0x3c && c <= 0x3f) {
        if (j === from) this.prefix = c;
        else bad = true;
      } else if (c >= 0x20 && c <= 0x2f) {
        if (this.intermediate > 0xff) bad = true;
        this.intermediate = ((this.intermediate << 8) | c) & 0xffff;
      } else if (c === ESC || c >= 0x80) {
        this.end = j;
        return "aborted";
      } else if (c === CAN || c === SUB) {
        this.end = j + 1;
        return "aborted";
      } else this.hasControls = true;
    }
    this.end = j;
    return j - from >= MAX_CSI ? "overlong" : "incomplete";
  }

  /** Colours, and what changes only the cursor's row or column. */
  get staysInRow(): boolean {
    return this.prefix === 0 && this.intermediate === 0 && ROW_LOCAL.includes(this.final);
  }

  /** Its numbers name modes, reports or colours; they are neither counts nor coordinates. */
  get namesModes(): boolean {
    return NAMING.includes(this.final);
  }

  /** The alternate-screen mode among the parameters of a `CSI ? … h` or `l` standing at `from`, or 0. */
  alternateMode(input: Uint8Array, from: number): 0 | 47 | 1047 | 1049 {
    if (this.prefix !== 0x3f || this.max < 47) return 0;
    for (const number of Buffer.from(input.subarray(from + 1, this.end - 1))
      .toString("latin1")
      .split(/[;:]/)) {
      const mode = Number.parseInt(number, 10);
      if (mode === 47 || mode === 1047 || mode === 1049) return mode;
    }
    return 0;
  }

  /** The sequence standing at `from` again, with at most 32 numbers, none above `limit`. */
  clamped(input: Uint8Array, from: number, limit: number): Buffer {
    const text = Buffer.from(input.subarray(from, this.end)).toString("latin1");
    const controls = text.replace(/[^\u0000-\u001f]/g, "");
    const body = text.replace(/[\u0000-\u001f\u007f]/g, "");
    const parts = /^([<=>?]?)([0-9;:]*)(.*)$/s.exec(body);
    const numbers = (parts?.[2] ?? "").split(/([;:])/).slice(0, MAX_PARAMETERS * 2 - 1);
    const kept = numbers.map((part) =>
      /^\d+$/.test(part) ? String(Math.min(Number.parseInt(part, 10), limit)) : part,
    );
    return Buffer.from(`${controls}\u001b[${parts?.[1] ?? ""}${kept.join("")}${parts?.[3] ?? ""}`, "latin1");
  }
}
