import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { manPage } from "../../scripts/generate-man.ts";
import { program } from "../../src/commands/index.ts";
import { definitions } from "../../src/tools/definitions.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");
const json = (name: string) => JSON.parse(read(name));
const PROGRAM = packageJson.bin["ssh-mcp"];
const plainName = packageJson.name.replace(/^@[^/]*\//, "");

test.each([
  "server.json",
  "packaging/mcpb/manifest.json",
  ".claude-plugin/plugin.json",
  "gemini-extension.json",
])("%s has the version and the name of package.json", (file) => {
  const { name, version, description } = json(file);
  expect([version, name.split("/").at(-1)]).toEqual([packageJson.version, plainName]);
  // The registry takes 100 characters.
  expect(description.length).toBeLessThanOrEqual(100);
});

test("server.json is what the registry's schema of 2025-12-11 asks for, and names no package before one is published", () => {
  const server = json("server.json");
  expect(server.$schema).toBe("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json");
  expect(server.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  expect(server.name.length).toBeLessThanOrEqual(200);
  expect(packageJson.private && "packages" in server).toBe(false);
  expect(Object.keys(server).sort()).toEqual(["$schema", "description", "name", "title", "version"]);
});

test.each<[string, (manifest: ReturnType<typeof json>) => { command: string; args: string[] }, string]>([
  ["packaging/mcpb/manifest.json", ({ server }) => server.mcp_config, "${__dirname}"],
  [".claude-plugin/plugin.json", ({ mcpServers }) => mcpServers.ssh, "${CLAUDE_PLUGIN_ROOT}"],
  ["gemini-extension.json", ({ mcpServers }) => mcpServers.ssh, "${extensionPath}"],
])("%s starts the program file of the package", (file, startOf, folder) => {
  const { command, args } = startOf(json(file));
  expect([command, ...args]).toEqual(["node", `${folder}/${PROGRAM}`]);
});

test("the bundle's manifest is what schema 0.4 of MCPB asks for", () => {
  const manifest = json("packaging/mcpb/manifest.json");
  expect(manifest.manifest_version).toBe("0.4");
  const allowed = ["$schema", "manifest_version", "name", "display_name", "version", "description", "author"];
  const more = ["license", "server", "tools_generated", "compatibility"];
  expect(Object.keys(manifest).filter((key) => ![...allowed, ...more].includes(key))).toEqual([]);
  expect(Object.keys(manifest.author)).toEqual(["name"]);
  expect(manifest.server).toMatchObject({ type: "node", entry_point: PROGRAM });
  expect(manifest.compatibility.runtimes.node).toBe(packageJson.engines.node);
});

test("the skill names the tools and the commands that there are", () => {
  const text = read("skills/ssh-mcp/SKILL.md");
  const { name, description } = parse(text.split("---\n")[1] ?? "");
  expect(name).toBe("ssh-mcp");
  expect(description.length).toBeLessThanOrEqual(1024);
  const tools = definitions.core.map((tool) => tool.name);
  const named = [...new Set(text.match(/\bssh_[a-z]+\b/g))];
  expect(named.sort()).toEqual([...tools].sort());
  const commands = (program.subcommands ?? []).map((one) => one.name);
  for (const [, command = ""] of text.matchAll(/`ssh-mcp ([a-z]+)/g)) expect(commands).toContain(command);
});

test("the image builds what the package builds, on a Node that the program runs on, and starts it as a user", () => {
  const rows = read("Dockerfile").split("\n");
  const images = rows.flatMap((row) => /^FROM node:(\d+)/.exec(row)?.[1] ?? []);
  const least = Number(/\d+/.exec(packageJson.engines.node)?.[0]);
  expect(images).toHaveLength(2);
  for (const major of images) expect(Number(major)).toBeGreaterThanOrEqual(least);
  expect(rows).toContain(`RUN ${packageJson.scripts.build}`);
  expect(rows.join("\n")).toContain(`/opt/ssh-mcp/${PROGRAM} /usr/local/bin/ssh-mcp`);
  expect(rows.indexOf("USER node")).toBeLessThan(rows.indexOf('ENTRYPOINT ["ssh-mcp"]'));
  const { services, volumes } = parse(read("compose.yaml"));
  const [volume = "", place] = services["ssh-mcp"].volumes[0].split(":");
  expect(Object.keys(volumes)).toEqual([volume]);
  expect(rows).toContain(`VOLUME ${place}`);
  expect(rows).toContain(`ENV HOME=${place}`);
  const left = read(".dockerignore").split("\n");
  for (const needed of ["src", "scripts", "devices", "licenses", "package.json", "LICENSE"])
    expect(left).not.toContain(needed);
});

/** The reader of man pages is not on every machine. */
const withoutMan = spawnSync("man", ["--version"]).error !== undefined;

test.skipIf(withoutMan)("the man page has every command, and roff finds no fault in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "man-"));
  const page = join(folder, "ssh-mcp.1");
  writeFileSync(page, manPage());
  const { stdout, stderr } = await promisify(execFile)("man", ["--warnings", "-l", page], {
    env: { PATH: process.env.PATH ?? "", MANWIDTH: "80", LC_ALL: "C.UTF-8", MANPAGER: "cat" },
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  for (const { name } of program.subcommands ?? []) expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, "m"));
});

test("the workflows run scripts that there are, on every Node of the promise, and publish nothing", () => {
  const folder = join(root, ".github", "workflows");
  for (const file of readdirSync(folder)) {
    const workflow = parse(readFileSync(join(folder, file), "utf8"));
    const jobs: { steps: { run?: string; uses?: string }[] }[] = Object.values(workflow.jobs);
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const { run = "", uses } of jobs.flatMap(({ steps }) => steps)) {
      expect(uses ?? "a/b@v1").toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
      expect(run).not.toMatch(/publish/);
      for (const [, script = ""] of run.matchAll(/npm (?:run )?(lint|typecheck|test|build|\w+:\w+)\b/g))
        expect(Object.keys(packageJson.scripts)).toContain(script);
      for (const [, script = ""] of run.matchAll(/node (scripts\/[\w.-]+)/g))
        expect(() => read(script)).not.toThrow();
    }
  }
  const { node } = parse(read(".github/workflows/ci.yml")).jobs.test.strategy.matrix;
  expect(node[0]).toBe(Number(/\d+/.exec(packageJson.engines.node)?.[0]));
});

test("the archive of a bundle is one that others can read, and the same each time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    const files = [
      { name: "manifest.json", bytes: Buffer.from(read("packaging/mcpb/manifest.json")) },
      { name: "dist/größe.js", bytes: Buffer.from("x".repeat(100_000)), executable: true },
      { name: "empty", bytes: Buffer.alloc(0) },
    ];
    const { zip } = await import(join(root, "scripts", "zip.mjs"));
    const archive = join(folder, "a.mcpb");
    writeFileSync(archive, zip(files));
    expect(zip(files).equals(readFileSync(archive))).toBe(true);
    const script = `import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
for i in z.infolist(): print(i.filename, len(z.read(i)), oct(i.external_attr >> 16))`;
    const env = { ...process.env, PYTHONIOENCODING: "utf-8" };
    const { stdout } = await promisify(execFile)("python3", ["-c", script, archive], { env });
    expect(stdout.trim().split("\n")).toEqual([
      `manifest.json ${files[0]?.bytes.length} 0o100644`,
      "dist/größe.js 100000 0o100755",
      "empty 0 0o100644",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
