// The floors of src/: a folder imports only from folders below it, also inside a folder where an order is given; no circle
// of files; only cli.ts at the root, and only cli.ts reads the arguments or ends the process; npm packages only where they
// belong. Exits 1 with every violation named.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Lowest floor first. Folders on one line are neighbours and do not know each other. */
const FLOORS = [
  ["base"],
  ["terminal", "devices", "lab", "secrets"],
  ["inventory", "recording"],
  ["ssh"],
  ["shell", "remote"],
  ["multiplexer"],
  ["policy", "audit"],
  ["approval"],
  ["results", "access", "recipes", "changes"],
  ["tools"],
  ["desk"],
  ["mcp"],
  ["web"],
  ["app"],
  ["daemon"],
  ["commands"],
];

/** Inside these folders too, lowest first; a name is a sub-folder, or a file of the folder itself. */
const INSIDE = {
  ssh: [
    "contract",
    "collect",
    "protocol",
    "channels",
    "host-keys",
    "trace",
    "auth",
    "handshake",
    "pool",
    "link",
    "transport",
    "trust",
    "rotate",
    "identity",
  ],
  app: [
    "http-options",
    "surroundings",
    "place",
    "releases",
    "inventory-id",
    "saved",
    "armed",
    "lab-hosts",
    "audit-log",
    "grammars",
    "recorded",
    "key-approval",
    "recordings",
    "parts",
    "workspace",
    "warm",
    "inventory-check",
    "toolsets",
    "recipes",
    "realms",
    "http-names",
    "http-tokens",
    "pages",
    "http",
    "server",
  ],
  shell: ["record", "evidence", "pty", "posix", "cli", "session"],
};

/** Files that may stand at the root of src/. */
const ROOT = ["cli.ts"];

/** Files of ours that only the named folders may import: a permit is minted by the gate and nowhere else. */
const OWNED_FILES = new Map([["base/contract/mint.ts", ["access"]]]);

/** npm packages that only the named folders may import. */
const OWNED_PACKAGES = new Map([
  ["@modelcontextprotocol/server", ["mcp"]],
  ["@modelcontextprotocol/client", ["mcp"]],
  ["ssh2", ["ssh", "lab"]],
  ["@xterm/headless", ["terminal"]],
  ["@xterm/xterm", ["web"]],
  ["commander", ["commands"]],
  ["@clack/prompts", ["commands"]],
  ["unbash", ["policy"]],
]);

/** Everything else returns: a command its exit code, a server when its client ends it. */
const PROCESS =
  /\bprocess\s*\??\.\s*(argv|argv0|exit|exitCode|reallyExit|abort)\b|["'](?:node:)?process["']/g;

const root = resolve(import.meta.dirname, "..", "src");
const floorOf = new Map(FLOORS.flatMap((folders, floor) => folders.map((name) => [name, floor])));
const problems = [];
/** Every file of ours and the files it imports. */
const graph = new Map();

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** Place of a file in the order inside its folder; undefined: no order is given there. */
function placeOf(path) {
  const [home, ...rest] = path.split("/");
  const order = INSIDE[home];
  if (order === undefined || rest.length === 0) return undefined;
  const name = rest.length > 1 ? rest[0] : rest[0].replace(/\.ts$/, "");
  return { name, at: order.indexOf(name) };
}

function checkFloors(path, target, spec) {
  const home = path.includes("/") ? path.split("/")[0] : undefined; // undefined: src/cli.ts, above all floors
  const there = target.split("/")[0];
  if (home === undefined) return;
  if (there !== home) {
    const floor = floorOf.get(there);
    if (floor === undefined || floor >= floorOf.get(home))
      problems.push(`${path}: ${home}/ may not import ${there}/ (${spec})`);
    return;
  }
  const [from, to] = [placeOf(path), placeOf(target)];
  if (from === undefined || to === undefined || from.name === to.name) return;
  if (to.at < 0 || to.at >= from.at)
    problems.push(`${path}: ${home}/${from.name} may not import ${home}/${to.name} (${spec})`);
}

for (const file of sources(root)) {
  const path = relative(root, file);
  const home = path.includes("/") ? path.split("/")[0] : undefined;
  if (home === undefined && !ROOT.includes(path))
    problems.push(`${path}: only ${ROOT.join(", ")} stands at the root of src/`);
  if (home !== undefined && !floorOf.has(home)) problems.push(`${path}: folder "${home}" has no floor`);
  const place = placeOf(path);
  if (place !== undefined && place.at < 0)
    problems.push(`${path}: "${place.name}" has no place in the order of ${home}/`);
  const text = readFileSync(file, "utf8");
  if (!ROOT.includes(path))
    for (const [use] of text.matchAll(PROCESS))
      problems.push(`${path}: only ${ROOT.join(", ")} may use ${use}`);
  const imported = new Set();
  graph.set(path, imported);
  for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    if (spec.startsWith(".")) {
      const target = relative(root, resolve(dirname(file), spec));
      if (target.startsWith("..")) {
        if (!target.endsWith("package.json")) problems.push(`${path}: imports outside src (${spec})`);
        continue;
      }
      imported.add(target);
      const minters = OWNED_FILES.get(target);
      if (minters && !minters.includes(home))
        problems.push(`${path}: only ${minters.join(", ")} may import ${target}`);
      checkFloors(path, target, spec);
    } else {
      const owners = [...OWNED_PACKAGES].find(([name]) => spec === name || spec.startsWith(`${name}/`))?.[1];
      if (owners && !owners.includes(home))
        problems.push(`${path}: only ${owners.join(", ")} may import ${spec}`);
    }
  }
}

/** Circles of files, each named once by a depth-first walk. */
function circles() {
  const done = new Set();
  const walk = (file, trail) => {
    const at = trail.indexOf(file);
    if (at >= 0) problems.push(`a circle of files: ${[...trail.slice(at), file].join(" → ")}`);
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
}
circles();

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
