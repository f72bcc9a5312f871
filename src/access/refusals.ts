import type { Action } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import { SshMcpError } from "../base/errors.ts";
import type { Arrival } from "./arrival.ts";
import { described, undone } from "./described.ts";

/** Lines of a text whose first ones are typed. */
const isRest = (draft: Action) => draft.verb === "type" && (draft.part?.from ?? 1) > 1;

/** An interrupt key withdrew it, or of a text the lines that were still to come. */
export function interruptedBefore({ draft }: Arrival): SshMcpError {
  const came = `an interrupt key came before ${described(draft)} was typed`;
  return new SshMcpError(
    "not_ready",
    isRest(draft) ? `${came}: that was withdrawn` : `${came}, so it was withdrawn: ${undone(draft)}`,
    "Give it again if it is still wanted.",
  );
}

/** The same for the result of that key. */
export function overtaken(arrival: Arrival, by: Caller): string {
  const whose = arrival.caller.id === by.id ? "" : ", another caller's,";
  const what = arrival.draft.verb === "run" ? "was NOT run" : "was not sent";
  return `${described(arrival.draft)}${whose} came before this key and was not typed yet: it was withdrawn and ${what}`;
}

export function givenUp({ draft }: Arrival): SshMcpError {
  const what = isRest(draft)
    ? `before ${described(draft)} was typed: that was withdrawn`
    : `before its turn: ${undone(draft)}`;
  return new SshMcpError("not_ready", `the call was given up ${what}`);
}

/** `first`: who is first in line. */
export function tooLate(arrival: Arrival, first: Arrival | undefined, limitMs: number): SshMcpError {
  const before = first === undefined ? "" : `; first in line is ${described(first.draft)}`;
  return new SshMcpError(
    "busy",
    `what came before this call on session ${arrival.session} was not typed within ${limitMs / 1000} s${before}: ${undone(arrival.draft)}`,
    "Read the screen with ssh_read screen:true, then give it again; an interrupt key withdraws what waits.",
  );
}

export function tooMany(arrival: Arrival, waiting: number): SshMcpError {
  return new SshMcpError(
    "busy",
    `${waiting} calls wait for their turn on session ${arrival.session} already: ${undone(arrival.draft)}`,
    "Wait for their results, or withdraw them with an interrupt key (ssh_send).",
  );
}

export function openedAnew(session: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `session ${session} was closed and opened anew before this call's turn; nothing was sent`,
    "Its directory and environment are new: look first (ssh_read), then give the call again if it is still wanted.",
  );
}
