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
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = { dirname: dirname(path), filename: path, url: pathToFileURL(path).href };
      const said = (_: string, which: keyof typeof place) => JSON.stringify(place[which]);
      return {
        contents: readFileSync(path, "utf8").replace(/import\.meta\.(dirname|filename|url)\b/g, said),
        loader: "ts",
      };
    });
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
