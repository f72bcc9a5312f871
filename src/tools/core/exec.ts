import { z } from "zod";
import { execOn } from "../acts/exec.ts";
import { MAX_WAIT_S, parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshExec = defineTool({
  name: "ssh_exec",
  title: "Run one command without a session",
  description:
    "Runs one command on a channel of its own: no terminal, no input, no session; stdout and stderr apart, exit code or signal. " +
    "ssh_read(exec: N) reads it again. Out of time the channel is closed; whether it ended is unknown.",
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
    const notes = wait.notes.length === 0 ? [] : [`timeout_s is limited to ${MAX_WAIT_S}`];
    return { result: { kind: "exec", record }, notes, maxTokens };
  },
});
