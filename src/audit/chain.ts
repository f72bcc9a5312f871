import { createHash } from "node:crypto";
import { fstatSync, ftruncateSync, readSync } from "node:fs";

/** Hash that the first line of a log refers to. */
export const GENESIS = "0".repeat(64);

/** The first entry of a file that goes on where another one ended. */
export const CONTINUED = "continued";
/** An entry that says of a file that it was removed on the operator's word, because it was old. */
export const RETIRED = "retired";

/** The end of a log: the number of its next line, the hash that line refers to, and the file's size in bytes. */
export interface Chain {
  readonly seq: number;
  readonly prev: string;
  readonly size: number;
  /** Bytes of a torn last line that were cut off: it announced nothing that ran. */
  readonly torn?: number;
}

export const NOTHING_YET: Chain = { seq: 1, prev: GENESIS, size: 0 };

/** Other lines than ours stand there, or are missing: nothing that goes away by itself. */
export class NotOurs extends Error {}

/** The end as it is now, after what other processes have added. @throws NotOurs when something was taken away. */
export function upToDate(fd: number, known: Chain): Chain {
  const { size } = fstatSync(fd);
  if (size === known.size) return known;
  const now = size < known.size ? undefined : continueChain(fd);
  if (now === undefined || now.seq < known.seq) throw new NotOurs("lines of it were removed");
  return now;
}

/** The end of an existing file. A torn last line (power loss, a full disk) is cut off. @throws NotOurs */
export function continueChain(fd: number): Chain {
  const { size } = fstatSync(fd);
  if (size === 0) return NOTHING_YET;
  // A line holds one command at most; a window from the end finds the last one without reading years of log.
  for (let window = Math.min(size, 65_536); ; window = Math.min(size, window * 4)) {
    const bytes = Buffer.alloc(window);
    readSync(fd, bytes, 0, window, size - window);
    const end = bytes.lastIndexOf(0x0a);
    const start = end > 0 ? bytes.lastIndexOf(0x0a, end - 1) : -1;
    if (end >= 0 && (start >= 0 || window === size)) {
      const line = bytes.subarray(start + 1, end).toString("utf8");
      const seq = sequenceOf(line) + 1;
      const whole = size - window + end + 1;
      if (whole !== size) ftruncateSync(fd, whole);
      return { seq, prev: sha256(line), size: whole, ...(whole === size ? {} : { torn: size - whole }) };
    }
    if (window === size) {
      // One torn line of ours may go; anything else is somebody's file.
      if (!isBeginning(bytes.toString("utf8", 0, BEGINNING.length)))
        throw new NotOurs("its last line is not one of an audit log");
      ftruncateSync(fd, 0);
      return { ...NOTHING_YET, torn: size };
    }
  }
}

const BEGINNING = '{"seq":';

function isBeginning(text: string): boolean {
  return text.length > 0 && BEGINNING.startsWith(text);
}

function sequenceOf(line: string): number {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed === "object" && parsed !== null && "seq" in parsed && Number.isSafeInteger(parsed.seq))
    return Number(parsed.seq);
  throw new NotOurs("its last line is not one of an audit log");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
