// Writes schema/hosts.schema.json from the one zod schema of hosts.yaml. Run: npx tsx scripts/generate-schema.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inventoryJsonSchema } from "../src/inventory/json-schema.ts";

const file = join(import.meta.dirname, "..", "schema", "hosts.schema.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(inventoryJsonSchema(), undefined, 2)}\n`);
