import { SshMcpError } from "../../base/errors.ts";
import { patternOf } from "../../base/pattern.ts";
import type { ExecRecord } from "../../multiplexer/types.ts";
import { type ExecSelection, selectExec } from "../../results/exec-selection.ts";
import { fleetRows } from "../../results/fleet-page.ts";
import { grepLines } from "../../results/grep.ts";
import type { Selection } from "../../results/output-selection.ts";
import type { Answer } from "../../results/result.ts";
import { waitOptions } from "../parameters.ts";
import type { ToolContext } from "./context.ts";
import { lookAtExec, lookAtFleet } from "./exec.ts";

/** What goes with `exec`. */
const OF_EXEC: ReadonlySet<string> = new Set([
  ...["exec", "offset", "lines", "grep", "context", "cursor", "timeout_s", "max_tokens"],
]);
const PART = ["offset", "lines", "grep", "context"] as const;

interface ExecArguments extends Pick<Selection, "offset" | "lines" | "grep" | "context"> {
  readonly cursor?: number | undefined;
  readonly timeout_s?: number | undefined;
  readonly max_tokens?: number | undefined;
}

/** The ssh_exec of that number: one that runs is waited for, and what came since the cursor is shown; or a part of it. */
export async function readExec(id: number, params: ExecArguments, context: ToolContext): Promise<Answer> {
  const other = Object.entries(params).find(([name, value]) => value !== undefined && !OF_EXEC.has(name));
  if (other !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      `ssh_read: "exec" reads an ssh_exec; it does not go with "${other[0]}".`,
      `${[...OF_EXEC].slice(1).join(", ")} go with it.`,
    );
  const { cursor, timeout_s, max_tokens: maxTokens } = params;
  const wait = waitOptions({ timeout_s });
  const whole = PART.every((name) => params[name] === undefined);
  const fleet = await lookAtFleet(context, id, whole ? (wait.options.timeoutMs ?? EXEC_WAIT_MS) : undefined);
  if (fleet !== undefined) {
    const rows = whole ? undefined : await partOf(fleetRows(fleet), params);
    return { result: { kind: "fleet", fleet, rows }, notes: wait.notes, maxTokens };
  }
  if (whole) {
    const record = await lookAtExec(context, id, wait.options.timeoutMs ?? EXEC_WAIT_MS);
    const since = cursor === undefined ? undefined : record.marked?.(cursor);
    const notes =
      cursor === undefined || since !== undefined ? [] : [`cursor ${cursor} is not known: all is shown`];
    return { result: { kind: "exec", record, since }, notes: [...wait.notes, ...notes], maxTokens };
  }
  if (params.context !== undefined && params.grep === undefined)
    throw new SshMcpError("invalid_argument", 'ssh_read: "context" belongs to "grep".');
  if (cursor !== undefined || timeout_s !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      "ssh_read: offset, lines and grep read what is there; they do not go with cursor or timeout_s.",
      "Make two calls.",
    );
  const record = await lookAtExec(context, id);
  return { result: { kind: "exec_output", selection: await selectPart(context, record, params) }, maxTokens };
}

/** A part of its output, searched as far as it may be shown. */
export async function selectPart(
  { hides }: ToolContext,
  record: ExecRecord,
  params: Omit<Selection, "command" | "hide">,
): Promise<ExecSelection> {
  return selectExec(record, { ...params, hide: await hides?.(record.host) });
}

/** How long one that runs is waited for where the call does not say. */
const EXEC_WAIT_MS = 30_000;

/** Rows of the list of a fleet's hosts. */
async function partOf(
  all: readonly string[],
  { offset = 1, lines = all.length, grep, context = 0 }: ExecArguments,
): Promise<readonly string[]> {
  const from = offset < 0 ? Math.max(0, all.length + offset) : Math.max(0, offset - 1);
  const rows = all.slice(from, from + lines);
  return grep === undefined ? rows : (await grepLines(rows, patternOf(grep), context, from + 1)).lines;
}
