import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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

// Nor is a newer OpenSSH than the machine's part of it.
const openSsh10 = join(import.meta.dirname, ".test-state/openssh-10");
const withoutOpenSsh10 = existsSync(openSsh10) ? [] : ["test/ssh/openssh10/**"];
if (withoutOpenSsh10.length > 0)
  console.warn(
    `No OpenSSH 10 at ${openSsh10}: what it speaks is not tested (scripts/setup-openssh10.sh fetches it).`,
  );

/** A minute long and short to read: at the end, where it would be by its size, it would run alone. */
const FIRST = "test/seeds/seeds";

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => (moduleId.includes(FIRST) ? 0 : 1);
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    setupFiles: [join(import.meta.dirname, "scripts/ssh2-patched.mjs")],
    // What servers of the tests keep is not the developer's own, and their user's shell is the same on every machine.
    env: { XDG_STATE_HOME: join(tmpdir(), `ssh-mcp-tests-${process.getuid?.() ?? 0}`), SHELL: "/bin/bash" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/real/**", ...withoutCorpus, ...withoutOpenSsh10],
        },
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
