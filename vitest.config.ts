import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig } from "vitest/config";

// Recordings of real devices are not part of the project. Where they are not at hand their tests do not run, and that is said.
const corpus = join(
  resolve(import.meta.dirname, process.env.SSH_MCP_CORPUS ?? "../shared/corpus"),
  "oxidized",
);
const withoutCorpus = existsSync(corpus) ? [] : ["test/corpus/**"];
if (withoutCorpus.length > 0)
  console.warn(
    `No recordings at ${corpus}: they are not replayed (set SSH_MCP_CORPUS to a folder whose folder oxidized holds spec/model/data of ytti/oxidized).`,
  );

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/real/**", ...withoutCorpus] },
      },
      {
        // Real servers and throw-away accounts: needs root and scripts/setup-debian.sh.
        extends: true,
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          globalSetup: ["test/real/kit/global.ts"],
        },
      },
    ],
  },
});
