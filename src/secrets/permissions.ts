import type { Stats } from "node:fs";
import { shellQuote } from "../base/shell-quote.ts";

/** What others may not do to a file we trust: `write` to it (configuration), or do anything with it (`access`, secrets). */
export type Protection = "write" | "access";

/**
 * Why `path` cannot be trusted, with the command that repairs it; undefined when it can. What another user wrote has none:
 * no advice makes it trustworthy. OpenSSH's rule for its own
 * files: owned by us or root, and closed to group and world. Windows has no mode bits to judge.
 */
export function distrust(
  path: string,
  stats: Stats,
  protection: Protection,
): { readonly reason: string; readonly fix?: string } | undefined {
  if (process.platform === "win32") return undefined;
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== 0 && stats.uid !== uid) {
    return { reason: "belongs to another user" };
  }
  const mode = (stats.mode & 0o777).toString(8).padStart(3, "0");
  if (protection === "write" && (stats.mode & 0o022) !== 0) {
    return { reason: `can be changed by other users (mode ${mode})`, fix: `chmod go-w ${shellQuote(path)}` };
  }
  if (protection === "access" && (stats.mode & 0o077) !== 0) {
    return { reason: `is open to other users (mode ${mode})`, fix: `chmod 600 ${shellQuote(path)}` };
  }
  return undefined;
}
