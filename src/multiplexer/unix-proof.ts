import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { KeptOutput } from "../remote/kept-output.ts";
import { type ExecOptions, runExec } from "../remote/run-exec.ts";
import type { Exec } from "../ssh/contract.ts";
import { takesNone } from "./exec-refusal.ts";

/** One harmless line for the login shells of Unix systems. A device that repeats it in an error row does not answer it. */
export const UNIX_QUESTION = "exec /bin/sh -c 'echo ssh-mcp-$((6*7)) $$'";
const ANSWER = /^ssh-mcp-42 \d+$/;

/**
 * Many devices have the identification of a Unix system's server. So what takes exec requests there is asked once, before
 * the first command is sent. @throws SshMcpError `channel_refused`, with nothing of the command sent, and those of dialling.
 */
export async function assertAnswersAsUnix(
  exec: Exec,
  host: ResolvedHost,
  { admit, ...options }: ExecOptions & Required<Pick<ExecOptions, "admit">>,
): Promise<void> {
  let admitted = false;
  const { stdout } = await runExec(exec, UNIX_QUESTION, {
    ...options,
    admit: (info) => {
      admit(info);
      admitted = true;
    },
  }).catch((error: unknown) => {
    // The request itself was refused, or not answered. What dialling comes to has its own words.
    const refused = admitted && error instanceof SshMcpError && error.code === "channel_refused";
    throw refused ? noAnswer(host) : error;
  });
  if (!linesOf(stdout).some((line) => ANSWER.test(line.trim()))) throw noAnswer(host);
}

function noAnswer(host: ResolvedHost): SshMcpError {
  return takesNone(
    host,
    "its platform is auto, network devices have such a server too, and no Unix shell answered what takes exec requests there",
  );
}

function linesOf(output: KeptOutput): readonly string[] {
  return output.text().segments.flatMap(({ lines }) => lines);
}
