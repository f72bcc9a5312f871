import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import { quoteWord } from "../base/shell-quote.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { ExecFiles } from "../remote/files/exec-files.ts";
import { collect } from "../ssh/collect.ts";
import type { Exec, OpenOptions, Transport } from "../ssh/contract.ts";
import { admission } from "./exec-refusal.ts";
import type { MultiplexerOptions } from "./options.ts";
import { askForUnix, UNIX_QUESTION } from "./unix-proof.ts";

/** A megabyte over a slow line, and a program that starts slowly. */
const RUN_MS = 60_000;
/** What one command prints: a part of a file, or a listing. */
const MAX_OUTPUT = 64 * 1024 * 1024;

interface Parts {
  readonly refuses?: MultiplexerOptions["refuses"] | undefined;
  readonly transport: Transport;
  readonly catalog: Catalog | undefined;
  readonly clock: Clock;
}

/**
 * A Unix host's files by commands of its shell, where its server has no SFTP. `why`: what it said to SFTP.
 * @throws SshMcpError that, where nothing shows a Unix shell or policy denies its commands.
 */
export async function filesByExec(
  { transport, catalog, clock, refuses }: Parts,
  host: ResolvedHost,
  why: SshMcpError,
  { timeoutMs }: OpenOptions,
): Promise<ExecFiles> {
  const { exec } = transport.link(host);
  if (exec === undefined || host.limits.exact === true || !(await isUnix(exec))) throw why;
  return new ExecFiles(host.name, async (script, stdin) => {
    const mark = `ssh-mcp ${randomBytes(6).toString("hex")}\n`;
    const line = `exec /bin/sh -c ${quoteWord(`echo ${mark}${script}`)}`;
    const denied = refuses?.(line, host);
    if (denied !== undefined)
      throw new SshMcpError(
        "denied",
        `${host.name} has no SFTP, and the command in its place is refused: ${denied}`,
      );
    const { stdout, stderr, droppedBytes, end } = await collect(exec, line, {
      timeoutMs: RUN_MS,
      maxBytes: MAX_OUTPUT,
      clock,
      ...(stdin === undefined ? {} : { stdin }),
    });
    if (end.reason !== "exit" || droppedBytes > 0)
      throw new SshMcpError(
        "connect_failed",
        `${host.name}: a command in place of SFTP did not come to its end (${droppedBytes > 0 ? "its output is too large" : end.reason}); whether it was carried out is unknown`,
        "Look at the file, then call again.",
      );
    // What start-up files of the login print comes first, and is none of it.
    const begin = stdout.indexOf(mark);
    const own = begin < 0 ? stdout : stdout.subarray(begin + mark.length);
    return { stdout: own, stderr: stderr.toString("utf8"), exit: end.code };
  });

  async function isUnix(by: Exec): Promise<boolean> {
    if (host.platform === "posix") return true;
    if (host.platform !== "auto") return catalog?.profile(host.platform).framing === "sentinel";
    const admit = await admission(host, catalog);
    if (admit === undefined) return true;
    if (refuses?.(UNIX_QUESTION, host) !== undefined) return false;
    return (await askForUnix(by, host, { timeoutMs, clock, admit })).is === "unix";
  }
}
