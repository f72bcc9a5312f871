import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { MAX_PATTERN } from "../../results/budget.ts";
import { readCommand, readSearch } from "../../results/command-output.ts";
import { finish, renderReply, screenRows } from "../../results/reply.ts";
import { screenWords, statusLine } from "../../results/status-line.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshRead = defineTool({
  name: "ssh_read",
  title: "Read a session",
  description:
    "Reads without typing. Alone: waits for what came since the last result, or since cursor. With command, offset or " +
    "grep: the full output of any earlier command, by lines or searched; grep without command searches all of them. " +
    "With screen: the terminal's rows as they are now.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: parameters.openSession,
    command: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Command id, the # of a result's last line; 0: what came before the first."),
    offset: z
      .number()
      .int()
      .optional()
      .describe("First line, from 1; negative: counted from the end. Default 1."),
    lines: z.number().int().min(1).optional().describe("How many lines from there."),
    grep: z.string().min(1).max(MAX_PATTERN).optional().describe("RE2 pattern; (?i) ignores case."),
    context: z.number().int().min(0).max(50).optional().describe("Lines around each match, default 0."),
    screen: z.boolean().optional().describe("Read the screen."),
    since: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Screen version already seen: only rows changed since."),
    cursor: z.number().int().min(0).optional().describe("Cursor of an earlier result."),
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, { multiplexer, gate, signal }) {
    const { session, command, grep, offset, lines, screen, since, cursor } = params;
    const action = { tool: "ssh_read", session, changes: false };
    const asksCommand = command !== undefined || offset !== undefined || lines !== undefined;
    if (params.context !== undefined && grep === undefined)
      throw new SshMcpError("invalid_argument", 'ssh_read: "context" belongs to "grep".');
    const waits = cursor !== undefined || params.wait_for !== undefined || params.timeout_s !== undefined;
    if (asksCommand || grep !== undefined) {
      if (waits || screen === true || since !== undefined)
        throw new SshMcpError(
          "invalid_argument",
          "ssh_read: command, offset, lines and grep read what is there; they do not go with screen, since, cursor, timeout_s or wait_for.",
          "Make two calls.",
        );
      return gate.pass(action, async () => {
        const view = multiplexer.view(session);
        if (!asksCommand && grep !== undefined) return readSearch(view, { ...params, grep });
        return readCommand(view, params);
      });
    }
    if ((screen === true || since !== undefined) && !waits)
      return gate.pass(action, async () => {
        const view = multiplexer.view(session);
        const shown = screenRows(view, since);
        const id = view.commands().at(-1)?.id ?? 0;
        const alternate = view.screen().alternate ? "alternate_screen" : undefined;
        const words = [view.name, `#${id}`, view.state, alternate, ...screenWords(view.screen())];
        return finish(shown.rows, shown.notes, statusLine(words, shown.notes));
      });

    const wait = waitOptions(params, signal);
    const reply = await gate.pass(action, () =>
      multiplexer.wait({ session, ...(cursor === undefined ? {} : { cursor }), ...wait.options }),
    );
    return renderReply(reply, { maxTokens: params.max_tokens, since, notes: wait.notes });
  },
});
