import { z } from "zod";
import { profileSchema } from "./profile.ts";

/** The JSON Schema of a device profile, by which editors complete and check it. */
export function profileJsonSchema(): object {
  const schema = z.toJSONSchema(profileSchema, { io: "input", target: "draft-7", reused: "ref" });
  return { title: "ssh-mcp device profile", ...schema };
}
