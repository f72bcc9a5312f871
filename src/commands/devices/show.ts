import { stringify } from "yaml";
import type { Surroundings } from "../../app/surroundings.ts";
import { checkPlatform, openProfiles } from "./profiles.ts";

/** Prints a profile as it is used: merged with those it extends, each named with where it comes from. */
export async function showProfile(
  platform: string,
  folder: string | undefined,
  around: Surroundings,
): Promise<number> {
  const catalog = await openProfiles(folder, around);
  checkPlatform(catalog, platform);
  const { evidence, ...fields } = catalog.profile(platform);
  const from = [`# ${catalog.origin(platform)}`];
  for (const { id, origin } of catalog.bases(platform)) from.push(`# extends ${id} (${origin})`);
  process.stdout.write(`${from.join("\n")}\n${stringify({ ...fields, evidence }, { lineWidth: 100 })}`);
  return 0;
}
