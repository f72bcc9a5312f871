import { z } from "zod";
import { SshMcpError } from "../base/errors.ts";
import { MAX_PATTERN } from "../base/pattern.ts";
import type { Result } from "../results/result.ts";
import { cancel, go, list, plan, show } from "./acts/change/act.ts";
import type { ToolContext } from "./acts/context.ts";
import { parameters } from "./parameters.ts";
import { defineTool } from "./tool.ts";

const pattern = z.string().min(1).max(MAX_PATTERN).optional();

const schema = z.object({
  host: z.string().min(1).optional().describe("Device to plan a change for."),
  lines: z
    .array(z.string().min(1).max(4_000))
    .min(1)
    .max(2_000)
    .optional()
    .describe("Lines of configuration, without entering, leaving, confirming or saving."),
  checks: z
    .array(
      z.object({
        command: z.string().min(1).max(1_000).describe("A command that only reads."),
        mode: parameters.mode,
        expect: pattern.describe("RE2: some row matches."),
        forbid: pattern.describe("RE2: no row matches."),
        count: pattern.describe("RE2: as many rows match as before, or more."),
      }),
    )
    .max(20)
    .optional()
    .describe("What has to hold with it, beside a fresh login."),
  confirm_after_s: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .describe(
      "Seconds after which the device undoes what was not confirmed; rounded up to what it takes. Default 300.",
    ),
  comment: z.string().max(300).optional().describe("Why, for who approves."),
  change: z
    .string()
    .regex(/^C\d{1,9}$/, { error: "must be the id of a change, such as C7" })
    .optional()
    .describe("Id of a plan; alone: how it goes."),
  go: z.boolean().optional().describe("Carry it out."),
  cancel: z.boolean().optional().describe("Drop it, or undo what an earlier process left armed."),
  list: z.boolean().optional().describe("All changes, also those left armed."),
  max_tokens: parameters.max_tokens,
});

type Given = z.output<typeof schema>;

export const sshChange = defineTool({
  name: "ssh_change",
  title: "Change a device's configuration so that it undoes itself",
  description:
    "Configuration change with a net: plans first (host, lines), showing what it would do, what undoes it and which lines may cut our way in. With change and go it arms the device's own undo, types the lines, checks, proves a fresh login, confirms and saves; or it is undone. The result claims kept, undone or unknown on what the device shows.",
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
  schema,
  async handler(given, context) {
    return { result: await asked(given, context), maxTokens: given.max_tokens };
  },
});

async function asked(given: Given, context: ToolContext): Promise<Result> {
  const { host, lines, checks = [], confirm_after_s, comment, change } = given;
  const wants = [host !== undefined, change !== undefined, given.list === true].filter(Boolean).length;
  if (wants !== 1 || (given.go === true && given.cancel === true)) throw unclear();
  if (given.list === true) return list(context);
  if (change !== undefined) {
    if (lines !== undefined || checks.length > 0 || confirm_after_s !== undefined) throw unclear();
    if (given.go === true) return go(context, change);
    return given.cancel === true ? cancel(context, change) : show(context, change);
  }
  if (host === undefined || lines === undefined || given.go === true || given.cancel === true)
    throw unclear();
  return plan(context, { host, lines, checks, confirmAfterS: confirm_after_s, comment });
}

function unclear(): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    "give either host and lines (a plan), or change (with go or cancel, or alone), or list; nothing was sent",
    'ssh_change(host: "core1", lines: […]), then ssh_change(change: "C7", go: true).',
  );
}
