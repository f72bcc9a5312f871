import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { endedRecord } from "../../multiplexer/ended-record.ts";
import { TakesNoExec } from "../../multiplexer/exec-refusal.ts";
import type { ExecRecord, FleetMember, FleetRecord } from "../../multiplexer/types.ts";
import type { Facts, HostSnapshot, Kind } from "../../recipes/snapshot/form.ts";
import type { Draft } from "../../recipes/snapshot/store.ts";
import { BY_ITS_CALL, closeSession } from "./close.ts";
import type { ToolContext } from "./context.ts";
import { readJob } from "./device.ts";
import { platformOf } from "./device-ask.ts";
import { progressOf } from "./exec.ts";
import { hostsMeant } from "./hosts-meant.ts";
import { openSession } from "./open.ts";
import { readOn } from "./read.ts";

export interface SnapshotWanted {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly atOnce?: number | undefined;
}

/** For one kind on one host. */
const KIND_S = 60;
const WAIT = { timeoutMs: 50_000 };

/**
 * Reads facts of many hosts, each line through the gate, and keeps them under a name once all are read, without secrets. It goes
 * on behind its call. What could not be read is kept as that. @throws SshMcpError.
 */
export async function takeSnapshot(
  context: ToolContext,
  given: readonly string[],
  wanted: SnapshotWanted,
  timeoutMs: number | undefined,
): Promise<FleetRecord> {
  const { caller, doing, multiplexer, clock, snapshots, kept = (text: string) => text } = context;
  const { execs } = multiplexer;
  if (snapshots === undefined)
    throw new SshMcpError("unsupported", "no snapshots are kept here; nothing was sent");
  const { names } = await hostsMeant(context, given, { tool: "ssh_snapshot", patterns: true });
  const draft = await snapshots.begin(wanted.name);
  const start = async ({ id, host }: FleetMember, signal: AbortSignal): Promise<ExecRecord> => {
    const began = clock.now();
    const own = { ...context, caller: { ...caller, signal }, notes: [] };
    const found = await factsOf(own, host, `exec-${id}`, wanted.kinds);
    await draft.put(masked(found, kept));
    const rows = wanted.kinds.map((kind) => `${kind}: ${brief(found.kinds[kind])}`);
    const missing = wanted.kinds.filter((kind) => found.kinds[kind]?.is === "not_read").length;
    return endedRecord(
      { id, host, command: `snapshot ${wanted.name}`, durationMs: clock.now() - began },
      rows,
      missing,
    );
  };
  const terms = {
    alike: ["names", "times", "numbers"] as const,
    ...(wanted.atOnce === undefined ? {} : { atOnce: wanted.atOnce }),
  };
  const fleet = execs.fleet(`snapshot ${wanted.name}`, names, start, terms);
  const saved = fleet.ended?.then(() => save(draft, fleet, wanted, clock.wallTime()));
  // Whoever waits is told by `saved`; nobody may.
  saved?.catch(() => {});
  if (doing !== undefined) doing.says = () => progressOf(fleet);
  const shown = await execs.waitFleet(fleet, caller, timeoutMs, true);
  if (!shown.running) await saved;
  return shown;
}

async function save(
  draft: Draft,
  { members }: FleetRecord,
  { kinds }: SnapshotWanted,
  at: number,
): Promise<void> {
  const hosts = members.filter(({ record }) => record !== undefined).map(({ host }) => host);
  const failed = members.flatMap(({ host, error }): [string, string][] =>
    error === undefined ? [] : [[host, visibleLine(error.message, 300)]],
  );
  if (hosts.length === 0) {
    await draft.drop();
    return;
  }
  await draft.finish({ at, kinds: [...kinds], hosts, failed });
}

async function factsOf(
  context: ToolContext,
  host: string,
  session: string,
  kinds: readonly Kind[],
): Promise<HostSnapshot> {
  const { clock } = context;
  const at = clock.wallTime();
  if (await takesExec(context, host)) {
    const read = await readKinds(context, { host, platform: "posix" }, { host }, kinds);
    return { host, platform: "posix", at, kinds: read };
  }
  try {
    let opened = await openSession(context, { host, session }, WAIT);
    while (opened.outcome.state === "running" && !context.caller.signal.aborted)
      opened = await readOn(context, session, undefined, WAIT);
    if (opened.outcome.state !== "done")
      throw new SshMcpError(
        "not_ready",
        `${host} came to no prompt (${opened.outcome.state}); nothing was read`,
      );
    const { platform } = await platformOf(context, { session });
    const called = opened.session.place?.host;
    const read = await readKinds(context, { host, platform }, { session, own: true }, kinds);
    return { host, platform, at, kinds: read, ...(called === undefined ? {} : { called }) };
  } finally {
    await closeSession(context, session, BY_ITS_CALL).catch(() => {});
  }
}

/** Does a Unix shell take exec requests there? */
async function takesExec({ multiplexer }: ToolContext, host: string): Promise<boolean> {
  try {
    const plan = await multiplexer.execs.plan(host);
    return plan.host.platform === "posix" || plan.unix === true;
  } catch (error) {
    if (error instanceof TakesNoExec) return false;
    throw error;
  }
}

async function readKinds(
  context: ToolContext,
  on: { readonly host: string; readonly platform: string },
  where: { readonly host?: string; readonly session?: string; readonly own?: boolean },
  kinds: readonly Kind[],
): Promise<HostSnapshot["kinds"]> {
  const read: Partial<Record<Kind, Facts>> = {};
  for (const kind of kinds) {
    if (context.caller.signal.aborted)
      throw new SshMcpError("not_ready", `cancelled while ${on.host} was read`);
    read[kind] = await readJob(context, kind, on, { ...where, timeout_s: KIND_S }).then(
      ({ command, answer }): Facts => {
        if (answer.is === "nothing") return { is: "nothing", command, said: answer.said };
        if (answer.is === "text") return { is: "text", command, lines: [...answer.lines] };
        const records = answer.records.map((record) => ({ ...record }));
        return { is: "records", command, records, unread: answer.unread.length };
      },
      (error: unknown): Facts => ({ is: "not_read", why: reasonFor(on.host, messageOf(error)) }),
    );
  }
  return read;
}

/** In the same words for every host. */
function reasonFor(host: string, message: string): string {
  const plain = message
    .replace(/ \((?:session=\S+ command=\d+|exec=\d+)\)/g, "")
    .replace(/\bexec-\d+\b/g, "its session")
    .replaceAll(host, "it");
  return visibleLine(plain, 300);
}

/** Nothing that is a secret is kept; the same one is shown the same. */
function masked(found: HostSnapshot, kept: (text: string) => string): HostSnapshot {
  const kinds = Object.entries(found.kinds).map(([kind, facts]): [string, Facts] => {
    if (facts.is === "text") return [kind, { ...facts, lines: kept(facts.lines.join("\n")).split("\n") }];
    if (facts.is === "not_read") return [kind, { ...facts, why: kept(facts.why) }];
    if (facts.is === "nothing") return [kind, { ...facts, said: kept(facts.said) }];
    const records = facts.records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          name,
          typeof value === "string" ? kept(value) : value,
        ]),
      ),
    );
    return [kind, { ...facts, records }];
  });
  return { ...found, kinds: Object.fromEntries(kinds) };
}

function brief(facts: Facts | undefined): string {
  if (facts === undefined) return "NOT read";
  switch (facts.is) {
    case "records":
      return `${facts.records.length} records${facts.unread === 0 ? "" : `, and ${facts.unread} rows that were not understood`}`;
    case "text":
      return `${facts.lines.length} lines`;
    case "nothing":
      return `nothing (${visibleLine(facts.said, 100)})`;
    case "not_read":
      return `NOT read: ${facts.why}`;
  }
}
