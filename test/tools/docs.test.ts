import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toolsDoc, toolsDocPath } from "../../scripts/generate-docs.ts";

it("docs/tools.md says what the tools say (npx tsx scripts/generate-docs.ts writes it)", () => {
  expect(readFileSync(toolsDocPath, "utf8")).toBe(toolsDoc());
});
