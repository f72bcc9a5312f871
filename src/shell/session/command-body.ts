import { SshMcpError } from "../../base/errors.ts";

/** Longest command text in bytes; beyond it a file is the better way. */
const COMMAND_LIMIT = 1024 * 1024;

/** A command as it will be entered. @throws SshMcpError `invalid_argument`. */
export function commandBody(text: string): string {
  const body = text.replace(/[\r\n]+$/, "");
  if (body.trim() === "")
    throw new SshMcpError(
      "invalid_argument",
      "the command is empty",
      "ssh_read shows what the session printed.",
    );
  if (body.includes("\0")) throw new SshMcpError("invalid_argument", "a command cannot hold a NUL character");
  if (Buffer.byteLength(body) > COMMAND_LIMIT)
    throw new SshMcpError(
      "invalid_argument",
      `the command has more than ${COMMAND_LIMIT} bytes`,
      "Write it to a file on the host first.",
    );
  return body;
}
