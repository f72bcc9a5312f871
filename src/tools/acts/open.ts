import type { Reply, WaitOptions } from "../../multiplexer/types.ts";
import type { ToolContext } from "./context.ts";
import { noted } from "./noted.ts";

export interface OpenOrder {
  readonly host: string;
  readonly session?: string | undefined;
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
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
