import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";

export interface SearchPlace {
  /** The `--config` argument. */
  readonly configPath?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
}

/** Where the inventory is: the first named place, else the first that exists. Undefined: there is none. */
export async function locateInventory(place: SearchPlace): Promise<string | undefined> {
  const named = place.configPath ?? (place.env.SSH_MCP_CONFIG || place.env.MCP_SSH_CONFIG);
  if (named !== undefined && named !== "") return resolve(place.cwd, expandHome(named, place.home));
  for (const candidate of defaultPlaces(place)) {
    const found = await stat(candidate).then(
      (stats) => !stats.isDirectory(),
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}

/** The places searched when none is named, nearest first. */
export function defaultPlaces(place: SearchPlace): string[] {
  const xdg = place.env.XDG_CONFIG_HOME;
  // The XDG specification: a relative value is to be ignored.
  const folder = xdg !== undefined && isAbsolute(xdg) ? xdg : join(place.home, ".config");
  return [join(place.cwd, "hosts.yaml"), join(folder, "ssh-mcp", "hosts.yaml")];
}

/** `~` and `~/…` as the home folder. */
export function expandHome(path: string, home: string): string {
  return path === "~" ? home : path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
