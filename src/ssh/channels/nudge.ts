import type { Duplex } from "node:stream";
import type { Client } from "ssh2";

/** An opening needs four; a server that chatters on gets no more than this. */
const MAX_NUDGES = 12;

/**
 * Saves 40 ms on the first terminal of a connection; the answer ends it. Until sshd has a terminal it leaves Nagle's
 * algorithm on, so each of its small packets waits for our acknowledgement, which our kernel delays. A packet of ours takes
 * the acknowledgement along: a global request without effect that wants no reply (RFC 4254 4). Measured: 48 ms → 6 ms.
 */
export function nudgeWhileOpening(client: Client, stream: Duplex): () => void {
  let nudges = 0;
  let over = false;
  const nudge = () => {
    if (over || nudges++ >= MAX_NUDGES || !stream.writable) return;
    try {
      client.unforwardIn("", 0);
    } catch {
      // The link went away; whoever is opening the terminal learns it.
      stop();
    }
  };
  const received = () => setImmediate(nudge);
  const stop = () => {
    over = true;
    stream.removeListener("data", received);
  };
  stream.on("data", received);
  return stop;
}
