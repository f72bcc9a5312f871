import type { Duplex, Writable } from "node:stream";

/** A frame: four bytes of length (big endian, of what follows), one byte that says what it is, and its content. */
const HEAD = 5;
/** Bytes of one frame's content; an MCP message has at most 8 MiB and comes in pieces. */
export const MAX_FRAME = 1024 * 1024;

/** `data`: bytes of the protocol or the terminal. `word`: JSON of ours beside them. */
export type FrameKind = "data" | "word";

const KINDS: readonly FrameKind[] = ["data", "word"];

/** Writes one frame; false: the stream asks to wait for `drain`. Longer content goes as several. */
export function writeFrame(to: Writable, kind: FrameKind, content: Uint8Array): boolean {
  let room = true;
  for (let at = 0; at === 0 || at < content.length; at += MAX_FRAME) {
    const piece = content.subarray(at, at + MAX_FRAME);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32BE(piece.length + 1, 0);
    head[4] = KINDS.indexOf(kind);
    room = to.write(piece.length === 0 ? head : Buffer.concat([head, piece]));
  }
  return room;
}

export function writeWord(to: Writable, word: object): boolean {
  return writeFrame(to, "word", Buffer.from(JSON.stringify(word)));
}

/** What arrives is no frame of ours: the connection is of no use any more. */
export class BadFrame extends Error {}

/** Cuts what arrives into frames; holds one at most. */
export class FrameReader {
  readonly #onFrame: (kind: FrameKind, content: Buffer) => void;
  #held: Buffer[] = [];
  #size = 0;

  constructor(onFrame: (kind: FrameKind, content: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws BadFrame */
  push(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= HEAD) {
      const head = this.#peek(HEAD);
      const length = head.readUInt32BE(0);
      const kind = KINDS[head[4] ?? -1];
      if (kind === undefined || length < 1 || length > MAX_FRAME + 1) throw new BadFrame("no frame of ours");
      const whole = 4 + length;
      if (this.#size < whole) return;
      const all = this.#peek(whole);
      this.#held = all.length > whole ? [all.subarray(whole)] : [];
      this.#size -= whole;
      this.#onFrame(kind, all.subarray(HEAD, whole));
    }
  }

  /** What is held, in one piece of at least `bytes`. */
  #peek(bytes: number): Buffer {
    const [first] = this.#held;
    if (first !== undefined && first.length >= bytes) {
      if (this.#held.length > 1) {
        const all = Buffer.concat(this.#held);
        this.#held = [all];
        return all;
      }
      return first;
    }
    const all = Buffer.concat(this.#held);
    this.#held = [all];
    return all;
  }
}

/**
 * Hands on what a connection sends from now on, frame by frame. What is no frame of ours ends the connection; `onBad` hears it
 * before that.
 */
export function readFrames(
  from: Duplex,
  onFrame: (kind: FrameKind, content: Buffer) => void,
  onBad: (error: unknown) => void = () => {},
): void {
  const frames = new FrameReader(onFrame);
  from.on("data", (chunk: Buffer) => {
    try {
      frames.push(chunk);
    } catch (error) {
      onBad(error);
      from.destroy();
    }
  });
}

/** The JSON object of a word; undefined: it is none. */
export function wordIn(content: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const word: unknown = JSON.parse(content.toString("utf8"));
    return typeof word === "object" && word !== null ? { ...word } : undefined;
  } catch {
    return undefined;
  }
}
