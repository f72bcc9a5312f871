import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadInventory } from "../../src/inventory/load.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { tooDeepAt } from "../../src/inventory/yaml-source.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-large-"));
  path = join(folder, "hosts.yaml");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const save = (text: string) => writeFileSync(path, text, { mode: 0o600 });
const hosts = (count: number, entry: string) =>
  `hosts:\n${Array.from({ length: count }, (_, index) => `  host-${index}:\n    ${entry}\n`).join("")}`;

/** Turns of the event loop while something is waited for. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ turns: number; result: T }> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    return { result: await work, turns };
  } finally {
    over = true;
  }
}

describe("a large inventory", { timeout: 60_000 }, () => {
  it("is parsed in a worker, so that the event loop goes on, and is the same inventory", async () => {
    const text = `${hosts(3_000, "{ host: 10.0.0.1, groups: lab, tags: [a] }")}  bad: { hots: x }\ngroups:\n  lab: { user: jo }\n`;
    save(text);
    const { result, turns } = await turnsDuring(loadInventory(path));
    expect(turns).toBeGreaterThan(100);
    const here = await parseInventory(text, path);
    expect({ ...result, own: undefined, refused: [...result.refused.keys()] }).toEqual({
      ...here,
      own: undefined,
      refused: [...here.refused.keys()],
    });
    expect(result.hosts.get("host-2999")?.groups).toEqual([{ user: "jo" }]);
    expect(result.refused.get("bad")).toMatchObject({ message: expect.stringMatching(/hots/) });
  });

  it("is refused with file, line and reason as a small one is", async () => {
    save(`${hosts(5_000, "{ host: 10.0.0.1 }")}defaults:\n  no_such_key: 1\n`);
    await expect(loadInventory(path)).rejects.toMatchObject({
      code: "inventory_invalid",
      message: expect.stringMatching(/hosts\.yaml:10003: defaults\.no_such_key/),
    });
  });

  it("costs no more for each key the more of them there are: keys, duplicates, faults, unknown groups", async () => {
    for (const text of [
      `hosts:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: {}\n`).join("")}`,
      hosts(4_000, "{ hots: x }"),
      hosts(4_000, "{ user: a, user: b }"),
      `${hosts(3_000, "{ groups: [x] }")}groups:\n${Array.from({ length: 3_000 }, (_, index) => `  group-${index}: {}\n`).join("")}`,
      `hosts:\n  one:\n${Array.from({ length: 10_000 }, (_, index) => `    key${index}: 1\n`).join("")}`,
    ]) {
      save(text);
      const { hosts: good, refused } = await loadInventory(path);
      expect(good.size + refused.size).toBeGreaterThan(0);
    }
  });
});

describe("an inventory that is nested without end", () => {
  it.each([
    ["brackets", "[".repeat(1_000_000)],
    ["braces", "{".repeat(1_000_000)],
    ["mappings in brackets", "[{a: ".repeat(200_000)],
    ["lists in lists", "- ".repeat(500_000)],
    ["keys in keys", "? ".repeat(500_000)],
    ["brackets over many lines", "[\n".repeat(300_000)],
    ["brackets behind a string", `a: "x" \nb: '[[' \nc: ${"[".repeat(200_000)}`],
  ])("is refused before it is parsed: %s", async (_what, text) => {
    expect(tooDeepAt(text)).toBeGreaterThan(0);
    await expect(parseInventory(text, path)).rejects.toThrow(/nested too deeply/);
  });

  it.each([
    [
      "brackets in strings",
      `a: "${"[".repeat(500)}\\" ["\nb: '${"[".repeat(500)}'\nc: d # ${"[".repeat(500)}\n`,
    ],
    ["a pattern in quotes", `hosts:\n  a:\n    deny_patterns: ['[[:alpha:]]{2}[^]]']\n`],
    ["closed brackets", "a: [[], {}, [[]]]\n".repeat(200)],
    ["a rule of dashes", `# ${"-".repeat(200)}\n${"-".repeat(200)}\n`],
    ["an apostrophe in a word", `a: it's [x]\n${"b: don't [y]\n".repeat(100)}`],
  ])("is not one that only looks so: %s", (_what, text) => {
    expect(tooDeepAt(text)).toBeUndefined();
  });
});
