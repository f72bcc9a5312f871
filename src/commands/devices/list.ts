import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { gradeOf } from "../../devices/grade.ts";
import { openProfiles } from "./profiles.ts";

/** Prints every profile; on stderr, why those that cannot be used cannot. Returns the exit code. */
export async function listProfiles(folder: string | undefined, around: Surroundings): Promise<number> {
  const catalog = await openProfiles(folder, around);
  const ids = catalog.ids();
  const width = Math.max(...ids.map((id) => id.length));
  const broken: string[] = [];
  for (const id of ids) {
    try {
      const profile = catalog.profile(id);
      const origin = catalog.origin(id);
      const from = origin === "built in" ? "" : `  (${origin})`;
      process.stdout.write(`${id.padEnd(width)}  ${gradeOf(profile).padEnd(11)}  ${profile.name}${from}\n`);
    } catch (error) {
      broken.push(error instanceof SshMcpError ? error.toText() : messageOf(error));
    }
  }
  for (const text of broken) process.stderr.write(`${text}\n`);
  return broken.length === 0 ? 0 : 1;
}
