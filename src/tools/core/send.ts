import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { renderReply } from "../../results/reply.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshSend = defineTool({
  name: "ssh_send",
  title: "Type into a session",
  description:
    "Types into what runs in a session (an answer, a key, an interrupt), then waits for what comes of it. Give either " +
    "keys or text; cols and rows resize the terminal first. To run a command use ssh_shell.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: parameters.openSession,
    keys: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Literal text mixed with <Enter> <Tab> <Esc> <Space> <BS> <Del> <Up> <Down> <Left> <Right> <Home> <End> " +
          "<PageUp> <PageDown> <F1>…<F12> <C-c> <M-x> <lt>. Example: ihello<Esc>:wq<Enter>",
      ),
    text: z.string().optional().describe("Literal text, nothing in it is a key."),
    enter: z.boolean().optional().describe("Press Enter at the end; default false."),
    since: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Screen version already seen: show only rows changed since."),
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, { multiplexer, gate, signal }) {
    const { session, keys, text, enter, cols, rows } = params;
    const resizes = cols !== undefined || rows !== undefined;
    if (keys !== undefined && text !== undefined) throw invalid('give "keys" or "text", not both');
    if (keys === undefined && text === undefined && enter !== true && !resizes)
      throw invalid('there is nothing to send: "keys" and "text" are both missing');
    const wait = waitOptions(params, signal);
    const reply = await gate.pass(
      {
        tool: "ssh_send",
        session,
        text: text ?? typed(keys ?? ""),
        kind: text === undefined ? "keys" : "text",
        changes: true,
      },
      () =>
        multiplexer.send({
          session,
          ...(keys === undefined ? {} : { keys }),
          ...(text === undefined ? {} : { text }),
          ...(enter === undefined ? {} : { enter }),
          ...(cols === undefined ? {} : { cols }),
          ...(rows === undefined ? {} : { rows }),
          ...wait.options,
        }),
    );
    return renderReply(reply, { maxTokens: params.max_tokens, since: params.since, notes: wait.notes });
  },
});

function invalid(what: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `ssh_send: ${what}.`,
    'For example keys: "<C-c>", or text: "yes" with enter: true.',
  );
}

/** What `keys` types, as the policy should see it: blanks and `<` as themselves, other keys left as they are named. */
function typed(keys: string): string {
  return keys.replace(/<space>/gi, " ").replace(/<lt>/gi, "<");
}
