import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { execOn } from "../acts/exec.ts";
import { execOnMany, hostsOf } from "../acts/exec-many.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshExec = defineTool({
  name: "ssh_exec",
  title: "Run one command without a session",
  description:
    "Runs one command on a channel of its own, without session: stdout and stderr apart, exit code or signal. " +
    "running: it goes on, ssh_read(exec: N) waits on, ssh_disconnect(exec: N) ends it.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    host: z
      .union([z.string().min(1), z.array(z.string().min(1))])
      .describe("Host, group:NAME, tag:NAME, or a list of them."),
    command: z.string().min(1).describe("For the user's login shell there."),
    stdin: z.string().optional().describe("Its whole input; default: none."),
    cwd: z.string().min(1).optional().describe("Directory."),
    env: z.record(z.string(), z.string()).optional().describe("Variables."),
    pty: z.boolean().optional().describe("On a terminal."),
    timeout_s: parameters.timeout_s,
    limit_s: z.number().min(1).optional().describe("Seconds until it is ended; default: never."),
    max_tokens: parameters.max_tokens,
  }),
  async handler({ host, timeout_s, limit_s: limitS, max_tokens: maxTokens, ...wanted }, context) {
    if (wanted.pty === true && wanted.stdin !== undefined)
      throw new SshMcpError(
        "invalid_argument",
        "ssh_exec: stdin does not go with pty: a terminal echoes and edits what it is given, and has no end of input. Nothing was sent.",
        "Leave pty out; or type into a session (ssh_shell, then ssh_send).",
      );
    const { options, notes } = waitOptions({ timeout_s });
    const limitMs = limitS === undefined ? undefined : limitS * 1000;
    const wait = { timeoutMs: options.timeoutMs, limitMs };
    const hosts = await hostsOf(context, host);
    if (typeof hosts !== "string") {
      const fleet = await execOnMany(context, hosts, wanted, wait);
      return { result: { kind: "fleet", fleet }, notes, maxTokens };
    }
    const record = await execOn(context, hosts, wanted, wait);
    return { result: { kind: "exec", record }, notes, maxTokens };
  },
});
