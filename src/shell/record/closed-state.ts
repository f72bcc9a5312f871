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

/** `exec` that takes its input (descriptor 0) from elsewhere, a here-document or another one than the terminal. */
const OWN_INPUT = /(?:^|[;&|\n])\s*exec\s(?:[^;&|\n]*\s)?0?<(?![(<])/;

/** Why the shell may have ended behind this command, where nothing else says it. */
export function endsWithInput(text: string): string | undefined {
  return OWN_INPUT.test(text)
    ? "its `exec` with `<` took the shell's input off the terminal: a shell ends with its input"
    : undefined;
}
