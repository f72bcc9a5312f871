import { Transform, type TransformCallback } from "node:stream";

/** Bytes of one protocol message. The SDK's own limit is higher, and closes the connection for good. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Bytes at both ends of a message that was too long, in which its id is looked for. */
const END_BYTES = 512;

/** The id of a JSON-RPC message as JSON text, in the two places where clients write it: right at its beginning or its end. */
const ID = String.raw`(-?\d{1,16}|"(?:[^"\\]|\\.){0,128}")`;
const ID_AT_BEGINNING = new RegExp(
  String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${ID}\s*,`,
);
const ID_AT_END = new RegExp(String.raw`,\s*"id"\s*:\s*${ID}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);

/**
 * Passes whole lines on and leaves out each that is longer than a message may be; `onDropped` is told of those, with the
 * id of the request as JSON text (`null`: not found). Holds one line at most.
 */
export class LineLimit extends Transform {
  readonly #onDropped: (id: string, bytes: number) => void;
  #held: Buffer[] = [];
  #size = 0;
  #begins = "";
  #ends = "";

  constructor(onDropped: (id: string, bytes: number) => void) {
    super();
    this.#onDropped = onDropped;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let to = chunk.indexOf(0x0a); to !== -1; to = chunk.indexOf(0x0a, from)) {
      this.#take(chunk.subarray(from, to + 1));
      this.#endLine();
      from = to + 1;
    }
    if (from < chunk.length) this.#take(chunk.subarray(from));
    done();
  }

  #take(part: Buffer): void {
    if (this.#begins.length < END_BYTES)
      this.#begins += part.toString("latin1", 0, END_BYTES - this.#begins.length);
    this.#ends = (this.#ends + part.toString("latin1", Math.max(0, part.length - END_BYTES))).slice(
      -END_BYTES,
    );
    this.#size += part.length;
    if (this.#size > MAX_MESSAGE_BYTES) this.#held = [];
    else this.#held.push(part);
  }

  #endLine(): void {
    if (this.#size > MAX_MESSAGE_BYTES) {
      const id = ID_AT_BEGINNING.exec(this.#begins)?.[1] ?? ID_AT_END.exec(this.#ends)?.[1] ?? "null";
      this.#onDropped(id, this.#size);
    } else this.push(this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held));
    this.#held = [];
    this.#size = 0;
    this.#begins = "";
    this.#ends = "";
  }
}
