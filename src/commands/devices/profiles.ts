import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { type Catalog, openCatalog } from "../../devices/catalog.ts";

/** The profiles of a folder, or those the inventory names; the built-in ones with either. */
export async function openProfiles(folder: string | undefined, around: Surroundings): Promise<Catalog> {
  if (folder !== undefined) return openCatalog({ dir: folder });
  return withParts(around, (parts) => parts.catalog());
}
