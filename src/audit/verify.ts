import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileTrouble, SshMcpError } from "../base/errors.ts";
import { type AuditReport, ChainCheck, LineBytes } from "./chain-check.ts";
import { firstOf, rotatedParts } from "./family.ts";
import { type Head, readHead } from "./head.ts";

export type { AuditProblem, AuditReport } from "./chain-check.ts";

/**
 * Checks a log however large it is: one line at a time is in memory. The files that were rotated away and stand beside it
 * come first, as the chain goes. @throws SshMcpError `invalid_argument` for what is no log.
 */
export async function verifyAuditLog(path: string): Promise<AuditReport> {
  // Before the log: a server that writes meanwhile only makes that longer.
  const head = readHead(path);
  const chain = new ChainCheck();
  for (const file of await filesOfLog(path, head !== undefined)) {
    chain.file(file);
    await readInto(chain, file);
  }
  chain.withoutBeginning();
  chain.end(head);
  const report = chain.report();
  if (report.lines > 0 || report.problemCount > 0) return report;
  throw unusable(path, "is empty: there is no entry to verify");
}

/**
 * Files of a log, the oldest first. `wasWritten`: one that is not there, although lines were written to it, is as good as empty.
 * @throws SshMcpError `invalid_argument` for what is no log.
 */
export async function filesOfLog(path: string, wasWritten = false): Promise<readonly string[]> {
  const rotated = rotatedParts(path);
  // A rotated file alone: what stands beside it is not the chain before it.
  const own = firstOf(path)?.seq ?? Number.POSITIVE_INFINITY;
  const before = rotated.filter(({ seq }) => seq < own).map((part) => part.path);
  try {
    await (await openRegular(path)).close();
    return [...before, path];
  } catch (error) {
    if (!(wasWritten && firstOf(path) === undefined)) throw error;
    return before;
  }
}

/** The lines of one file, without their ends. */
export async function* linesOf(path: string): AsyncIterable<string> {
  const file = await openRegular(path);
  try {
    yield* createInterface({ input: file.createReadStream({ autoClose: false }) });
  } finally {
    await file.close();
  }
}

async function readInto(chain: ChainCheck, path: string): Promise<void> {
  const file = await openRegular(path);
  try {
    await follow(chain, file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 }));
  } catch (error) {
    throw error instanceof SshMcpError ? error : unusable(path, `cannot be read: ${fileTrouble(error)}`);
  } finally {
    await file.close();
  }
}

/** The same for bytes from anywhere; `head`: what was written last. */
export async function verifyLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  head?: Head,
): Promise<AuditReport> {
  const chain = new ChainCheck();
  await follow(chain, chunks);
  chain.end(head);
  return chain.report();
}

async function follow(chain: ChainCheck, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  let line = new LineBytes();
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      line.add(chunk.subarray(from, end));
      chain.line(line);
      line = new LineBytes();
      from = end + 1;
    }
    line.add(chunk.subarray(from));
  }
  if (line.size > 0) chain.torn();
}

/** O_NONBLOCK: a pipe is refused, and not waited for. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unusable(path, `cannot be opened: ${fileTrouble(error)}`);
  });
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  throw unusable(path, stats.isDirectory() ? "is a folder" : "is not a regular file");
}

function unusable(path: string, why: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `the audit log ${path} ${why}.`,
    "Name the file that settings.audit_log of the inventory names.",
  );
}
