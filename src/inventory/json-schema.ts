import { having, publishedSchema } from "../base/json-schema.ts";
import { builtinIds } from "./platforms.ts";
import { inventorySchema } from "./schema.ts";

/** The JSON Schema of hosts.yaml, by which editors complete and check it. */
export function inventoryJsonSchema() {
  const { definitions, ...published } = publishedSchema(inventorySchema, {
    $id: "urn:ssh-mcp:schema:hosts",
    title: "ssh-mcp inventory (hosts.yaml)",
  });
  return { ...published, ...KNOWN_PLATFORMS, definitions: { ...definitions, ...platforms(definitions) } };
}

const orNull = (schema: object) => ({ anyOf: [{ type: "object", ...schema }, { type: "null" }] });
const ENTRY = orNull({ properties: { platform: { $ref: "#/definitions/builtinPlatform" } } });
const ENTRIES = orNull({ additionalProperties: ENTRY });

/** Only an inventory with profiles of its own may name a platform that is not built in. */
const KNOWN_PLATFORMS = {
  if: having(["settings"], { settings: { type: "object", ...having(["devices_dir"]) } }),
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: true,
  else: { properties: { hosts: ENTRIES, groups: ENTRIES, defaults: ENTRY } },
};

/** Editors offer the built-in platforms wherever one may stand. */
function platforms({ platform }: Readonly<Record<string, unknown>>) {
  const { description, ...own } = { description: undefined, ...Object(platform) };
  const builtinPlatform = { enum: builtinIds(), description: "posix, auto, or a built-in device profile." };
  return {
    platform: { anyOf: [{ $ref: "#/definitions/builtinPlatform" }, own], description },
    builtinPlatform,
  };
}
