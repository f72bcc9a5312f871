import { z } from "zod";
import { inventorySchema } from "./schema.ts";

/** The JSON Schema of hosts.yaml, by which editors complete and check it. */
export function inventoryJsonSchema(): object {
  const schema = z.toJSONSchema(inventorySchema, { io: "input", target: "draft-7", reused: "ref" });
  return { title: "ssh-mcp inventory (hosts.yaml)", ...schema };
}
