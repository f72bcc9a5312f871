// src/cli.ts → dist/cli.js: one executable ES module, every dependency in it or beside it, no native module.
//
// An MCP client waits for the first answer, and V8 reads every function of a module before it runs any: as one plain
// bundle the whole program would double that time. So what the program imports dynamically (tools, ssh2, xterm, …) is a
// second bundle beside the first, read when it is first asked for. Its name has its digest: a program never gets the second
// part of another build. The list of tools, which every client asks for at once, is constant: it is worked out here and
// stands in the first part as data.
//
// Beside it goes THIRD_PARTY_NOTICES: whose code is in it, and the terms.
//
// The page of the live view is files of its own beside it, which nothing reads before a browser asks for them.
//
// Usage: node scripts/build.mjs [FILE]
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import vm from "node:vm";
import { build } from "esbuild";
import { parse } from "yaml";
import { bundledPackages, notices } from "./notices.mjs";
import { patchedSsh2 } from "./ssh2-patch.mjs";

const root = join(import.meta.dirname, "..");
const outfile = resolve(process.argv[2] ?? join(root, "dist", "cli.js"));

const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  // What a package offers as ES modules is taken: in a UMD wrapper no bundler sees what it requires (assertWhole).
  mainFields: ["module", "main"],
  target: "node20",
  // Names stay readable in stack traces; the rest is what has to be parsed.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "eof",
  logLevel: "warning",
};

/**
 * ssh2 tries two native modules inside try/catch and works without them; failing the `require` here keeps the bundle
 * free of machine code.
 */
const withoutNatives = {
  name: "without-natives",
  setup(builder) {
    builder.onResolve({ filter: /(^cpu-features|\.node)$/ }, ({ path }) => ({ path, namespace: "native" }));
    builder.onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of this bundle`)});`,
    }));
  },
};

/** ssh2 with what it lacks: certificates, security keys, post-quantum key exchange (patches/README.md). */
const withPatchedSsh2 = {
  name: "with-patched-ssh2",
  setup(builder) {
    builder.onLoad({ filter: /[/\\]ssh2[/\\]lib[/\\].*\.js$/ }, ({ path }) => {
      const contents = patchedSsh2(path);
      return contents === undefined ? undefined : { contents };
    });
  },
};

/**
 * The SDK loads Ajv (290 KB) at start only to check answers to elicitations and structured results, which this program
 * has none of. Whoever adds one passes `jsonSchemaValidator`, or removes this.
 */
const withoutAjv = {
  name: "without-ajv",
  setup(builder) {
    builder.onLoad({ filter: /(server|client)[/\\]dist[/\\]shimsNode\.mjs$/ }, () => ({
      contents: `export { default as process } from "node:process";
        export const CORS_IS_POSSIBLE = false;
        export class DefaultJsonSchemaValidator {
          getValidator() { throw new Error("JSON Schema validation is not part of this bundle"); }
        }`,
    }));
  },
};

/** zod's messages in forty languages, 350 KB, of which only the English ones are used. */
const englishOnly = {
  name: "english-only",
  setup(builder) {
    builder.onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: `export { default as en } from "./en.js";`,
    }));
  },
};

/** The device profiles, their grammars, and what devices are asked become data: no file is read at run time, no YAML parsed. */
const withProfiles = {
  name: "with-profiles",
  setup(builder) {
    builder.onLoad({ filter: /src[/\\]devices[/\\]builtin\.ts$/ }, async () => ({
      contents: `
        export function builtinProfiles() { return new Map(JSON.parse(${await dataOf("devices")})); }
        export function builtinGrammars() { return new Map(JSON.parse(${await dataOf("devices/grammars")})); }`,
    }));
    builder.onLoad({ filter: /src[/\\]recipes[/\\]device[/\\]builtin\.ts$/ }, async () => ({
      contents: `export function builtinQueries() { return new Map(JSON.parse(${await dataOf("devices/queries")})); }`,
    }));
  },
};

/** The YAML files of a folder as the text of a string that holds JSON: pairs of a name and its content. */
async function dataOf(path) {
  const folder = join(root, path);
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  const entries = await Promise.all(
    files.map(async (file) => [
      file.slice(0, -".yaml".length),
      parse(await readFile(join(folder, file), "utf8")),
    ]),
  );
  return JSON.stringify(JSON.stringify(entries));
}

const plugins = [withoutNatives, withPatchedSsh2, withoutAjv, englishOnly, withProfiles];

/** Imported dynamically like the lazy part, but evaluated now; it may export only what JSON can hold. */
const CONSTANT = "src/tools/definitions.ts";

async function valueOfConstant() {
  const result = await build({
    ...common,
    entryPoints: [CONSTANT],
    outdir: dirname(outfile),
    format: "cjs",
    // What asks for its own file's name is not called here.
    define: { "import.meta.filename": '""', "import.meta.dirname": '""' },
    plugins,
  });
  const module = { exports: {} };
  const run = vm.runInThisContext(`(function (module, exports, require) {${result.outputFiles[0].text}\n})`);
  run(module, module.exports, createRequire(import.meta.url));
  return Object.entries(module.exports)
    .map(([name, value]) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`)
    .join("\n");
}

/** The part that is loaded on first use: exports one function per module that the first part imports dynamically. */
async function bundleLazyPart(modules) {
  const entries = modules.map(
    (path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)})`,
  );
  const result = await build({
    ...common,
    stdin: { contents: `module.exports = {${entries.join(",")}};`, resolveDir: root, loader: "js" },
    format: "cjs",
    supported: { "dynamic-import": false },
    // The program's own name is that of its first part: workers and child processes are started by it.
    banner: { js: `const $main=require("node:path").join(__dirname,${JSON.stringify(basename(outfile))});` },
    define: { "import.meta.filename": "$main", "import.meta.dirname": "__dirname" },
    plugins,
  });
  return { text: result.outputFiles[0].text, metafile: result.metafile };
}

/** The first part; `lazyFile` undefined: only to learn which modules it imports dynamically. */
async function bundleFirstPart(lazyFile) {
  const modules = new Set();
  const lazy = {
    name: "lazy",
    setup(builder) {
      builder.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const module = relative(root, resolve(resolveDir, path));
        if (module === CONSTANT) return { path: module, namespace: "constant" };
        modules.add(module);
        return { path: module, namespace: "lazy" };
      });
      builder.onLoad({ filter: /.*/, namespace: "constant" }, () => ({ contents: constant }));
      builder.onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => ({
        contents: `module.exports = require("lazy-part").parts()[${JSON.stringify(path)}]();`,
      }));
      builder.onResolve({ filter: /^lazy-part$/ }, ({ path }) => ({ path, namespace: "lazy-part" }));
      builder.onResolve({ filter: /./, namespace: "lazy-part" }, ({ path }) => ({ path, external: true }));
      builder.onLoad({ filter: /.*/, namespace: "lazy-part" }, () => ({
        contents: `
          exports.parts = () => {
            try {
              return require(${JSON.stringify(`./${lazyFile}`)});
            } catch (error) {
              if (error.code !== "MODULE_NOT_FOUND") throw error;
              throw new Error("ssh-mcp was replaced on disk while it ran (an upgrade): start it again", { cause: error });
            }
          };`,
      }));
    },
  };
  const result = await build({
    ...common,
    entryPoints: ["src/cli.ts"],
    outdir: dirname(outfile),
    format: "esm",
    // ssh2 is CommonJS and requires Node's own modules at run time.
    banner: {
      js: '#!/usr/bin/env node\nimport{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
    },
    plugins: [...plugins, lazy],
  });
  return { text: result.outputFiles[0].text, metafile: result.metafile, modules: [...modules].sort() };
}

/** src/web/page → dist/web: a script, a sheet, the page and its icon; xterm is in the first two. */
async function bundlePage() {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: "browser",
    target: ["chrome119", "firefox121", "safari17"],
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    entryPoints: {
      app: "src/web/page/app.ts",
      player: "src/web/page/player.ts",
      "player-sheet": "src/web/page/player.css",
      sheet: "src/web/page/all.css",
    },
    outdir: join(dirname(outfile), "web"),
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [basename(path), contents]));
  for (const name of ["index.html", "icon.svg"])
    files.set(name, await readFile(join(root, "src/web/page", name)));
  // A script and a sheet of one name would be one output.
  for (const [made, name] of [
    ["sheet.css", "app.css"],
    ["player-sheet.css", "player.css"],
  ]) {
    files.set(name, files.get(made));
    files.delete(made);
  }
  return { files, metafile: result.metafile };
}

const constant = await valueOfConstant();
const { modules } = await bundleFirstPart(undefined);
const lazy = await bundleLazyPart(modules);
const digest = createHash("sha256").update(lazy.text).digest("hex").slice(0, 12);
const lazyFile = `${basename(outfile, ".js")}-${digest}.cjs`;
const { text, metafile } = await bundleFirstPart(lazyFile);
assertWhole(text, lazy.text);
const page = await bundlePage();
const folder = dirname(outfile);
const pageFolder = join(folder, "web");
await mkdir(pageFolder, { recursive: true });
await writeFile(
  join(folder, "THIRD_PARTY_NOTICES"),
  notices(bundledPackages([metafile, lazy.metafile, page.metafile], root)),
);
// Each is replaced in one step, the second part before the first: a server may be started in this moment.
for (const [name, contents] of page.files) await replaced(join(pageFolder, name), contents, 0o644);
await replaced(join(folder, lazyFile), lazy.text, 0o644);
await replaced(outfile, text, 0o755);
const older = new RegExp(`^${basename(outfile, ".js")}-[0-9a-f]{12}\\.cjs$`);
for (const file of await readdir(folder))
  if (older.test(file) && file !== lazyFile) await rm(join(folder, file), { force: true });

/** A UMD wrapper hands `require` on, and what is required through it is not in the bundle: it fails when it is first used. */
function assertWhole(...bundles) {
  if (bundles.some((bundle) => /\(require, ?exports\d*\)|\brequire\d+\("\./.test(bundle)))
    throw new Error("a UMD module is in the bundle, and what it requires is not: name its ES module instead");
}

async function replaced(path, content, mode) {
  await writeFile(`${path}.new`, content, { mode });
  await rename(`${path}.new`, path);
}
