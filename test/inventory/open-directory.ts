import { join } from "node:path";
import { createHostDirectory, type DirectoryOptions } from "../../src/inventory/directory.ts";
import { type Scratch, scratch } from "./scratch.ts";

export type Extra = Partial<Omit<DirectoryOptions, "home">>;

/** A directory over the home of `place`. */
export function open(place: Scratch, options: Extra = {}) {
  return createHostDirectory({
    env: {},
    cwd: join(place.home, "desk"),
    home: place.home,
    localUser: "me",
    ...options,
  });
}

/** A directory over these files; `hosts` becomes ~/.config/ssh-mcp/hosts.yaml, `ssh` ~/.ssh/config. */
export async function directory(files: { hosts?: string; ssh?: string }, options: Extra = {}) {
  const place = scratch();
  const path = join(place.home, ".config/ssh-mcp/hosts.yaml");
  if (files.hosts !== undefined) place.write(".config/ssh-mcp/hosts.yaml", files.hosts);
  if (files.ssh !== undefined) place.write(".ssh/config", files.ssh);
  return { place, path, home: place.home, hosts: await open(place, options) };
}
