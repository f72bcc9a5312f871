import { Writable } from "node:stream";

/**
 * Keeps stdout for the protocol alone: the returned stream is the only way to it, and whatever else writes to
 * `process.stdout` or the console from now on comes out on stderr.
 */
export function claimStdout(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  const protocol = new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, encoding, done) {
      if (typeof chunk === "string") write(chunk, encoding, done);
      else write(chunk, done);
    },
  });
  process.stdout.write = process.stderr.write.bind(process.stderr);
  // Node's console keeps a reference to the stream, not to its `write`, so console.log takes the same way.
  process.stdout.on("error", (error) => protocol.destroy(error));
  return protocol;
}
