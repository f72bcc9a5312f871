import type { Readable } from "node:stream";

/** ssh2 grants a window of 2 MiB and takes up to 4 MiB from an honest peer while paused; twice that is a breach. */
export const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/**
 * Calls `onOverrun` once when more than `limit` bytes wait unread in `stream`: ssh2 does not enforce the window it granted
 * (RFC 4254 5.2), so a hostile peer could fill our memory while we are paused.
 */
export function watchOverrun(stream: Readable, onOverrun: () => void, limit = MAX_UNREAD_BYTES): void {
  const push = stream.push.bind(stream);
  let overrun = false;
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (overrun && chunk !== null) return false;
    const more = push(chunk, encoding);
    if (!overrun && stream.readableLength > limit) {
      overrun = true;
      onOverrun();
    }
    return more;
  };
}
