import { PassThrough, Readable } from "node:stream";
import type { Exec } from "../src/ssh/contract.ts";

/** A far side that answers each command with text at once and ends with exit code 0. */
export function execOf(answer: (command: string) => string): Exec {
  return async (command) => ({
    stdin: new PassThrough().resume(),
    stdout: Readable.from([Buffer.from(answer(command))]),
    stderr: Readable.from([]),
    signal() {},
    close() {},
    end: Promise.resolve({ reason: "exit", code: 0 }),
    exited: Promise.resolve(),
    status: () => ({ code: 0 }),
  });
}
