import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { ALIKE } from "../../multiplexer/types.ts";
import type { Answer } from "../../results/result.ts";
import { answerMany } from "../acts/answer-many.ts";
import type { ToolContext } from "../acts/context.ts";
import { lookAtFleet } from "../acts/exec.ts";
import { hostList, listOf } from "../acts/hosts-meant.ts";
import { runOnMany } from "../acts/run-many.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

const schema = z.object({
  hosts: hostList
    .optional()
    .describe("Hosts, group:NAME, tag:NAME, site:NAME, or patterns such as leaf*; a list of them."),
  command: z.string().min(1).optional().describe("One command; for a device it may have several lines."),
  commands: z
    .array(z.string().min(1))
    .max(500)
    .optional()
    .describe("Or several, each behind one that worked."),
  mode: parameters.mode,
  keep_going: parameters.keep_going,
  first: z
    .boolean()
    .optional()
    .describe("The first host alone before the rest; default: yes, unless the policy reads it as read-only."),
  stop_on: z
    .array(z.string())
    .optional()
    .describe(
      'No further host is begun after an "error", a "question", or more than "10%"; default: both words, for what only reads never.',
    ),
  at_once: z.number().int().min(1).max(64).optional().describe("Hosts at once; default 32."),
  per_site: z.number().int().min(1).max(64).optional().describe("Of those, of one site (inventory: site)."),
  ignore: z
    .array(z.enum(ALIKE))
    .optional()
    .describe(
      "In what outputs may differ and still be alike: names (the host's own), times (clocks, dates, uptimes), addresses, numbers; default: names, times.",
    ),
  limit_s: z.number().min(1).optional().describe("Seconds until a host's command is ended; default 1200."),
  run: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Instead of hosts: a run by its number, to wait on or answer."),
  answer: z
    .string()
    .optional()
    .describe("With run: what is typed for all hosts that ask the same, with Enter."),
  question: z
    .string()
    .min(1)
    .optional()
    .describe("With answer: the row that is answered, where several differ."),
  to: hostList.optional().describe("With answer: only these hosts."),
  timeout_s: parameters.timeout_s,
  max_tokens: parameters.max_tokens,
});

type Params = z.output<typeof schema>;

export const sshRun = defineTool({
  name: "ssh_run",
  title: "Run a command on many hosts",
  description:
    "Runs commands on many hosts: in sessions of devices, over exec on Unix. Outcomes are grouped by meaning, outliers first; ssh_read(exec: N) has each host's own. " +
    "What asks stays open, and is answered once for all: run, answer. ssh_disconnect(exec: N) ends it.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema,
  async handler(params, context) {
    return params.run === undefined ? begin(params, context) : goOn(params, params.run, context);
  },
});

async function begin(params: Params, context: ToolContext): Promise<Answer> {
  const { command, commands, hosts: given, limit_s: limitS } = params;
  const strange = (["answer", "question", "to"] as const).find((name) => params[name] !== undefined);
  if (strange !== undefined) throw invalid(`"${strange}" belongs to "run"`);
  if (given === undefined) throw invalid('neither "hosts" nor "run" is named');
  if ((command === undefined) === (commands === undefined) || commands?.length === 0)
    throw invalid('give either "command" or "commands"');
  const { options, notes } = waitOptions(params);
  const wanted = {
    commands: commands ?? [command ?? ""],
    mode: params.mode,
    keepGoing: params.keep_going,
    first: params.first,
    stopOn: params.stop_on,
    atOnce: params.at_once,
    perSite: params.per_site,
    alike: params.ignore ?? (["names", "times"] as const),
  };
  const wait = { timeoutMs: options.timeoutMs, limitMs: limitS === undefined ? undefined : limitS * 1000 };
  const fleet = await runOnMany(context, listOf(given), wanted, wait);
  return { result: { kind: "fleet", fleet }, notes, maxTokens: params.max_tokens };
}

/** What goes with the number of a run. */
const OF_RUN: ReadonlySet<string> = new Set(["run", "answer", "question", "to", "timeout_s", "max_tokens"]);

async function goOn(params: Params, run: number, context: ToolContext): Promise<Answer> {
  const strange = Object.entries(params).find(([name, value]) => value !== undefined && !OF_RUN.has(name));
  if (strange !== undefined) throw invalid(`"${strange[0]}" does not go with "run"`);
  const { answer, question, to } = params;
  if (answer === undefined && (question ?? to) !== undefined)
    throw invalid('"question" and "to" belong to "answer"');
  const { options, notes } = waitOptions(params);
  const now = await lookAtFleet(context, run);
  if (now?.terms?.alike === undefined)
    throw new SshMcpError("unknown_command", `ssh_run: there is no run ${run}, or it is no longer kept.`);
  const said =
    answer === undefined
      ? []
      : await answerMany(context, now, {
          text: answer,
          question,
          ...(to === undefined ? {} : { to: listOf(to) }),
        });
  const fleet = await lookAtFleet(context, run, options.timeoutMs ?? WAIT_MS);
  return {
    result: { kind: "fleet", fleet: fleet ?? now },
    notes: [...notes, ...said],
    maxTokens: params.max_tokens,
  };
}

/** Of a call that says nothing. */
const WAIT_MS = 30_000;

function invalid(what: string): SshMcpError {
  return new SshMcpError("invalid_argument", `ssh_run: ${what}; nothing was sent.`);
}
