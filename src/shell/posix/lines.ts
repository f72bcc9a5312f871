import type { Line } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Order } from "../pty/framing.ts";

/** The physical lines of a command on a shell; `framing` names it. @throws SshMcpError `invalid_argument`. */
export function shellLines(
  { text, mode, keepGoing, secret }: Order,
  framing: string,
  unframed: boolean,
): readonly Line[] {
  if (mode !== undefined || keepGoing !== undefined) {
    const given = mode === undefined ? "keep_going" : "mode";
    throw new SshMcpError(
      "invalid_argument",
      `${given} is for network devices; this session is a shell (${framing})`,
      `Leave ${given} out.`,
    );
  }
  const lines = text.split(/\r\n|\r|\n/);
  if (unframed && secret !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      "secret: this host's shell is not framed, and nothing proves what its commands ask",
      "Leave secret out and answer the question with ssh_send.",
    );
  if (unframed && lines.length > 1)
    throw new SshMcpError(
      "invalid_argument",
      "this host's shell is not framed: one line per call",
      "Send the lines one by one.",
    );
  return lines.map((line) => ({ text: line, why: "command" }));
}
