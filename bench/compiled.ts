import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".test-state", "bench");

/** What a module says of its own place stays as it is in the sources. */
const inPlace: Plugin = {
  name: "in-place",
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.filename", JSON.stringify(path))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    }));
  },
};

/**
 * A module with all that it imports of ours as one file, as the program is built. Run from its sources each function that is
 * made costs a call that keeps its name, which the program does not have.
 */
export async function compiled(file: URL): Promise<URL> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${basename(fileURLToPath(file), ".ts")}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [fileURLToPath(file)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    plugins: [inPlace],
    logLevel: "warning",
  });
  return pathToFileURL(outfile);
}
