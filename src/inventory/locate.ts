import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { nearest } from "../base/text.ts";

export interface SearchPlace {
  /** The `--config` argument. */
  readonly configPath?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
}

/**
 * Where the inventory is: the first named place, else the user's own. Undefined: there is none. The working directory is not
 * searched: whoever wrote what lies there, a cloned repository for one, would choose where credentials go.
 */
export async function locateInventory(place: SearchPlace): Promise<string | undefined> {
  const named = namedInventory(place);
  if (named !== undefined) return named;
  const own = ownInventory(place);
  return (await isThere(own)) ? own : undefined;
}

/** The inventory that the command line or the environment names; it is the one that counts. */
export function namedInventory(place: SearchPlace): string | undefined {
  const named = place.configPath ?? (place.env.SSH_MCP_CONFIG || place.env.MCP_SSH_CONFIG);
  return named === undefined || named === "" ? undefined : resolve(place.cwd, expandHome(named, place.home));
}

/** The user's own inventory, used when none is named. */
export function ownInventory(place: SearchPlace): string {
  const xdg = place.env.XDG_CONFIG_HOME;
  // The XDG specification: a relative value is to be ignored.
  const folder = xdg !== undefined && isAbsolute(xdg) ? xdg : join(place.home, ".config");
  return join(folder, "ssh-mcp", "hosts.yaml");
}

/** Files beside `path` that may be meant by it, such as `hosts.yml`: nearest first, three at most. */
export async function nearMisses(path: string): Promise<string[]> {
  const wanted = basename(path);
  const stem = (name: string) => name.toLowerCase().replace(/\.(?:ya?ml|json|txt|bak|example|sample)/g, "");
  const meant = new Set([stem(wanted), "hosts", "host", "inventory"]);
  const names = await readdir(dirname(path)).catch(() => []);
  const like = names.filter((name) => name !== wanted && meant.has(stem(name)));
  return nearest(wanted, like)
    .slice(0, 3)
    .map((name) => join(dirname(path), name));
}

export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => !stats.isDirectory(),
    () => false,
  );
}

/** `~` and `~/…` as the home folder. */
export function expandHome(path: string, home: string): string {
  return path === "~" ? home : path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
