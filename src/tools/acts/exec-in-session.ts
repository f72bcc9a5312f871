import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type {
  CommandRecord,
  ExecRecord,
  ExecWait,
  FleetQuestion,
  OpenPlan,
  Reply,
  SecretWanted,
} from "../../multiplexer/types.ts";
import type { ExecSetting } from "../../remote/exec-line.ts";
import type { ExecEnd, StopReason } from "../../remote/run-exec.ts";
import { outputOf } from "../../results/output-range.ts";
import { BY_ITS_CALL, closeSession } from "./close.ts";
import type { ToolContext } from "./context.ts";
import { openSession } from "./open.ts";
import { readOn } from "./read.ts";
import { runCommand } from "./run.ts";

/** What a caller wants to have run. */
export interface ExecWanted extends ExecSetting {
  readonly command: string;
  readonly stdin?: string | undefined;
  readonly secret?: SecretWanted | undefined;
  readonly pty?: boolean | undefined;
  /** Mode of a device that it is to be run in, where it is run in a session of its own. */
  readonly mode?: string | undefined;
  /** There, all lines are typed, also after one that failed, or asked and was answered. */
  readonly keepGoing?: boolean | undefined;
}

/** Puts a question of the command to somebody; what comes of the answer, or nothing where there is none. */
export type Ask = (question: Omit<FleetQuestion, "answered">) => Promise<Reply | undefined>;

/** One wait of the work behind a call; it is repeated. */
const WAIT = { timeoutMs: 50_000 };

/**
 * Runs one command on a device that takes none over a channel of its own: in a session that is opened for it, passes the gate
 * as any, and is closed whatever comes of it. @throws SshMcpError `denied`, `invalid_argument`.
 */
export async function execInSession(
  context: ToolContext,
  plan: OpenPlan,
  { command, mode, keepGoing, ...setting }: ExecWanted,
  wait: ExecWait,
  known: { readonly among?: readonly string[] } = {},
  ask?: Ask,
): Promise<ExecRecord> {
  const { access, caller, notes = [] } = context;
  const { execs } = context.multiplexer;
  const { host, facts } = plan;
  assertPlain(host, setting);
  return access.pass(
    caller,
    {
      verb: "exec",
      command,
      ...known,
      ...(mode === undefined ? {} : { mode }),
      ...(keepGoing === true ? { keepGoing } : {}),
    },
    { host: facts },
    (permit) =>
      execs.runBy(host.name, { command, line: command }, permit, caller, wait, (id, write) =>
        start(
          { ...context, notes: [] },
          { host: host.name, command, mode, session: `exec-${id}`, under: permit.id, keepGoing, ask },
          write,
        ),
      ),
    { notes },
  );
}

/** @throws SshMcpError `invalid_argument` for what only a Unix shell understands. */
export function assertPlain(
  host: { readonly name: string; readonly platform: string },
  { cwd, env, stdin, secret, pty }: Omit<ExecWanted, "command">,
): void {
  const given = Object.entries({ cwd, env, stdin, secret, pty }).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw new SshMcpError(
    "invalid_argument",
    `ssh_exec: ${host.name} is a network device (${host.platform}): "${given[0]}" is for Unix systems; nothing was sent.`,
    "Leave it out, or use a session (ssh_shell).",
  );
}

interface Job {
  readonly host: string;
  readonly session: string;
  readonly command: string;
  /** Id of the permit for the whole. */
  readonly under: number;
  readonly mode: string | undefined;
  readonly keepGoing: boolean | undefined;
  readonly ask: Ask | undefined;
}

function start(context: ToolContext, job: Job, write: (text: string) => void) {
  const abort = new AbortController();
  let why: StopReason | undefined;
  const own = { ...context, caller: { ...context.caller, signal: abort.signal } };
  const ended = carryOut(own, job, write).then((end) => (why === undefined ? end : stopped(end, why)));
  const stop = (reason: StopReason) => {
    why ??= reason;
    abort.abort(new Error("cancelled"));
    return ended;
  };
  return { ended, stop, session: job.session };
}

/** What ended before it could be stopped has ended so. */
function stopped(end: ExecRecord["end"], why: StopReason): ExecRecord["end"] {
  return end.is === "unfinished" ? { is: why, signals: [] } : end;
}

async function carryOut(
  context: ToolContext,
  { host, session, command, mode, under, keepGoing, ask }: Job,
  write: (text: string) => void,
): Promise<ExecRecord["end"]> {
  const { signal } = context.caller;
  try {
    let opened = await openSession(context, { host, session }, WAIT);
    while (opened.outcome.state === "running" && !signal.aborted)
      opened = await readOn(context, session, undefined, WAIT);
    if (opened.outcome.state !== "done") return { is: "not_run", why: await noPrompt(opened) };
    let reply = await runCommand(context, { session, command, mode, under, keepGoing }, WAIT);
    for (;;) {
      while (reply.outcome.state === "running" && !signal.aborted)
        reply = await readOn(context, session, undefined, WAIT);
      const next = await answered(reply, ask);
      if (next === undefined) break;
      reply = next;
    }
    const view = reply.session;
    const { lines } = await outputOf(view, view.command(reply.outcome.command) ?? view.commands().at(-1));
    if (lines.length > 0) write(`${lines.join("\n")}\n`);
    return endOf(reply, view.command(reply.outcome.command));
  } catch (error) {
    return { is: "not_run", why: visibleLine(messageOf(error).replace(/\.$/, "")) };
  } finally {
    await closeSession(context, session, BY_ITS_CALL).catch(() => {});
  }
}

/** Why there is no prompt, with the last that was shown. */
async function noPrompt(opened: Reply): Promise<string> {
  const { outcome, session } = opened;
  const why = outcome.state === "closed" ? `closed: ${visibleLine(outcome.detail, 160)}` : whereOf(opened);
  const { lines } = await session.text(Math.max(session.start, session.end - LAST_BYTES), session.end);
  const row = lines.findLast((line) => line.trim() !== "");
  const said = row === undefined ? "nothing was shown" : `it showed last: ${visibleLine(row.trim(), 160)}`;
  return `session ${session.name} came to no prompt (${why}); ${said}`;
}

/** Of what a session showed that came to no prompt. */
const LAST_BYTES = 2_048;

/** What came of the answer to what it asks; undefined: it does not ask, or nobody answers. */
async function answered({ outcome, session }: Reply, ask: Ask | undefined): Promise<Reply | undefined> {
  if (outcome.state !== "asking" || ask === undefined) return undefined;
  const { row, asked, command, risk, submit } = outcome;
  return ask({
    session: session.name,
    command,
    row,
    asked,
    ...(risk === undefined ? {} : { risk }),
    ...(submit === undefined ? {} : { submit }),
  });
}

function endOf(reply: Reply, command: CommandRecord | undefined): ExecEnd {
  const { outcome, session } = reply;
  if (outcome.state !== "done") return { is: "unfinished", where: whereOf(reply), session: session.name };
  const classes = [...new Set((outcome.errors ?? []).map((error) => error.class))];
  const doubtful = (outcome.warnings ?? []).some((warning) => warning.class === "unknown");
  const called = session.place?.host;
  const { untyped, remarks = [] } = command ?? {};
  return {
    is: "in_session",
    session: session.name,
    ...(classes.length === 0 ? {} : { errors: classes }),
    ...(doubtful ? { doubtful } : {}),
    ...(untyped === undefined ? {} : { untyped }),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(called === undefined ? {} : { called }),
  };
}

function whereOf({ outcome }: Reply): string {
  if (outcome.state === "asking") return `it asks: ${visibleLine(outcome.row, 160)}`;
  return outcome.state === "screen" ? "a full-screen program has the terminal" : outcome.state;
}
