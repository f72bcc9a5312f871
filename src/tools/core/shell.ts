import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { MAX_PATTERN, patternOf } from "../../base/pattern.ts";
import type { OutputFilter } from "../../results/result.ts";
import { runCommand } from "../acts/run.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshShell = defineTool({
  name: "ssh_shell",
  title: "Run a command",
  description:
    "Runs a command in a session's shell and waits for its end; returns output and exit code. The last line names the " +
    "state: done; running (ssh_read waits on); asking (ssh_send answers); screen (ssh_send drives it); closed. " +
    "Calls given together run in turn, each only if the one before ended with exit=0 (devices: no error=).",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: parameters.session,
    command: z.string().min(1).describe("Command line, as typed; may hold several lines."),
    mode: parameters.mode,
    keep_going: parameters.keep_going,
    here: parameters.here.describe("prompt: use what is in front as one."),
    secret: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Inventory secret (sudo): typed once, at that program's hidden prompt."),
    after: z.enum(["any"]).optional().describe('"any": run it however your call before it ends.'),
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    grep: z
      .string()
      .min(1)
      .max(MAX_PATTERN)
      .optional()
      .describe("Show only lines matching this RE2 pattern."),
    context: parameters.context,
    tail: z.number().int().min(1).optional().describe("Show only the last lines."),
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, context) {
    const {
      session,
      command,
      mode,
      keep_going: keepGoing,
      here,
      secret,
      after,
      max_tokens: maxTokens,
    } = params;
    if (here === "input")
      throw new SshMcpError(
        "invalid_argument",
        'ssh_shell: here: "input" says that a program reads input; a command is for a prompt.',
        "ssh_send types into what reads input.",
      );
    const filter = filterOf(params);
    const wait = waitOptions(params);
    const reply = await runCommand(
      context,
      { session, command, mode, keepGoing, here, secret, after },
      wait.options,
    );
    return { result: { kind: "wait", reply, notes: wait.notes, filter }, maxTokens };
  },
});

interface FilterArguments {
  readonly grep?: string | undefined;
  readonly context?: number | undefined;
  readonly tail?: number | undefined;
}

/** Checked before anything runs. @throws SshMcpError `invalid_argument`. */
function filterOf({ grep, context, tail }: FilterArguments): OutputFilter | undefined {
  if (context !== undefined && grep === undefined)
    throw new SshMcpError("invalid_argument", 'ssh_shell: "context" belongs to "grep".');
  if (grep === undefined && tail === undefined) return undefined;
  return { grep: grep === undefined ? undefined : patternOf(grep), context, tail };
}
