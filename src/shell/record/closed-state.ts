import { visibleLine } from "../../base/text.ts";
import type { ChannelEnd } from "../../ssh/contract.ts";
import type { State } from "./outcome.ts";

/** How a channel's end reads as a state; `reason`: why we closed it ourselves. */
export function closedState(end: ChannelEnd | undefined, reason: string | undefined): State {
  if (end?.reason === "exit") {
    if (end.signal)
      return { state: "closed", evidence: "killed", detail: `signal ${visibleLine(end.signal, 20)}` };
    const detail = end.code === undefined ? "the shell ended" : `code ${end.code}`;
    return { state: "closed", evidence: "exit", detail };
  }
  const detail = end?.reason === "disconnect" ? visibleLine(end.message, 200) : (reason ?? "closed");
  return { state: "closed", evidence: "disconnect", detail };
}
