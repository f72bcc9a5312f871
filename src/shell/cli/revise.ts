import type { Command } from "../record/command-log.ts";
import { type AfterEnd, revised } from "./after-end.ts";
import type { Dialogue } from "./dialogue.ts";
import { addMessages } from "./job.ts";

/**
 * The last command went on behind the row that was taken for its end: what came belongs to it, and the next result says so.
 * Gives the command and where its rest begins if it has still not ended.
 */
export function revise(
  after: AfterEnd,
  dialogue: Dialogue,
): { readonly command: Command; readonly from: number } | undefined {
  const { ended: last } = dialogue.memory;
  const { ledger, sinks } = dialogue.port;
  const command = last && sinks.log.get(last.command);
  if (after.do === "nothing" || command?.endedAt === undefined) return undefined;
  const from = last?.to ?? dialogue.end;
  const goesOn = after.do === "asks";
  ledger.revise(command, after.rows, goesOn);
  addMessages(command, dialogue.messagesSince(from, ""));
  const memory = revised(dialogue.memory, dialogue.end, dialogue.clock.now());
  dialogue.memory = goesOn ? { ...memory, ended: undefined } : memory;
  return goesOn ? { command, from } : undefined;
}
