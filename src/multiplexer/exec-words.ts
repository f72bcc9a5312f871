import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ExecRecord } from "./types.ts";

export function givenUp(host: string, sent: boolean): SshMcpError {
  return new SshMcpError(
    "not_ready",
    sent
      ? `the call was given up before the command's channel on ${host} was open; whether it was started there is unknown`
      : `the call was given up while ${host} was asked whether a Unix shell takes exec requests there; the command was NOT sent`,
  );
}

export function noTimeLeft(host: string, timeoutMs: number): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `the question whether a Unix shell takes exec requests on ${host} was answered, and took the ${timeoutMs / 1000} s of the call; the command was NOT sent`,
    "Call again: the answer is kept, and the whole time is the command's.",
  );
}

export function noneSuch(id: number, ids: readonly number[]): SshMcpError {
  return new SshMcpError(
    "unknown_command",
    `there is no ssh_exec #${id}${ids.length === 0 ? ": none was started yet" : ", or it is no longer kept"}.`,
    ids.length === 0 ? undefined : `#${ids[0]} to #${ids.at(-1)} can be read.`,
  );
}

export function tooManyRun(running: readonly ExecRecord[]): SshMcpError {
  const some = running
    .slice(0, 5)
    .map(({ id, host, command }) => `#${id} ${host} ${visibleLine(command, 40)}`);
  return new SshMcpError(
    "limit_reached",
    `${running.length} commands of ssh_exec run already, the most at once: ${some.join("; ")} …; nothing was sent`,
    "ssh_sessions lists them; ssh_disconnect(exec: N) ends one that is no longer needed.",
  );
}
