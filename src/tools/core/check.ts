import { z } from "zod";
import { checkCommand } from "../acts/check.ts";
import { defineTool } from "../tool.ts";

export const sshCheck = defineTool({
  name: "ssh_check",
  title: "Check a command",
  description: "Would the policy allow, ask a human or deny it? Nothing is sent.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({
    host: z.string().min(1).describe("Host or session."),
    command: z.string().min(1).describe("Text."),
    mode: z.string().min(1).max(32).optional().describe("Device: its mode."),
  }),
  async handler({ host, command, mode }, context) {
    return { result: { kind: "check", report: await checkCommand(context, { host, command, mode }) } };
  },
});
