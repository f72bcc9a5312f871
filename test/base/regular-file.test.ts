import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRegularFile, readRegularFileSync, UnusableFile } from "../../src/base/regular-file.ts";
import { ownSources } from "../../src/devices/source.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { readSshConfig } from "../../src/inventory/ssh-config/read.ts";
import { readSecret } from "../../src/secrets/read.ts";
import { loadPrivateKey } from "../../src/ssh/auth/private-key.ts";
import { readKnownHosts } from "../../src/ssh/host-keys/known-hosts-file.ts";
import { loadSsh2 } from "../../src/ssh/protocol/ssh2.ts";

const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-files-"));
const at = (name: string) => join(folder, name);
const noSecret = () => Promise.reject(new Error("no secret is read here"));

beforeAll(() => {
  execFileSync("mkfifo", [at("fifo"), at("odd.yaml")]);
  mkdirSync(at("folder"));
  symlinkSync("/dev/zero", at("endless"));
  writeFileSync(at("huge"), "");
  truncateSync(at("huge"), 1_000_000_000);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a file of configuration", () => {
  it.each(["fifo", "folder", "endless", "huge"])("that is a %s is refused at once", async (name) => {
    await expect(readRegularFile(at(name), 1000)).rejects.toThrow(UnusableFile);
    expect(() => readRegularFileSync(at(name), 1000)).toThrow(UnusableFile);
  });

  it("is read whole up to its limit, also where its size is told wrong", async () => {
    writeFileSync(at("whole"), "x".repeat(200_000));
    expect((await readRegularFile(at("whole"), 200_000)).length).toBe(200_000);
    expect(readRegularFileSync(at("whole"), 200_000).length).toBe(200_000);
    // Files of the kernel have a size of 0.
    expect((await readRegularFile("/proc/self/status", 100_000)).toString()).toContain("Name:");
    await expect(readRegularFile("/proc/self/status", 10)).rejects.toThrow("larger than");
  });

  it.each(["fifo", "folder", "endless", "huge"])(
    "never holds a call up, whatever it is for: a %s",
    async (name) => {
      const path = at(name);
      await expect(loadInventory(path)).rejects.toMatchObject({ code: "inventory_invalid" });
      await expect(readSecret({ from: "file", path })).rejects.toMatchObject({ code: "secret_unavailable" });
      expect(() => readKnownHosts([path])).toThrow(path);
      const config = await readSshConfig(path, folder);
      expect(config.problems.join()).toContain(path);
      const key = await loadPrivateKey(await loadSsh2(), { method: "key", path }, noSecret);
      expect(key).toEqual({ skipped: "it is not a private key file" });
    },
  );

  it("that is the null device is an empty one", async () => {
    expect(await readRegularFile("/dev/null", 10)).toHaveLength(0);
    expect(readKnownHosts(["/dev/null"])).toEqual([]);
    expect((await loadInventory("/dev/null")).hosts.size).toBe(0);
  });

  it("that is a pipe among the device profiles is named, and the others are read", () => {
    writeFileSync(at("good.yaml"), "name: good\n");
    const sources = ownSources(folder);
    expect(sources.get("odd")?.fault).toContain("is not a regular file");
    expect(sources.get("good")?.fault).toBeUndefined();
  });

  it("of another user is refused without advice how to have it trusted", async () => {
    writeFileSync(at("theirs.yaml"), "hosts: {}\n");
    execFileSync("chown", ["12345", at("theirs.yaml")]);
    await expect(loadInventory(at("theirs.yaml"))).rejects.toMatchObject({
      message: expect.stringContaining("belongs to another user"),
      next: expect.not.stringMatching(/chown|chmod/),
    });
  });
});
