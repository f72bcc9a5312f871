import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TOOLSETS } from "../../src/base/toolsets.ts";
import { toolsOn } from "../../src/tools/index.ts";

const rows = readFileSync(join(import.meta.dirname, "../../docs/migrating.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.split(" | "));

test("the table of what takes the place of which tool names, on our side, tools and arguments that there are", () => {
  const tools = new Map(
    toolsOn(TOOLSETS).map(({ name, definition }) => [name, definition.inputSchema.properties]),
  );
  const ours = rows.map(([, here = ""]) => here);
  const named = ours.flatMap((text) => [...text.matchAll(/`(ssh_[a-z_]+)(?:\(([^)]*)\))?`/g)]);
  expect(named.length).toBeGreaterThan(30);
  for (const [, name = "", given = ""] of named) {
    expect([...tools.keys()]).toContain(name);
    const known = Object.keys(Object(tools.get(name)));
    for (const argument of given.split(", ").filter((word) => word !== ""))
      expect(known, name).toContain(argument.replace(/:.*$/, ""));
  }
});
