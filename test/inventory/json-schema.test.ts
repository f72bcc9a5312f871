import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inventoryJsonSchema } from "../../src/inventory/json-schema.ts";

test("the published JSON Schema is the one the program checks with (else: npx tsx scripts/generate-schema.ts)", () => {
  const published = readFileSync(
    join(import.meta.dirname, "..", "..", "schema", "hosts.schema.json"),
    "utf8",
  );
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(inventoryJsonSchema())));
});
