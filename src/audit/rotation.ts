import { lstatSync } from "node:fs";
import type { Chain } from "./chain.ts";
import { endOf, ownParts } from "./family.ts";

/** When a log goes on in a new file, and which of the old ones are kept; what is left out is never done. */
export interface Rotation {
  /** Bytes a file may have before the next line goes into a new one. */
  readonly size?: number;
  /** Milliseconds since its first line. */
  readonly ageMs?: number;
  /** Rotated files that are kept. */
  readonly keep?: number;
  /** Milliseconds since their last line for which they are kept. */
  readonly keepMs?: number;
}

export function isDue(rotation: Rotation, file: { readonly size: number; readonly ageMs: number }): boolean {
  const { size = Number.POSITIVE_INFINITY, ageMs = Number.POSITIVE_INFINITY } = rotation;
  return file.size >= size || file.ageMs >= ageMs;
}

/** Rotated files that are kept no longer, the oldest first, with their ends; one that cannot be read stays. */
export function retired(
  path: string,
  rotation: Rotation = {},
  now: number,
): { readonly path: string; readonly end: Chain }[] {
  const { keep = Number.POSITIVE_INFINITY, keepMs = Number.POSITIVE_INFINITY } = rotation;
  if (keep === Number.POSITIVE_INFINITY && keepMs === Number.POSITIVE_INFINITY) return [];
  const parts = ownParts(path);
  const old: { path: string; end: Chain }[] = [];
  for (const [index, part] of parts.entries()) {
    const over = parts.length - index > keep || now - (lastChange(part.path) ?? now) > keepMs;
    const end = over ? endOf(part.path) : undefined;
    // The chain has its beginning cut off and no hole: what is behind one that stays stays, too.
    if (end === undefined) break;
    old.push({ path: part.path, end });
  }
  return old;
}

function lastChange(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
