import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..", "..");

/** Builds the program into `folder`; the path of its one file. */
export async function build(folder: string): Promise<string> {
  const cli = join(folder, "cli.mjs");
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", cli], { cwd: root });
  return cli;
}
