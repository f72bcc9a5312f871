import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..", "..");
const BUILDS = join(root, ".test-state", "built");
/** What a build is made from, beside the packages that the lock file names. */
const SOURCES = ["src", "devices", "patches", "scripts", "package.json", "package-lock.json"];

/** The program as its sources are now: built once, for whoever asks next. The path of its one file, which nobody may change. */
export async function build(): Promise<string> {
  const folder = join(BUILDS, digest());
  const cli = join(folder, "cli.mjs");
  if (existsSync(cli)) return cli;
  const made = join(BUILDS, randomUUID());
  await mkdir(made, { recursive: true });
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", join(made, "cli.mjs")], {
    cwd: root,
  }).catch(async (error: unknown) => {
    await rm(made, { recursive: true });
    throw error;
  });
  await rename(made, folder).catch(async (error: unknown) => {
    await rm(made, { recursive: true });
    // Another test built it meanwhile.
    if (!existsSync(cli)) throw error;
  });
  return cli;
}

function digest(): string {
  const hash = createHash("sha256");
  const add = (path: string) => hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  for (const source of SOURCES) {
    if (/\.json$/.test(source)) add(source);
    else
      for (const entry of readdirSync(join(root, source), { recursive: true, withFileTypes: true }))
        if (entry.isFile()) add(join(entry.parentPath, entry.name).slice(root.length + 1));
  }
  return hash.digest("hex").slice(0, 16);
}
