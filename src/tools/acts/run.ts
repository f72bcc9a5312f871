import type { Place } from "../../access/arrivals.ts";
import type { Line } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { nearest, visibleLine } from "../../base/text.ts";
import type { Multiplexer, OpenPlan, Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";
import { inPlace } from "./in-place.ts";

export interface CommandOrder {
  /** An open session, or a host whose session of that name is opened first. */
  readonly session: string;
  readonly command: string;
  readonly mode?: string | undefined;
  readonly keepGoing?: boolean | undefined;
  /** What has the terminal shows a prompt: use it. */
  readonly here?: "prompt" | undefined;
  /** Name of the inventory's secret for its prompt. */
  readonly secret?: string | undefined;
  /** `any`: however the caller's own call before it ends. */
  readonly after?: "any" | undefined;
  /** Id of the permit of what it is a part of. */
  readonly under?: number;
}

/** How long a command waits for the caller's own call before it where no session says otherwise. */
const UNOPENED_MS = 30_000;

/** Runs a command, in a session that is opened for it where there is none. @throws SshMcpError. */
export async function runCommand(
  context: ToolContext,
  order: CommandOrder,
  wait: WaitOptions,
): Promise<Reply> {
  const { multiplexer, access, caller } = context;
  const { session, command } = order;
  const mode = order.mode === undefined ? {} : { mode: order.mode };
  const draft = { verb: "run", command, lines: physicalLines(command), ...mode } as const;
  const facts = () => multiplexer.find(session)?.facts();
  const place = access.arrive({ caller, session, draft, facts });
  return inPlace(place, () => inTurn(context, order, wait, place));
}

async function inTurn(
  context: ToolContext,
  order: CommandOrder,
  wait: WaitOptions,
  place: Place,
): Promise<Reply> {
  const { multiplexer, access, caller, clock } = context;
  const startedAt = clock.now();
  const wholeMs = wait.timeoutMs ?? multiplexer.find(order.session)?.commandTimeoutMs ?? UNOPENED_MS;
  const followed = await place.behindOwn({ timeoutMs: wholeMs, clock, after: order.after });
  // A closed session is not silently replaced: its directory and environment would be gone without a word.
  const farewell = multiplexer.farewell(order.session, caller);
  if (farewell !== undefined) throw farewell;
  const opened = isOpen(multiplexer, order.session)
    ? undefined
    : await place.unlessWithdrawn(openFor(context, order, wait, place));
  const stands = opened?.outcome.state === "done" || opened?.outcome.state === "stopped";
  if (opened !== undefined && !stands && order.here === undefined) return notTyped(opened);
  const session = opened?.session.name ?? order.session;
  // Opening and waiting for the turn count towards the one wait the caller asked for.
  const rest = () => left(wait, multiplexer.view(session), clock.now() - startedAt);
  const waited = (await place.turn({ timeoutMs: rest(), clock, after: order.after })) || followed;
  const { command, mode, keepGoing, here, secret, under } = order;
  const run = {
    text: command,
    ...(mode === undefined ? {} : { mode }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(here === undefined ? {} : { here }),
    ...(secret === undefined ? {} : { secret }),
  };
  const lines = multiplexer.view(session).expand(run);
  const reply = await access.pass(
    caller,
    {
      verb: "run",
      command,
      lines,
      ...(here === undefined ? {} : { here }),
      ...(secret === undefined ? {} : { secret }),
      ...(mode === undefined ? {} : { mode }),
      ...(under === undefined ? {} : { under }),
    },
    multiplexer.target(session),
    (permit) =>
      multiplexer.run(
        session,
        run,
        permit,
        caller,
        waited || opened !== undefined ? { ...wait, timeoutMs: rest() } : wait,
      ),
    place,
  );
  return opened?.opened === undefined ? reply : { ...reply, opened: opened.opened };
}

/** Opens the host's session, if the command may be run there at all; undefined: somebody else has opened it by now. */
async function openFor(
  { multiplexer, access, caller }: ToolContext,
  { session, command }: CommandOrder,
  wait: WaitOptions,
  place: Place,
): Promise<Reply | undefined> {
  const plan = await planFor({ multiplexer }, session);
  return access.pass(
    caller,
    { verb: "open", lines: physicalLines(command), session: plan.session ?? session },
    { host: plan.facts },
    async (permit) => {
      permit.turn?.assertHeld();
      return isOpen(multiplexer, session) ? undefined : multiplexer.open(plan, permit, caller, wait);
    },
    place,
  );
}

function isOpen(multiplexer: Multiplexer, session: string): boolean {
  const view = multiplexer.find(session);
  return view !== undefined && view.closedBecause === undefined;
}

async function planFor({ multiplexer }: Pick<ToolContext, "multiplexer">, name: string): Promise<OpenPlan> {
  const closed = multiplexer.find(name);
  if (closed !== undefined) {
    const { host, hostFacts } = closed;
    return multiplexer.plan({ host, via: hostFacts.via, session: name, join: true });
  }
  try {
    return await multiplexer.plan({ host: name, join: true });
  } catch (error) {
    if (!(error instanceof SshMcpError) || error.code !== "unknown_host") throw error;
    const names = nearest(
      name,
      multiplexer.sessions().flatMap(({ state, name: open }) => (state === "closed" ? [] : [open])),
    ).slice(0, 10);
    const open = names.length > 0 ? ` Open sessions: ${names.join(", ")}.` : "";
    throw new SshMcpError(
      "unknown_session",
      `"${visibleLine(name, 70)}" is neither a session nor a host.${open} ${error.message}`,
      error.next,
    );
  }
}

/** Before there is a session: what the command itself would enter. */
function physicalLines(command: string): Line[] {
  return command
    .replace(/[\r\n]+$/, "")
    .split(/\r\n?|\n/)
    .map((text) => ({ text, why: "command" }));
}

function left({ timeoutMs }: WaitOptions, { commandTimeoutMs }: SessionView, passedMs: number): number {
  return Math.max(0, (timeoutMs ?? commandTimeoutMs) - passedMs);
}

function notTyped(opened: Reply): Reply {
  const notes = [...opened.outcome.notes, "the command was NOT typed: the session is not at a prompt yet"];
  return { ...opened, outcome: { ...opened.outcome, notes } };
}
