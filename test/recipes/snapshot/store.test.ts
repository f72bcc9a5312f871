import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostSnapshot } from "../../../src/recipes/snapshot/form.ts";
import { HOST_BYTES, Snapshots } from "../../../src/recipes/snapshot/store.ts";

let folder: string;
let now = Date.UTC(2026, 0, 1);
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "ssh-mcp-store-")), "snapshots");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const DAY_MS = 24 * 60 * 60_000;
const sw: HostSnapshot = { host: "../sw1", platform: "cisco_ios", at: 0, kinds: {} };
const store = () => new Snapshots(folder, () => now);

async function take(name: string): Promise<void> {
  const draft = await store().begin(name);
  await draft.put(sw);
  await draft.finish({ at: now, kinds: ["version"], hosts: [sw.host], failed: [] });
}

describe("snapshots on disk", () => {
  it("are there by name once they are whole, whatever a host is called, and are never overwritten", async () => {
    const draft = await store().begin("a");
    await draft.put(sw);
    expect(await store().list()).toEqual([]);
    await expect(store().begin("a")).rejects.toMatchObject({ code: "busy" });
    await draft.finish({ at: now, kinds: ["version"], hosts: [sw.host], failed: [] });
    const index = await store().find("a");
    expect(await store().host(index, "../sw1")).toEqual(sw);
    expect(await store().host(index, "sw2")).toBeUndefined();
    await expect(store().begin("a")).rejects.toMatchObject({ code: "name_taken" });
    for (const name of ["", ".", "..", "../a", "a/b", ".a.draft", "x".repeat(65)])
      await expect(store().begin(name)).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("go when they are old, and what a program left that ended goes, too", async () => {
    await take("old");
    await store().begin("left");
    now += 91 * DAY_MS;
    await take("new");
    expect((await store().list()).map(({ name }) => name)).toEqual(["new"]);
    expect(existsSync(join(folder, "old"))).toBe(false);
  });

  it("of a host have a bound, and what others may write or read counts for nothing", async () => {
    const draft = await store().begin("big");
    const lines = ["x".repeat(HOST_BYTES)];
    const kinds = { config: { is: "text" as const, command: "c", lines } };
    await expect(draft.put({ ...sw, kinds })).rejects.toMatchObject({ code: "limit_reached" });
    await draft.drop();
    await take("a");
    chmodSync(join(folder, "a", "index.json"), 0o644);
    await expect(store().find("a")).rejects.toThrow(/there is no snapshot/);
    chmodSync(folder, 0o777);
    await expect(store().begin("b")).rejects.toMatchObject({ code: "denied" });
  });
});
