import { SshMcpError } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import type { Changing } from "../../../changes/changing.ts";
import { type Plan, script, subjectOf } from "../../../changes/plan.ts";
import type { Result } from "../../../results/result.ts";
import type { ToolContext } from "../context.ts";
import { bookOf, type ChangeRecord } from "./book.ts";
import { carryOut } from "./carry-out.ts";
import { lookLeft } from "./left.ts";
import { planChange, targetOf, type Wanted } from "./plan.ts";
import { listShown, plannedShown, recordShown } from "./shown.ts";

/** Below the time after which clients give a request up; what is under way goes on behind it. */
const MOST_MS = 50_000;

export function changingOf({ changing }: ToolContext): Changing {
  if (changing !== undefined) return changing;
  throw new SshMcpError("unsupported", "changes cannot be remembered here, so none is made");
}

/** @throws SshMcpError. */
export async function plan(context: ToolContext, wanted: Wanted): Promise<Result> {
  const changing = changingOf(context);
  const began = context.clock.now();
  const planned = await planChange(context, changing, wanted);
  bookOf(context.multiplexer).add(planned.plan, context.clock.wallTime());
  return plannedShown(planned, changing.mask, began, context.clock.now());
}

/** Of what other processes left: on hosts that this caller may see. */
export async function list(context: ToolContext): Promise<Result> {
  const { multiplexer, clock } = context;
  const records = bookOf(multiplexer).all();
  const { hosts } = await multiplexer.hosts();
  const seen = new Set(hosts.map(({ name }) => name));
  const saved = changingOf(context)
    .states.all()
    .filter(({ host }) => seen.has(host));
  return listShown(records, saved, clock.wallTime());
}

/** Carries a plan out, and waits for its end as long as a call may. @throws SshMcpError of the gate. */
export async function go(context: ToolContext, id: string): Promise<Result> {
  const changing = changingOf(context);
  const record = known(context, changing, id);
  if (record.end !== undefined || record.state !== undefined)
    throw new SshMcpError(
      "busy",
      `${id} was begun already${record.end === undefined ? " and is under way" : ""}; nothing is sent twice`,
      `ssh_change(change: "${id}") shows how it ${record.end === undefined ? "goes on" : "ended"}.`,
    );
  const other = bookOf(context.multiplexer).underWayOn(record.plan.host);
  if (other !== undefined)
    throw new SshMcpError(
      "busy",
      `${other.plan.id} is under way on ${record.plan.host}; nothing was sent`,
      "One change at a time: wait for its end.",
    );
  // Taken before anything is waited for: two that ask at once are not both begun.
  const began = begun(context, changing, record).finally(() => {
    if (record.state === undefined) record.ended = undefined;
  });
  record.ended = began;
  began.catch(() => {});
  return waited(context, changing, record);
}

/** Waits on for one that is under way, or looks at what a process before this one left. @throws SshMcpError. */
export async function show(context: ToolContext, id: string): Promise<Result> {
  const changing = changingOf(context);
  const record = bookOf(context.multiplexer).find(id);
  if (record === undefined || (record.end === "unknown" && record.state !== undefined))
    return lookLeft(context, changing, leftBy(changing, id), "look");
  return record.state === undefined || record.end !== undefined
    ? recordShown(record, changing.mask, 0, context.clock.wallTime())
    : waited(context, changing, record);
}

/** Drops a plan, or undoes at once what is armed. @throws SshMcpError. */
export async function cancel(context: ToolContext, id: string): Promise<Result> {
  const changing = changingOf(context);
  const book = bookOf(context.multiplexer);
  const record = book.find(id);
  if (record !== undefined && record.state === undefined && record.ended === undefined) {
    book.forget(id);
    record.end = "not_begun";
    return recordShown(record, changing.mask, 0, context.clock.wallTime());
  }
  if (record?.end !== undefined && record.end !== "unknown")
    throw new SshMcpError(
      "not_ready",
      `${id} has ended already (${record.end}): there is nothing to cancel; nothing was sent`,
      "What was kept is changed back by a change of its own.",
    );
  if (record !== undefined && record.end === undefined)
    throw new SshMcpError(
      "busy",
      `${id} is under way (${record.state?.step ?? "waiting"}); nothing was sent`,
      `It undoes itself where a check or the fresh login fails; ssh_change(change: "${id}") waits for its end.`,
    );
  return lookLeft(context, changing, leftBy(changing, id), "cancel");
}

function known({ multiplexer }: ToolContext, changing: Changing, id: string): ChangeRecord {
  const record = bookOf(multiplexer).find(id);
  if (record !== undefined) return record;
  const left = changing.states.find(id);
  throw new SshMcpError(
    "not_ready",
    left === undefined
      ? `there is no change ${visibleLine(id, 20)}`
      : `${id} was planned by another process, and nothing of it is kept that could be sent`,
    left === undefined
      ? "ssh_change(list: true) names those there are."
      : "Give the lines again for a new plan.",
  );
}

function leftBy(changing: Changing, id: string) {
  const left = changing.states.find(id);
  if (left !== undefined && left.stage !== "planned") return left;
  throw new SshMcpError(
    "not_ready",
    `there is no change ${visibleLine(id, 20)} that was begun`,
    "ssh_change(list: true) names those there are.",
  );
}

async function begun(context: ToolContext, changing: Changing, record: ChangeRecord): Promise<void> {
  await assertRoom(context, record.plan);
  await passed(context, changing, record, record.plan);
}

/** Its own session and that of the fresh login have to fit in: without the second nothing could be proven. */
async function assertRoom({ multiplexer }: ToolContext, { host, id }: Plan): Promise<void> {
  const { limits } = (await multiplexer.plan({ host })).host;
  const open = multiplexer.sessions().filter((one) => one.host === host && one.closedBecause === undefined);
  if (open.length + 2 <= limits.sessions) return;
  throw new SshMcpError(
    "limit_reached",
    `${host} may have ${limits.sessions} sessions, and ${open.length} are open (${open.map(({ name }) => name).join(", ")}): ${id} needs two more, one of them for the fresh login; nothing was sent`,
    "ssh_disconnect those no longer needed.",
  );
}

/** The whole passes the gate once, by what it types and for exactly the device as it was planned for. */
async function passed(
  context: ToolContext,
  changing: Changing,
  record: ChangeRecord,
  plan: Plan,
): Promise<void> {
  const { access, caller, notes = [] } = context;
  const target = await targetOf(context, plan.host, plan.platform);
  await access.pass(
    caller,
    { verb: "exec", command: script(plan).join("\n"), subject: subjectOf(plan) },
    target,
    (permit) => carryOut({ ...context, notes: [] }, changing, record, permit.id),
    { notes },
  );
}

async function waited(context: ToolContext, changing: Changing, record: ChangeRecord): Promise<Result> {
  const { clock, caller, doing } = context;
  const began = clock.now();
  if (doing !== undefined)
    doing.says = () => `${record.plan.id}: ${record.state?.step ?? "waiting for leave"}`;
  let over: (() => void) | undefined;
  const patience = new Promise<void>((resolve) => {
    over = resolve;
  });
  const timer = clock.after(MOST_MS, () => over?.());
  const gone = () => over?.();
  caller.signal.addEventListener("abort", gone, { once: true });
  try {
    await Promise.race([record.ended, patience]);
  } finally {
    timer.dispose();
    caller.signal.removeEventListener("abort", gone);
  }
  return recordShown(record, changing.mask, clock.now() - began, clock.wallTime());
}
