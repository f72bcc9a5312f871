// The floors of src/: a folder may import only from folders below it. Exits 1 with every violation named.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Lowest floor first. Folders on one line are neighbours and do not know each other. */
const FLOORS = [
  ["base"],
  ["terminal", "devices", "lab"],
  ["inventory"],
  ["ssh"],
  ["shell"],
  ["policy", "audit"],
  ["multiplexer"],
  ["tools"],
  ["mcp", "doctor"],
  ["hosts"],
];
/** npm packages that only the named folder may import. */
const OWNED_PACKAGES = new Map([
  ["@modelcontextprotocol/server", ["mcp"]],
  ["@modelcontextprotocol/client", ["mcp"]],
  ["ssh2", ["ssh", "lab"]],
  ["@xterm/headless", ["terminal"]],
]);

const root = resolve(import.meta.dirname, "..", "src");
const floorOf = new Map(FLOORS.flatMap((folders, floor) => folders.map((name) => [name, floor])));
const problems = [];

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

for (const file of sources(root)) {
  const path = relative(root, file);
  const home = path.includes("/") ? path.split("/")[0] : undefined; // undefined: src/cli.ts, above all floors
  if (home !== undefined && !floorOf.has(home)) problems.push(`${path}: folder "${home}" has no floor`);
  const text = readFileSync(file, "utf8");
  for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    if (spec.startsWith(".")) {
      const target = relative(root, resolve(dirname(file), spec));
      if (target.startsWith("..")) {
        if (!target.endsWith("package.json")) problems.push(`${path}: imports outside src (${spec})`);
        continue;
      }
      const there = target.split("/")[0];
      if (home === undefined || there === home) continue;
      const floor = floorOf.get(there);
      if (floor === undefined || floor >= floorOf.get(home))
        problems.push(`${path}: ${home}/ may not import ${there}/`);
    } else {
      const owners = [...OWNED_PACKAGES].find(([name]) => spec === name || spec.startsWith(`${name}/`))?.[1];
      if (owners && !owners.includes(home))
        problems.push(`${path}: only ${owners.join(", ")} may import ${spec}`);
    }
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
