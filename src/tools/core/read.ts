import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { MAX_PATTERN } from "../../base/pattern.ts";
import { selectOutput } from "../../results/output-selection.ts";
import type { Result } from "../../results/result.ts";
import { searchSession } from "../../results/search.ts";
import { look, onlySession, readOn } from "../acts/read.ts";
import { readExec, selectPart } from "../acts/read-exec.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

export const sshRead = defineTool({
  name: "ssh_read",
  title: "Read a session",
  description:
    "Reads without typing. Alone: output since last result, cursor; waits if busy. With command, offset or " +
    "grep: the full output of any earlier command, by lines or searched; grep without command searches all of them. " +
    "With screen: the terminal's rows as they are now.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    session: z.string().min(1).optional().describe("Session name; may be left out while only one is open."),
    exec: z.number().int().min(1).optional().describe("Instead of a session: the # of an ssh_exec."),
    command: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Command id, the # of a result's last line; 0: output before the first."),
    offset: z
      .number()
      .int()
      .optional()
      .describe("First line, from 1; negative: counted from the end. Default 1."),
    lines: z.number().int().min(1).optional().describe("How many lines from there."),
    grep: z.string().min(1).max(MAX_PATTERN).optional().describe("RE2 pattern; (?i) ignores case."),
    context: parameters.context,
    screen: z.boolean().optional().describe("Read the screen."),
    since: parameters.since,
    cursor: z.number().int().min(0).optional().describe("Cursor of an earlier result."),
    timeout_s: parameters.timeout_s,
    wait_for: parameters.wait_for,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, context) {
    const { command, grep, offset, lines, screen, since, cursor, max_tokens: maxTokens } = params;
    if (params.exec !== undefined) return readExec(params.exec, params, context);
    const session = params.session ?? onlySession(context);
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
      const exec = command === undefined ? undefined : context.multiplexer.execs.find(command, session);
      const inSession = command !== undefined && context.multiplexer.find(session)?.command(command);
      if (exec !== undefined && !inSession)
        return {
          result: { kind: "exec_output", selection: await selectPart(context, exec, params) },
          maxTokens,
        };
      const another = exec && `ssh_exec has a #${exec.id} on ${exec.host}, too: ssh_read(exec: ${exec.id})`;
      const notes = another === undefined ? [] : [another];
      const view = await look(context, session);
      const hide = await context.hides?.(view.hostFacts.name);
      const result: Result =
        !asksCommand && grep !== undefined
          ? { kind: "search", session: view, found: await searchSession(view, { ...params, grep, hide }) }
          : { kind: "output", selection: await selectOutput(view, { ...params, hide }) };
      return { result, notes, maxTokens };
    }
    const wantsScreen = screen === true || since !== undefined;
    if (wantsScreen && cursor !== undefined)
      throw new SshMcpError(
        "invalid_argument",
        "ssh_read: cursor is a place in the output; it does not go with screen or since, which show the terminal as it is.",
        "Make two calls.",
      );
    if (wantsScreen && !waits)
      return { result: { kind: "screen", session: await look(context, session), since } };

    const wait = waitOptions(params);
    const reply = await readOn(context, session, cursor, wait.options);
    return { result: { kind: "wait", reply, notes: wait.notes, since, screen: wantsScreen }, maxTokens };
  },
});
