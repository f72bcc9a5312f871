import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { nearest, visibleLine } from "../../base/text.ts";
import { type Catalog, openCatalog } from "../../devices/catalog.ts";

/** The profiles of a folder, or those the inventory names; the built-in ones with either. */
export async function openProfiles(folder: string | undefined, around: Surroundings): Promise<Catalog> {
  if (folder === undefined) return withParts(around, (parts) => parts.catalog());
  try {
    return openCatalog({ dir: folder });
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    throw new SshMcpError(
      "invalid_argument",
      error.message.replace("devices_dir", "--devices"),
      "Name a folder with profiles (NAME.yaml); without --devices those of the inventory are used.",
    );
  }
}

/** Makes sure that the platform has a profile. @throws SshMcpError `invalid_argument` with the names, nearest first. */
export function checkPlatform(catalog: Catalog, platform: string): void {
  const ids = catalog.ids();
  if (ids.includes(platform)) return;
  const shown = visibleLine(platform, 80);
  const shell = platform === "posix" || platform === "auto";
  throw new SshMcpError(
    "invalid_argument",
    shell
      ? `"${platform}" is a platform without a profile: shells are recognised by what they answer`
      : `there is no platform "${shown}"; nearest: ${nearest(platform, ids).slice(0, 5).join(", ")}`,
    `ssh-mcp devices list shows the platforms that have a profile.${catalog.strayFile(platform)}`,
  );
}
