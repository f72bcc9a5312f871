import { resolve } from "node:path";
import type { Place } from "../../app/surroundings.ts";
import { visibleLine } from "../../base/text.ts";
import { allowFile, readProjectFile } from "../../inventory/allowed.ts";
import { parseInventory } from "../../inventory/parse.ts";

/** Hosts that are named. */
const SHOWN = 20;

/** Notes path and content of the file and says what it holds. Returns the exit code. @throws SshMcpError. */
export async function allowProject(file: string, place: Place): Promise<number> {
  const path = resolve(place.cwd, file);
  const { hosts, settings } = await parseInventory((await readProjectFile(path)).toString("utf8"), path);
  const digest = await allowFile(place, path);
  const names = [...hosts.keys()].slice(0, SHOWN).map((name) => visibleLine(name, 128));
  const more = hosts.size > SHOWN ? `, … (${hosts.size} in all)` : "";
  process.stdout.write(
    `Allowed: ${path}\nSHA-256 ${digest}\nHosts: ${names.join(", ") || "none"}${more}\n` +
      `deny_patterns: ${settings.deny_patterns?.length ?? 0}\n`,
  );
  return 0;
}
