import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const page = readFileSync(join(root, "docs", "security.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line) => line.split(" | "));

describe("the page of what is promised", () => {
  it("names a check for each promise", () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const [promise, check = ""] of rows)
      expect([promise, check]).toEqual([promise, expect.stringMatching(/`test\//)]);
  });

  it("names no check that is not there", () => {
    const named = [...page.matchAll(/`(test\/[^`\s]+)`/g)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("quotes the names of tests as they are", () => {
    const quoted = [...page.matchAll(/`(test\/[^`\s]+\.test\.ts)`: “([^”]+)”/g)];
    expect(quoted.length).toBeGreaterThan(4);
    for (const [, path = "", name = ""] of quoted)
      expect([path, readFileSync(join(root, path), "utf8").includes(name)]).toEqual([path, true]);
  });
});
