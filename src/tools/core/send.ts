import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { typeInto } from "../acts/type.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshSend = defineTool({
  name: "ssh_send",
  title: "Type into a session",
  description:
    "Types into what runs in a session, then waits for the result. Give " +
    "keys or text; cols and rows resize the terminal first. Commands are for ssh_shell: text with Enter is refused " +
    "at a shell's prompt (<Up><Enter>, <Tab>, Enter alone go).",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: parameters.openSession,
    keys: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Literal text mixed with <Enter> <Tab> <Esc> <Space> <BS> <Del> <Up> <Down> <Left> <Right> <Home> <End> " +
          "<PageUp> <PageDown> <F1>…<F12> <C-c> <M-x> <lt>",
      ),
    text: z.string().optional().describe("Literal text, nothing in it is a key."),
    paste: z.boolean().optional().describe("Several lines as one paste, not one by one to a REPL."),
    answer_to: z.number().int().min(1).optional().describe("Type only if this command asks now."),
    here: parameters.here.describe("What is in front: prompt (type at it), input (it reads)."),
    enter: z.boolean().optional().describe("Press Enter at the end."),
    since: parameters.since,
    cols: parameters.cols,
    rows: parameters.rows,
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, context) {
    const {
      session,
      keys,
      text,
      enter,
      cols,
      rows,
      here,
      paste,
      since,
      answer_to: answerTo,
      max_tokens: maxTokens,
    } = params;
    const resizes = cols !== undefined || rows !== undefined;
    if (keys !== undefined && text !== undefined) throw invalid('give "keys" or "text", not both');
    if (keys === undefined && text === undefined && enter !== true && !resizes)
      throw invalid('there is nothing to send: "keys" and "text" are both missing');
    const wait = waitOptions(params);
    const order = { session, keys, text, enter, cols, rows, here, answerTo, paste };
    const reply = await typeInto(context, order, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes, since }, maxTokens };
  },
});

function invalid(what: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `ssh_send: ${what}.`,
    'For example keys: "<C-c>", or text: "yes" with enter: true.',
  );
}
