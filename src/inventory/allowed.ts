import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, fileTrouble, messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import { ownInventory, type SearchPlace } from "./locate.ts";

/** Some thousand files. */
const MAX_LIST_BYTES = 1024 * 1024;
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Inventories of projects that the user has allowed, by path, with the digest of what was allowed. */
export type Allowed = ReadonlyMap<string, string>;

/** Where they are noted, beside the user's own inventory. */
export function allowedList(place: SearchPlace): string {
  return join(dirname(ownInventory(place)), "allowed.json");
}

/** @throws SshMcpError `inventory_invalid` for a list that is not ours. */
export async function readAllowed(place: SearchPlace): Promise<Allowed> {
  const list = allowedList(place);
  try {
    const bytes = await readRegularFile(list, MAX_LIST_BYTES, (stats) => {
      const fault = distrust(list, stats, "write");
      if (fault !== undefined) throw new Error(fault.reason);
    });
    const parsed: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null) throw new Error("it is no list");
    return new Map(Object.entries(parsed).map(([path, digest]) => [path, String(digest)]));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return new Map();
    throw new SshMcpError(
      "inventory_invalid",
      `The list of allowed files ${list} cannot be used: ${messageOf(error)}.`,
      "Remove it, and allow again what is meant.",
    );
  }
}

/** Allows this content of this file, and no other. Answers its digest. @throws SshMcpError. */
export async function allowFile(place: SearchPlace, path: string): Promise<string> {
  const known = await readAllowed(place).catch(() => new Map<string, string>());
  const digest = digestOf(await readProjectFile(path));
  const list = allowedList(place);
  await mkdir(dirname(list), { recursive: true, mode: 0o700 });
  const text = JSON.stringify(Object.fromEntries([...known, [path, digest]]), undefined, 1);
  await writeFile(`${list}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${list}.new`, list);
  return digest;
}

/** A project's file as it is now. @throws SshMcpError `inventory_invalid`. */
export async function readProjectFile(path: string): Promise<Buffer> {
  return readRegularFile(path, MAX_FILE_BYTES, (stats) => {
    const fault = distrust(path, stats, "write");
    if (fault !== undefined) throw new Error(fault.reason);
  }).catch((error: unknown) => {
    throw new SshMcpError(
      "inventory_invalid",
      `${path} cannot be allowed: ${fileTrouble(error)}.`,
      "Name the hosts.yaml of the folder that servers are started in, a file that you alone can write.",
    );
  });
}

export function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
