import type { Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";
import { noted } from "./noted.ts";

export interface OpenOrder {
  readonly host: string;
  readonly via?: readonly string[] | undefined;
  readonly session?: string | undefined;
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
  /** Over connections of its own. */
  readonly anew?: string | undefined;
}

/** Opens a session of the caller's own and waits for its first prompt. @throws SshMcpError. */
export async function openSession(
  { multiplexer, access, caller }: Omit<ToolContext, "clock">,
  order: OpenOrder,
  wait: WaitOptions,
): Promise<Reply> {
  const plan = await multiplexer.plan(order);
  const session = plan.session === undefined ? {} : { session: plan.session };
  const notes: string[] = [];
  const reply = await access.pass(
    caller,
    { verb: "open", ...session },
    { host: plan.facts },
    (permit) => multiplexer.open(plan, permit, caller, wait),
    { notes },
  );
  return noted(reply, notes);
}

/**
 * The caller's own session on that host that could be used as a new one: at its prompt, in the login's shell and mode, of the
 * size asked for. A device has few terminal lines. Undefined: there is none. @throws SshMcpError.
 */
export async function idleSession(
  { multiplexer, access, caller, notes = [] }: Omit<ToolContext, "clock">,
  order: OpenOrder,
): Promise<SessionView | undefined> {
  const { host, facts, size } = await multiplexer.plan(order);
  const view = multiplexer
    .sessions()
    .find(
      (one) =>
        one.host === host.name &&
        one.hostFacts.address === facts.address &&
        sameWay(one.hostFacts.via, facts.via) &&
        one.openedBy === caller.id &&
        one.facts().state === "prompt" &&
        one.level === 1 &&
        one.place?.mode === one.loginMode &&
        (order.cols === undefined || one.size.cols === size.cols) &&
        (order.rows === undefined || one.size.rows === size.rows),
    );
  if (view === undefined) return undefined;
  return access.pass(caller, { verb: "look" }, multiplexer.target(view.name), async () => view, { notes });
}

function sameWay(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.join() === other.join();
}
