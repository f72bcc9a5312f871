import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const KEX = "node_modules/ssh2/lib/protocol/kex.js";

describe("the patch of ssh2", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-patch-"));
    mkdirSync(join(folder, "scripts"));
    cpSync(join(ROOT, "scripts/ssh2-patch.mjs"), join(folder, "scripts/ssh2-patch.mjs"));
    cpSync(join(ROOT, "patches"), join(folder, "patches"), { recursive: true });
    mkdirSync(join(folder, "node_modules"));
    cpSync(join(ROOT, "node_modules/ssh2"), join(folder, "node_modules/ssh2"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/diff"), join(folder, "node_modules/diff"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The patched text of kex.js, or the message of what it failed with. */
  const patched = (): string => {
    const script = `import("./scripts/ssh2-patch.mjs").then(({ patchedSsh2 }) => patchedSsh2(${JSON.stringify(join(folder, KEX))}))
      .then((text) => console.log(text), (error) => console.log(error.message));`;
    return execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
  };

  it("is applied to the files of the pinned version", () => {
    expect(patched()).toContain("class MLKEM768X25519Exchange");
  });

  it("fails when a file of ssh2 has changed by a single byte", () => {
    writeFileSync(join(folder, KEX), `${readFileSync(join(folder, KEX), "utf8")}\n`);
    expect(patched()).toBe(
      "ssh2's lib/protocol/kex.js is not the one the patch was made for: see patches/README.md.\n",
    );
  });

  it("fails for another version of ssh2", () => {
    const manifest = join(folder, "node_modules/ssh2/package.json");
    writeFileSync(
      manifest,
      readFileSync(manifest, "utf8").replace('"version": "1.17.0"', '"version": "1.18.0"'),
    );
    expect(patched()).toBe("ssh2 1.18.0 is installed, and the patch is for 1.17.0: see patches/README.md.\n");
  });
});
