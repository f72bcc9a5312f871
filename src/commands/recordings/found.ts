import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { recordingsFolder } from "../../app/recordings.ts";
import type { Place } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { recordingsIn } from "../../recording/folder.ts";

/**
 * The file a person means: a path, or the beginning of a name in the folder of recordings; of several the newest.
 * @throws SshMcpError `invalid_argument`
 */
export async function fileOf(name: string, place: Place): Promise<string> {
  const path = resolve(place.cwd, name);
  if (name.includes("/") || (name.endsWith(".cast") && existsSync(path))) return path;
  const folder = recordingsFolder(place);
  const found = (await recordingsIn(folder)).filter(({ file }) => file.startsWith(name)).at(-1);
  if (found !== undefined) return join(folder, found.file);
  throw new SshMcpError(
    "invalid_argument",
    `there is no recording whose name begins with ${JSON.stringify(visibleLine(name, 80))}`,
    "ssh-mcp recordings list names them.",
  );
}

/** `1:02:03` */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
