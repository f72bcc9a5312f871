import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { FleetMember, FleetRecord } from "../../multiplexer/types.ts";
import { foldNames } from "../../results/folded.ts";
import { type Alikes, questionsAlike } from "../../results/run-groups.ts";
import type { ToolContext } from "./context.ts";
import { hostsMeant } from "./hosts-meant.ts";
import { typeInto } from "./type.ts";

export interface AnswerWanted {
  readonly text: string;
  /** The row that is answered, where different ones ask. */
  readonly question?: string | undefined;
  /** Only these of the hosts that ask it. */
  readonly to?: readonly string[] | undefined;
}

/** How long an answer waits for what comes of it; the run goes on behind that. */
const SEEN_MS = 1_000;

/**
 * Answers a question for the hosts of a run that ask it at this moment, each in its own session and bound to its command and
 * row: where something else asks by now, nothing is typed. Resolves with sentences on those that were not answered.
 * @throws SshMcpError where nothing asks, or it is not clear which question is meant: nothing was typed.
 */
export async function answerMany(
  context: ToolContext,
  fleet: FleetRecord,
  wanted: AnswerWanted,
): Promise<string[]> {
  const { question, to } = wanted;
  const named = to === undefined ? undefined : new Set((await meant(context, to)).names);
  const strange =
    named === undefined ? [] : [...named].filter((name) => !fleet.members.some(({ host }) => host === name));
  if (strange.length > 0) throw refused(`${foldNames(strange)} took no part in run ${fleet.id}`, fleet);
  const asking = fleet.members.filter(
    (member) => member.question !== undefined && (named?.has(member.host) ?? true),
  );
  const silent =
    named === undefined ? [] : [...named].filter((name) => !asking.some(({ host }) => host === name));
  const group = theOne(questionsAlike(asking), question, fleet);
  const results = await Promise.all(group.members.map((member) => answerOne(context, member, wanted.text)));
  const failed = new Map<string, string[]>();
  for (const [index, why] of results.entries()) {
    const host = group.members[index]?.host;
    if (why === undefined || host === undefined) continue;
    failed.set(why.replaceAll(host, "it"), [...(failed.get(why.replaceAll(host, "it")) ?? []), host]);
  }
  return [
    ...[...failed].map(([why, hosts]) => `not answered on ${foldNames(hosts)}: ${why}`),
    ...(silent.length === 0 ? [] : [`${foldNames(silent)} asks nothing now, and was sent nothing`]),
  ];
}

function meant(context: ToolContext, to: readonly string[]) {
  return hostsMeant(context, to, { tool: "ssh_run", patterns: true });
}

function theOne(groups: readonly Alikes[], question: string | undefined, fleet: FleetRecord): Alikes {
  const [only] = groups;
  if (only === undefined) throw refused(`nothing asks in run ${fleet.id} now`, fleet);
  if (question === undefined) return theShown(groups, fleet);
  const given = question.trim();
  const found = groups.find(
    ({ members, compared }) =>
      compared[0] === given ||
      members.some((member) => visibleLine(member.question?.row ?? "", 300).trim() === given),
  );
  if (found !== undefined) return found;
  throw refused(`no host asks ${JSON.stringify(visibleLine(given, 120))} now`, fleet);
}

/** An answer that names no question is for one that its caller has seen. */
function theShown(groups: readonly Alikes[], fleet: FleetRecord): Alikes {
  const shown = groups.filter(({ members }) => members.some((member) => member.question?.shown === true));
  const [only] = shown;
  if (only !== undefined && shown.length === 1) return only;
  const rows = (only === undefined ? groups : shown)
    .map(({ compared }) => JSON.stringify(compared[0] ?? ""))
    .join(", ");
  throw refused(
    only === undefined
      ? `what is asked now was not shown yet: ${rows}`
      : `different questions are asked: ${rows}`,
    fleet,
    only === undefined
      ? 'Name the row in "question" where it is to be answered.'
      : 'Name the row in "question", or the hosts in "to".',
  );
}

/** Undefined: it was typed; else why not. */
async function answerOne(
  context: ToolContext,
  member: FleetMember,
  text: string,
): Promise<string | undefined> {
  const { question } = member;
  if (question === undefined) return "it asks nothing any more";
  const { session, command, row, submit } = question;
  const now = context.multiplexer.find(session)?.facts();
  if (now?.state !== "asking" || now.row?.trim() !== row.trim())
    return "what it asked is not what is in front any more";
  try {
    const reply = await typeInto(
      { ...context, notes: [] },
      { session, text, enter: submit !== "key", answerTo: command },
      { timeoutMs: SEEN_MS },
    );
    question.answered(reply);
    return undefined;
  } catch (error) {
    return visibleLine(messageOf(error), 300);
  }
}

function refused(what: string, fleet: FleetRecord, next?: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `ssh_run: ${what}; nothing was typed`,
    next ?? `ssh_run(run: ${fleet.id}) shows how it is.`,
  );
}
