import type { Duplex } from "node:stream";

/**
 * What is written to a connection within one turn goes out as one. ssh2 1.17.0 hands over each packet in three pieces: without
 * this each is a system call here, a segment on the wire, and a reading there of a packet that is not whole yet.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write;
  let held = false;
  const release = () => {
    held = false;
    stream.uncork();
  };
  stream.write = (...given: unknown[]): boolean => {
    if (!held) {
      held = true;
      stream.cork();
      process.nextTick(release);
    }
    return Reflect.apply(write, stream, given);
  };
}
