import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { namedInventory, ownInventory } from "../inventory/locate.ts";
import type { Surroundings } from "./surroundings.ts";

/** Which inventory these surroundings mean, and a short name for files that are kept for each; with `--lab` another one. */
export function inventoryId(around: Pick<Surroundings, "configPath" | "env" | "cwd" | "home" | "lab">): {
  readonly inventory: string;
  readonly id: string;
} {
  const inventory = real(namedInventory(around) ?? ownInventory(around));
  const digest = createHash("sha256").update(`${inventory}\0${around.lab ? "lab" : ""}`);
  return { inventory, id: digest.digest("hex").slice(0, 12) };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
