import type { Reply } from "../../multiplexer/types.ts";

/** The reply with the gate's own sentences before those of the outcome. */
export function noted(reply: Reply, notes: readonly string[]): Reply {
  if (notes.length === 0) return reply;
  return { ...reply, outcome: { ...reply.outcome, notes: [...notes, ...reply.outcome.notes] } };
}
