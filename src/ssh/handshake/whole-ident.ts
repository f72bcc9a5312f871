import type { Duplex } from "node:stream";

/** More than this before the identification line is not held back; the tap judges it. */
const LIMIT = 32 * 1024;

/**
 * Delivers a server's first line in one piece. ssh2 1.17.0 forgets the middle when an identification arrives in three or
 * more chunks (parseHeader keeps only the first), as slow devices send it. Returns what asks for the bytes seen so far,
 * delivered or not.
 */
export function deliverIdentWhole(stream: Duplex): () => Buffer {
  const push = stream.push;
  let held = Buffer.alloc(0);
  const release = (): boolean => {
    stream.push = push;
    return held.length === 0 || stream.push(held);
  };
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (!Buffer.isBuffer(chunk)) {
      release();
      return stream.push(chunk, encoding);
    }
    held = Buffer.concat([held, chunk]);
    // The software may have that word in its name, too: `SSH-2.0-IPSSH-6.8.0`.
    const begins = /^SSH-/.test(held.toString("latin1", 0, 4)) ? 0 : held.indexOf("\nSSH-");
    const complete = begins >= 0 && held.indexOf(0x0a, begins + 1) >= 0;
    return complete || held.length > LIMIT ? release() : true;
  };
  // What arrived before now is already past `push`.
  const early: unknown = stream.readableLength > 0 ? stream.read() : undefined;
  if (Buffer.isBuffer(early)) stream.push(early);
  return () => held;
}
