import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/**
 * A program of the tests, compiled with what it imports of `src/`: starting it is less than half of the work of
 * loading its sources one by one. Packages are taken from node_modules. Its path, for the caller to remove; not for what reads files beside itself.
 */
export async function bundled(program: string): Promise<string> {
  const name = createHash("sha256").update(program).digest("hex").slice(0, 8);
  const outfile = join(root, ".test-state", "bundled", `${name}-${process.pid}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [program],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
  });
  return outfile;
}
