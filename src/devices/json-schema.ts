import { publishedSchema } from "../base/json-schema.ts";
import { profileSchema } from "./profile.ts";

/** The JSON Schema of a device profile, by which editors complete and check it. */
export function profileJsonSchema() {
  return publishedSchema(profileSchema, {
    $id: "urn:ssh-mcp:schema:device",
    title: "ssh-mcp device profile",
  });
}
