// src/cli.ts → dist/cli.js: one executable ES module, every dependency inside it, no native module.
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const outfile = join(root, "dist", "cli.js");

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

/**
 * The server SDK loads Ajv (289 KB) at start only to check answers to elicitations, which this server never asks for.
 * Whoever adds elicitation passes `jsonSchemaValidator` to the server, or removes this.
 */
const withoutAjv = {
  name: "without-ajv",
  setup(builder) {
    builder.onLoad({ filter: /server\/dist\/shimsNode\.mjs$/ }, () => ({
      contents: `export { default as process } from "node:process";
        export class DefaultJsonSchemaValidator {
          getValidator() { throw new Error("JSON Schema validation is not part of this bundle"); }
        }`,
    }));
  },
};

await rm(join(root, "dist"), { recursive: true, force: true });
await mkdir(join(root, "dist"), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["src/cli.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Names stay readable in stack traces; the rest is what the start has to parse.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "eof",
  logLevel: "warning",
  // ssh2 is CommonJS and requires Node's own modules at run time.
  banner: {
    js: '#!/usr/bin/env node\nimport{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
  },
  plugins: [withoutNatives, withoutAjv],
});
await chmod(outfile, 0o755);
