/** Ctrl-\\: no line editor and no pager uses it, and the terminal's own meaning (SIGQUIT) is off in raw mode. */
const PREFIX = 0x1c;
/** Around what is pasted, where the terminal was asked for it (bracketed paste, mode 2004). */
const BEGIN = Buffer.from("\u001b[200~");
const END = Buffer.from("\u001b[201~");
/** The least of a mark at the end of what came that is waited for; shorter it is a key. */
const BEGUN = 3;
/** What is pasted comes without a pause; after a longer one it is not complete any more. */
const PAUSE_MS = 5_000;
/** What a person types comes in no larger pieces, and no paste goes on by it. */
const TYPED = 16;
/** With its marks; the session takes no more at once. */
const LONGEST_PASTE = 64 * 1024 - BEGIN.length - END.length;

const NOTHING: Buffer = Buffer.alloc(0);

interface Told {
  /** Keys for the session. */
  typed(bytes: Buffer): void;
  /** The key behind the prefix. */
  command(key: string): void;
  /** One paste, whole, with the marks around it. */
  pasted(bytes: Buffer): void;
  /** A paste none of which is handed on, and why. */
  notPasted(why: string): void;
}

/** A paste whose end has not come yet. */
interface Paste {
  /** Of one that is too long, enough of the end to find a mark that comes in two pieces. */
  held: Buffer;
  size: number;
  /** When its last part came. */
  at: number;
  /** Its end did not come in time: whatever comes is dropped until it does, or until a key of ours is pressed. */
  broken: boolean;
}

/**
 * Takes the keys of a person apart: what is for the session, and what is for us. What is pasted is one act, handed on whole or not
 * at all, and no key of ours is looked for in it.
 */
export class KeyReader {
  readonly #told: Told;
  readonly #now: () => number;
  #prefixed = false;
  #paste: Paste | undefined;
  /** The beginning of a mark. */
  #held: Buffer = NOTHING;

  constructor(told: Told, now: () => number = () => performance.now()) {
    this.#told = told;
    this.#now = now;
  }

  push(bytes: Buffer): void {
    let rest = this.#paste === undefined ? bytes : this.#inPaste(bytes);
    if (this.#held.length > 0) rest = Buffer.concat([this.#held, rest]);
    this.#held = NOTHING;
    for (let at = rest.indexOf(BEGIN); at >= 0; at = rest.indexOf(BEGIN)) {
      this.#keys(rest.subarray(0, at));
      this.#prefixed = false;
      this.#paste = { held: NOTHING, size: 0, at: this.#now(), broken: false };
      rest = this.#inPaste(rest.subarray(at + BEGIN.length));
    }
    if (this.#paste !== undefined) return;
    // The end of a paste that was given up is no key.
    for (let at = rest.indexOf(END); at >= 0; at = rest.indexOf(END))
      rest = Buffer.concat([rest.subarray(0, at), rest.subarray(at + END.length)]);
    const begun = begunMark(rest);
    this.#held = rest.subarray(rest.length - begun);
    this.#keys(rest.subarray(0, rest.length - begun));
  }

  /** What is behind the paste. */
  #inPaste(bytes: Buffer): Buffer {
    const paste = this.#paste;
    if (paste === undefined) return bytes;
    if (!paste.broken && this.#now() - paste.at > PAUSE_MS && !bytes.includes(END)) {
      paste.broken = true;
      this.#told.notPasted(
        "the end of what was pasted did not come; until it does all is dropped (Ctrl-\\ and a key ends that)",
      );
    }
    if (paste.broken && bytes[0] === PREFIX && bytes.length <= 2) {
      this.#paste = undefined;
      return bytes;
    }
    if (bytes.length > TYPED) paste.at = this.#now();
    paste.size += bytes.length;
    const all = Buffer.concat([paste.held, bytes]);
    const end = all.indexOf(END);
    if (end < 0) {
      paste.held =
        paste.broken || paste.size > LONGEST_PASTE + END.length ? all.subarray(1 - END.length) : all;
      return NOTHING;
    }
    this.#paste = undefined;
    const behind = all.subarray(end + END.length);
    if (paste.broken) return behind;
    const size = paste.size - END.length - behind.length;
    if (size > LONGEST_PASTE)
      this.#told.notPasted(`${size} bytes were pasted, and at most ${LONGEST_PASTE} are taken at once`);
    else this.#told.pasted(Buffer.concat([BEGIN, all.subarray(0, end), END]));
    return behind;
  }

  #keys(bytes: Buffer): void {
    let from = 0;
    for (const [at, byte] of bytes.entries()) {
      if (this.#prefixed) {
        this.#prefixed = false;
        from = at + 1;
        if (byte === PREFIX) this.#told.typed(Buffer.of(PREFIX));
        else this.#told.command(String.fromCharCode(byte).toLowerCase());
      } else if (byte === PREFIX) {
        if (at > from) this.#told.typed(bytes.subarray(from, at));
        from = at + 1;
        this.#prefixed = true;
      }
    }
    if (from < bytes.length) this.#told.typed(bytes.subarray(from));
  }
}

/** How many bytes at the end may be the beginning of a paste. */
function begunMark(bytes: Buffer): number {
  for (let size = BEGIN.length - 1; size >= BEGUN; size--)
    if (bytes.length >= size && bytes.subarray(-size).equals(BEGIN.subarray(0, size))) return size;
  return 0;
}
