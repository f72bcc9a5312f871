import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "packed-"));
const checkout = join(folder, "checkout");
const unpacked = join(folder, "package");
let tarball = "";

/** Without network, caches of its own, and nothing printed but what the command itself prints. */
async function npm(program: "npm" | "npx", args: readonly string[], cwd: string) {
  const env = {
    // An npm that runs the tests hands its own settings down.
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key))),
    HOME: folder,
    npm_config_cache: join(folder, "cache"),
    npm_config_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
  return promisify(execFile)(program, args, { cwd, env });
}

beforeAll(async () => {
  // A checkout of its own: packing builds, and rewrites package.json for as long as it takes.
  const left = new Set(["node_modules", "dist", ".git", ".test-state", "coverage"]);
  cpSync(root, checkout, { recursive: true, filter: (file) => !left.has(basename(file)) });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  const packed = await npm("npm", ["pack", "--silent", "--pack-destination", folder], checkout);
  tarball = join(folder, packed.stdout.trim());
  await promisify(execFile)("tar", ["-xzf", tarball, "-C", folder]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

test("the tarball has one program in two files, the page, profiles, documentation, schemas and notices, and needs no other package", () => {
  expect(readdirSync(unpacked).sort()).toEqual(
    [
      ".claude-plugin",
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "devices",
      "dist",
      "docs",
      "gemini-extension.json",
      "hosts.example.yaml",
      "man",
      "package.json",
      "schema",
      "skills",
    ].sort(),
  );
  expect(readdirSync(join(unpacked, "dist")).sort()).toEqual([
    "THIRD_PARTY_NOTICES",
    expect.stringMatching(/^cli-[0-9a-f]{12}\.cjs$/),
    "cli.js",
    "web",
  ]);
  expect(readdirSync(join(unpacked, "dist", "web")).sort()).toEqual(PAGE);
  for (const name of ["devices", "docs", "schema", "skills", ".claude-plugin"])
    expect(readdirSync(join(unpacked, name)).sort()).toEqual(readdirSync(join(root, name)).sort());
  // npm links the pages of a list alone.
  expect(packageJson.man).toEqual(readdirSync(join(unpacked, "man")).map((page) => `./man/${page}`));
  const manifest: object = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  const { scripts: _scripts, devDependencies: _dev, allowScripts: _allow, ...rest } = packageJson;
  expect(manifest).toEqual(rest);
  expect(rest).not.toHaveProperty("dependencies");
});

test("packing leaves package.json as it was", () => {
  expect(readFileSync(join(checkout, "package.json"), "utf8")).toBe(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  expect(readdirSync(checkout)).not.toContain(".package.json.whole");
});

test("npx runs it from the tarball, without a warning", async () => {
  mkdirSync(join(folder, "anywhere"));
  const args = ["--yes", "-p", tarball, "ssh-mcp", "--version"];
  const { stdout, stderr } = await npm("npx", args, join(folder, "anywhere"));
  expect([stdout.trim(), stderr]).toEqual([packageJson.version, ""]);
}, 300_000);

test("the notices name every package that is in the bundle, with the text of its license", () => {
  const text = readFileSync(join(unpacked, "dist", "THIRD_PARTY_NOTICES"), "utf8");
  const [head = "", ...sections] = text.split(`${"=".repeat(80)}\n`);
  const listed = [...head.matchAll(/^ {2}(\S+) (\S+) \((.+)\)$/gm)].map(([, name = "", version = ""]) => ({
    name,
    version,
  }));
  // Whoever adds a package to the bundle sees here what comes with it.
  expect(listed.map(({ name }) => name)).toEqual(BUNDLED);
  expect(sections).toHaveLength(listed.length);
  for (const [at, { name, version }] of listed.entries()) {
    const section = sections[at] ?? "";
    expect(section).toMatch(`${name} ${version}\n`);
    const own = join(root, "node_modules", name);
    const license = WITHOUT_TEXT.includes(name)
      ? undefined
      : readdirSync(own).find((file) => /^license/i.test(file));
    expect(section).toContain(
      license === undefined
        ? firstParagraph(join(root, "licenses", `${name.replace("/", "+")}.txt`))
        : firstParagraph(join(own, license)),
    );
  }
});

/** What a browser loads of the live view. */
const PAGE = ["app.css", "app.js", "icon.svg", "index.html", "player.css", "player.js"];

/** Of these the npm package has no license file, or they are inside another package's file. */
const WITHOUT_TEXT = ["@xterm/headless", "content-type", "saxes"];

const BUNDLED = [
  "@clack/core",
  "@clack/prompts",
  "@modelcontextprotocol/client",
  "@modelcontextprotocol/core",
  "@modelcontextprotocol/server",
  "@xterm/addon-unicode11",
  "@xterm/headless",
  "@xterm/xterm",
  "ansi-regex",
  "asn1",
  "bcrypt-pbkdf",
  "commander",
  "content-type",
  "cross-spawn",
  "diff",
  "dockerfile-ast",
  "dockerfile-utils",
  "fast-string-truncated-width",
  "fast-string-width",
  "fast-wrap-ansi",
  "isexe",
  "jsonc-parser",
  "path-key",
  "pkce-challenge",
  "re2js",
  "safer-buffer",
  "saxes",
  "shebang-command",
  "shebang-regex",
  "sisteransi",
  "smol-toml",
  "ssh2",
  "strip-ansi",
  "tweetnacl",
  "unbash",
  "vscode-languageserver-textdocument",
  "vscode-languageserver-types",
  "which",
  "xmlchars",
  "yaml",
  "zod",
];

function firstParagraph(file: string): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim().split("\n\n")[0] ?? "";
}
