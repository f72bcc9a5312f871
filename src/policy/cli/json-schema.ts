import { publishedSchema } from "../../base/json-schema.ts";
import { grammarSchema } from "./schema.ts";

/** The JSON Schema of a file of `devices/grammars/`. */
export function grammarJsonSchema() {
  return publishedSchema(grammarSchema, {
    $id: "urn:ssh-mcp:schema:grammar",
    title: "ssh-mcp grammar of a command line",
  });
}
