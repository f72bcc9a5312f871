import { closeFirst, visibleLine } from "./text.ts";

/** Sets of tools beside the core, which is always on. */
export const TOOLSETS = [
  "files",
  "monitor",
  "network",
  "devices",
  "config",
  "docker",
  "database",
  "voip",
  "custom",
] as const;

export type Toolset = (typeof TOOLSETS)[number];

/** On where nothing is said. `custom` holds what the operator's own folder has, which is nothing where none is named. */
export const DEFAULT_TOOLSETS: readonly Toolset[] = ["files", "custom"];

/** `files,monitor`; `none`: the core alone. A text instead of a list: what is wrong with it. */
export function toolsetsIn(text: string): readonly Toolset[] | string {
  const names = text.split(",").map((name) => name.trim());
  if (names.length === 1 && names[0] === "none") return [];
  for (const name of names)
    if (!TOOLSETS.some((known) => known === name)) {
      const known = closeFirst(name, TOOLSETS).join(", ");
      return `there is no toolset ${JSON.stringify(visibleLine(name, 40))}; there are ${known}, or none for the core alone`;
    }
  return TOOLSETS.filter((known) => names.includes(known));
}
