// Writes the JSON Schemas of hosts.yaml, of device profiles and of grammars from their zod schemas. Run: npx tsx scripts/generate-schema.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { profileJsonSchema } from "../src/devices/json-schema.ts";
import { inventoryJsonSchema } from "../src/inventory/json-schema.ts";
import { grammarJsonSchema } from "../src/policy/cli/json-schema.ts";

const folder = join(import.meta.dirname, "..", "schema");
mkdirSync(folder, { recursive: true });
for (const [name, schema] of [
  ["hosts", inventoryJsonSchema()],
  ["device", profileJsonSchema()],
  ["grammar", grammarJsonSchema()],
] as const)
  writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
