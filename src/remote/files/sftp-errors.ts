import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ChannelEnd } from "../../ssh/contract.ts";

/** No number of any draft: what was found out behind a plain "Failure". */
export const READ_ONLY = -1;

/** What a server says of a request as an error of ours; numbers beyond 8 are those of later drafts, which some servers send. */
export function refusedBy(error: unknown, path: string, host: string): SshMcpError {
  const file = `${shownPath(path)} on ${host}`;
  const said = visibleLine(messageOf(error), 200);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // ssh2's word to all that wait, where the channel ends before it says that it did.
  if (said === "No response from server") return wentWith(host, { reason: "exit" });
  switch (code) {
    case 2: // no such file
    case 10: // no such path
      return new SshMcpError(
        "no_such_file",
        `there is no ${file}`,
        "ssh_list_dir shows what is in its folder.",
      );
    case 3:
    case 12: // write protected
      return new SshMcpError("permission_denied", `the login may not do this with ${file}`);
    case 11:
      return new SshMcpError("file_exists", `${file} is already there`);
    case READ_ONLY:
      return new SshMcpError("file_failed", `${file} is on a file system that is mounted read-only`);
    case 14:
    case 15: // quota
      return new SshMcpError(
        "file_failed",
        `there is no room for ${file}: ${code === 14 ? "the disk is full" : "the quota is reached"}`,
      );
    case 8:
      return new SshMcpError(
        "file_failed",
        `the SFTP server of ${host} does not offer this for ${shownPath(path)}`,
      );
    case 19:
    case 24:
      return new SshMcpError("file_failed", `${file} is ${code === 24 ? "a folder" : "no folder"}`);
    default:
      return new SshMcpError(
        "file_failed",
        `the SFTP server refused ${file}: ${said === "" ? "no reason given" : said}`,
      );
  }
}

/** The server's word for anything that it has no number for. */
export function saysNothing(refusal: SshMcpError): boolean {
  return / refused .*: (?:failure|no reason given|error)\.?$/i.test(refusal.message);
}

/** The channel ended with requests on the way. */
export function wentWith(host: string, end: ChannelEnd): SshMcpError {
  const why =
    end.reason === "disconnect"
      ? end.message
      : end.reason === "exit"
        ? "the server ended the SFTP channel"
        : "the SFTP channel was closed";
  return new SshMcpError(
    "connect_failed",
    `${host}: ${visibleLine(why)}; whether the request that was on its way was carried out is unknown`,
    "Look at the file, then call again.",
  );
}

export function silent(host: string, ms: number): SshMcpError {
  return new SshMcpError(
    "connect_failed",
    `the SFTP server of ${host} did not answer within ${ms / 1000} s, and its channel was closed; whether the request was carried out is unknown`,
    "Look at the file, then call again: a new channel is opened.",
  );
}

/** A path inside a sentence. */
export function shownPath(path: string): string {
  const shown = visibleLine(path, 300);
  return shown === path && !/\s/.test(path) && path !== "" ? path : JSON.stringify(shown);
}
