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

/**
 * Whose orders are these? Those of clients over stdio are their inventory's, so that they outlive a client; each server over HTTP
 * has its own, as it has its own people. With any free port nobody has the same address later.
 */
export function orderOwner(
  around: Pick<Surroundings, "configPath" | "env" | "cwd" | "home" | "lab" | "serves">,
): string {
  const { serves } = around;
  const { id } = inventoryId(around);
  if (serves === undefined) return id;
  return `${id}@${serves}${serves.endsWith(":0") ? ` ${process.pid}` : ""}`;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
