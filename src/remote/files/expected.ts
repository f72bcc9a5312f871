import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts, RemoteFiles } from "./contract.ts";
import { contentOf, ifThere, type Present, sha256 } from "./present.ts";
import { shownName } from "./shown.ts";

/** A file that was written so short before may have been written once more in the same second. */
const FRESH_S = 2;

/**
 * Is it the file that the caller knows? `expect`: its mtime, seconds since 1970 or as results show it; at least 8 digits of
 * its SHA-256; or `absent`. @throws SshMcpError `file_changed`, `invalid_argument`.
 */
export function assertExpected(expect: string, { file }: Present, path: string): void {
  const changed = (is: string) =>
    new SshMcpError(
      "file_changed",
      `${shownName(path)} is not what was expected (${expect}): ${is}; nothing was changed`,
      "ssh_read_file shows it as it is now.",
    );
  if (/^absent$/i.test(expect)) {
    if (file !== undefined) throw changed("it is there");
    return;
  }
  const time = secondsOf(expect);
  if (time === undefined && !/^[\da-f]{8,64}$/i.test(expect))
    throw new SshMcpError(
      "invalid_argument",
      `expect is the file's mtime or sha256 as results show them, or absent; not ${JSON.stringify(expect)}`,
    );
  if (file === undefined) throw changed("it is not there");
  if (time !== undefined) {
    const { mtime } = file.facts;
    if (mtime !== time) throw changed(`its mtime is ${mtime ?? "unknown"}`);
    return;
  }
  const hash = sha256(file.content);
  if (!hash.startsWith(expect.toLowerCase())) throw changed(`its sha256 is ${hash.slice(0, 12)}`);
}

/**
 * Is the file still what was read? By mtime and size; where it had been written just before `now` (the server's clock), by
 * its content. @throws SshMcpError `file_changed`.
 */
export async function assertUnchanged(
  files: RemoteFiles,
  { path, file }: Present,
  now: number | undefined,
): Promise<void> {
  const there = await ifThere(files.lstat(path));
  const changed = (how: string) =>
    new SshMcpError(
      "file_changed",
      `${shownName(path)} ${how} during this call; what is there now was left as it is`,
      "Look at it, then call again.",
    );
  if (file === undefined) {
    if (there !== undefined) throw changed("was made by somebody else");
    return;
  }
  if (there === undefined) throw changed("was removed");
  const { facts, content } = file;
  if (differs(facts, there)) throw changed("was changed by somebody else");
  const fresh = now === undefined || facts.mtime === undefined || now - facts.mtime <= FRESH_S;
  if (fresh && !(await contentOf(files, path)).equals(content)) throw changed("was changed by somebody else");
}

function differs(before: FileFacts, now: FileFacts): boolean {
  return (
    before.mtime !== now.mtime ||
    before.size !== now.size ||
    before.type !== now.type ||
    before.mode !== now.mode ||
    before.uid !== now.uid ||
    before.gid !== now.gid
  );
}

/** Ten digits or fewer, else a time as ISO 8601 has it. */
function secondsOf(expect: string): number | undefined {
  if (/^\d{1,11}$/.test(expect) && expect.length !== 8) return Number(expect);
  if (!/^\d{4}-\d\d-\d\dT/.test(expect)) return undefined;
  const ms = Date.parse(expect);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
