import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { partsOf, withParts } from "../../src/app/parts.ts";
import { Releases } from "../../src/app/releases.ts";
import type { Surroundings } from "../../src/app/surroundings.ts";
import { openWorkspace } from "../../src/app/workspace.ts";

let folder: string;
let temporary: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-parts-"));
  temporary = await mkdtemp(join(folder, "tmp-"));
  // The lab makes its folder of keys there, and removes it when it is released.
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function around(inventory: string): Promise<Surroundings> {
  const configPath = join(folder, "hosts.yaml");
  await writeFile(configPath, inventory, { mode: 0o600 });
  const env = { PATH: process.env.PATH, SHELL: "/bin/sh" };
  return { configPath, lab: true, env, cwd: folder, home: folder };
}

describe("the parts of the program", () => {
  it("are opened when they are asked for, once, and all released", async () => {
    const parts = partsOf(await around("settings: {audit_log: audit.jsonl}\n"));
    expect(await readdir(temporary)).toEqual([]);
    const [multiplexer] = await Promise.all([parts.multiplexer(), parts.access()]);
    expect(await parts.multiplexer()).toBe(multiplexer);
    expect(await readdir(temporary)).toHaveLength(1);
    const { hosts } = await multiplexer.hosts();
    expect(hosts.map(({ name }) => name)).toContain("lab-sh");
    await parts.dispose();
    expect(await readdir(temporary)).toEqual([]);
  });

  it("are released when a later one cannot be opened", async () => {
    const broken = await around("settings: {devices_dir: nowhere}\n");
    await expect(openWorkspace(broken)).rejects.toThrow(/devices_dir .*nowhere/);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("are released when the work that asked for them fails", async () => {
    const work = withParts(await around("hosts: {}\n"), async (parts) => {
      await parts.lab();
      expect(await readdir(temporary)).toHaveLength(1);
      throw new Error("the work failed");
    });
    await expect(work).rejects.toThrow("the work failed");
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe("releasing", () => {
  it("goes from the newest to the oldest, once each, past one that fails", async () => {
    const seen: string[] = [];
    const releases = new Releases();
    releases.add(() => void seen.push("first"));
    releases.add(async () => {
      seen.push("second");
      throw new Error("second failed");
    });
    releases.add(() => void seen.push("third"));
    await expect(releases.run()).rejects.toThrow("second failed");
    expect(seen).toEqual(["third", "second", "first"]);
    await releases.run();
    expect(seen).toHaveLength(3);
  });
});
