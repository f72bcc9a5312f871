import { z } from "zod";
import { renderReply } from "../../results/reply.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshShell = defineTool({
  name: "ssh_shell",
  title: "Run a command",
  description:
    "Runs a command in a session's shell and waits for its end; returns output and exit code. The result's last line " +
    "tells the state: done; running (not ended yet: ssh_read waits on, ssh_send <C-c> interrupts); asking (wants " +
    "input: answer with ssh_send); screen (full-screen program: drive it with ssh_send); closed. One command at a " +
    "time per session.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: parameters.session,
    command: z.string().min(1).describe("Command line, as typed; may hold several lines."),
    mode: parameters.mode,
    keep_going: parameters.keep_going,
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, { multiplexer, gate, signal }) {
    const { session, command, mode, keep_going: keepGoing } = params;
    const wait = waitOptions(params, signal);
    const reply = await gate.pass(
      { tool: "ssh_shell", session, text: command, kind: "command", changes: true },
      () =>
        multiplexer.shell({
          session,
          command,
          ...(mode === undefined ? {} : { mode }),
          ...(keepGoing === undefined ? {} : { keepGoing }),
          ...wait.options,
        }),
    );
    return renderReply(reply, { maxTokens: params.max_tokens, notes: wait.notes });
  },
});
