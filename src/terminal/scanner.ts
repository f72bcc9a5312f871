/** One private mark: `ESC ] 7717 ; <nonce>L<level> ; <kind> [; fields…] BEL`. */
export interface Mark {
  readonly level: number;
  readonly kind: string;
  /** Everything after the kind, unsplit: the last field may hold `;`. */
  readonly fields: string;
}

export type Token =
  | { readonly type: "bytes"; readonly bytes: Buffer }
  | { readonly type: "mark"; readonly mark: Mark };

/** A mark longer than this is not ours: PATH_MAX (4096) plus room for the other fields. */
const MARK_LIMIT = 8 * 1024;
const BEL = 0x07;
const ESC = 0x1b;

/**
 * Finds our marks in a byte stream wherever they stand, independent of any emulator's state, so that an unterminated
 * escape sequence cannot hide one. Bytes come out in order; a possible beginning of a mark waits for its rest.
 */
export class MarkScanner {
  readonly #prefix: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#prefix = Buffer.from(`\u001b]7717;${nonce}L`, "latin1");
  }

  push(chunk: Buffer): Token[] {
    const input = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    const tokens: Token[] = [];
    let position = 0;
    while (position < input.length) {
      const start = input.indexOf(this.#prefix, position);
      if (start < 0) break;
      if (start > position) tokens.push({ type: "bytes", bytes: input.subarray(position, start) });
      const body = start + this.#prefix.length;
      const next = input.indexOf(this.#prefix, body);
      const stop = Math.min(next < 0 ? input.length : next, start + MARK_LIMIT + 1);
      const end = input.subarray(0, stop).indexOf(BEL, body);
      if (end < 0) {
        if (next < 0 && input.length - start <= MARK_LIMIT) {
          this.#rest = Buffer.from(input.subarray(start));
          return tokens;
        }
        // Too long to be ours, or cut off (a recording that ends within a mark) with another behind it: bytes.
        position = next < 0 ? body : next;
        tokens.push({ type: "bytes", bytes: input.subarray(start, position) });
        continue;
      }
      const mark = parseMark(input.toString("utf8", body, end));
      tokens.push(mark ? { type: "mark", mark } : { type: "bytes", bytes: input.subarray(start, end + 1) });
      position = end + 1;
    }
    const keep = this.#partialPrefix(input, position);
    if (input.length - keep > position)
      tokens.push({ type: "bytes", bytes: input.subarray(position, input.length - keep) });
    if (keep > 0) this.#rest = Buffer.from(input.subarray(input.length - keep));
    return tokens;
  }

  /** What is held back as a possible mark; call at the end of the stream. */
  flush(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  /** Bytes at the end of `input` that could be the beginning of the prefix. */
  #partialPrefix(input: Buffer, from: number): number {
    const earliest = Math.max(from, input.length - this.#prefix.length + 1);
    for (let at = input.indexOf(ESC, earliest); at >= 0; at = input.indexOf(ESC, at + 1)) {
      const length = input.length - at;
      if (input.compare(this.#prefix, 0, length, at) === 0) return length;
    }
    return 0;
  }
}

/** `<level>;<kind>[;fields]`, without the prefix. */
function parseMark(body: string): Mark | undefined {
  const match = /^(\d{1,3});([A-Z])(?:;([\s\S]*))?$/.exec(body);
  if (!match) return undefined;
  return { level: Number(match[1]), kind: match[2] ?? "", fields: match[3] ?? "" };
}
