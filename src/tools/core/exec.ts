import { z } from "zod";
import { execOn } from "../acts/exec.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshExec = defineTool({
  name: "ssh_exec",
  title: "Run one command without a session",
  description:
    "Runs one command on a channel of its own: no terminal, no input, nothing kept from or for other calls; stdout and stderr " +
    "apart, exit code or signal. ssh_read(exec: N) reads its output again. Out of time its channel is closed; whether it ended " +
    "is then unknown.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).describe("Host name."),
    command: z.string().min(1).describe("Command line for the user's login shell there."),
    timeout_s: z.number().min(0).optional().describe("Seconds until it is closed, default 30, at most 50."),
    max_tokens: parameters.max_tokens,
  }),
  async handler({ host, command, timeout_s, max_tokens: maxTokens }, context) {
    const wait = waitOptions({ timeout_s });
    const record = await execOn(context, { host, command }, wait.options);
    return { result: { kind: "exec", record }, notes: wait.notes, maxTokens };
  },
});
