import { errorCode, messageOf } from "../base/errors.ts";

/** As a shell counts a program that SIGPIPE ended: whoever read the output has left. */
const READER_LEFT = 141;

/** What became of this process's stdout: the stream itself forgets its error. */
let lost: Error | undefined;

/** Nobody receives what a command prints: there is no point in going on. */
export class OutputLost extends Error {
  constructor() {
    super("nobody reads the output any more");
  }
}

/** Writes to stdout, for a command that works on between its lines. @throws OutputLost */
export function print(text: string): void {
  if (lost !== undefined) throw new OutputLost();
  process.stdout.write(text);
}

/**
 * Runs a command that prints, and waits until what it printed is written. Resolves to its exit code; to 141 where the reader of
 * its output has left, to 1 where the output could not be written, which is then said on stderr.
 */
export async function withOutput(work: () => Promise<number>): Promise<number> {
  const { stdout, stderr } = process;
  stdout.on("error", (error) => {
    lost ??= error;
  });
  stderr.on("error", () => {});
  const code = await work();
  await new Promise((resolve) => stdout.write("", resolve));
  if (lost === undefined) return code;
  if (errorCode(lost) === "EPIPE") return READER_LEFT;
  stderr.write(`ssh-mcp: the output could not be written: ${messageOf(lost)}\n`);
  return code === 0 ? 1 : code;
}
