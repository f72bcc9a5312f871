import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFileSync, UnusableFile } from "../../base/regular-file.ts";
import { hashName, type KnownHostLine, parseKnownHosts } from "./known-hosts.ts";

/** known_hosts files are read whole; one larger than this is a mistake. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * The lines of all files, in order. A missing file is empty; any other failure is an error, because a file that cannot
 * be read may hold a `@revoked` line. Synchronous: it is also asked from within a handshake.
 */
export function readKnownHosts(files: readonly string[]): KnownHostLine[] {
  return files.flatMap((file) => {
    try {
      return parseKnownHosts(readRegularFileSync(file, MAX_FILE_BYTES).toString("utf8"), file);
    } catch (error) {
      if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return [];
      throw new SshMcpError(
        "connect_failed",
        `The known_hosts file ${file} cannot be read: ${error instanceof UnusableFile ? "it " : ""}${messageOf(error)}.`,
        "Make the file readable for this user, or take it out of the host's host_key settings.",
      );
    }
  });
}

/** Where a new line went. */
export interface AppendedLine {
  readonly file: string;
  readonly line: number;
}

/**
 * Appends `name type blob` as one write in append mode, so that two writers never mix their lines. The file is created
 * 0600 (its folder 0700), a missing final newline is added first, and the name is hashed when the file's names are.
 */
export function appendKnownHost(file: string, name: string, type: string, blob: Buffer): AppendedLine {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fd = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const text = readAll(fd);
    const hashed = /^[ \t]*(?:@[^ \t]+[ \t]+)?\|1\|/m.test(text);
    const shown = hashed ? hashName(name, randomBytes(20)) : name;
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    const entry = Buffer.from(`${gap}${shown} ${type} ${blob.toString("base64")}\n`);
    if (writeSync(fd, entry) !== entry.length) throw new Error("the disk took only part of the line");
    return { file, line: `${text}${gap}`.split("\n").length };
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number): string {
  const size = fstatSync(fd).size;
  if (size > MAX_FILE_BYTES) throw new Error("larger than 16 MiB");
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const got = readSync(fd, bytes, at, size - at, at);
    if (got === 0) break;
    at += got;
  }
  return bytes.toString("utf8", 0, at);
}
