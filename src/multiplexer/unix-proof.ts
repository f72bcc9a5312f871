import { type ErrorCode, SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { KeptOutput } from "../remote/kept-output.ts";
import { type ExecOptions, type ExecRun, runExec } from "../remote/run-exec.ts";
import type { Exec } from "../ssh/contract.ts";
import { takesNone } from "./exec-refusal.ts";

/** One harmless line for the login shells of Unix systems. A device that repeats it in an error row does not answer it. */
export const UNIX_QUESTION = "exec /bin/sh -c 'echo ssh-mcp-$((6*7)) $$'";
const ANSWER = /^ssh-mcp-42 \d+$/;

/** What a host came to. A refusal that does not stand is one in passing: the host is asked again the next time. */
export type UnixAnswer =
  | { readonly is: "unix" }
  | { readonly is: "refused"; readonly why: SshMcpError; readonly stands: boolean };

/**
 * Many devices have the identification of a Unix system's server. So what takes exec requests there is asked once, before
 * the first command is sent; nothing of that is sent here. @throws SshMcpError those of dialling.
 */
export async function askForUnix(
  exec: Exec,
  host: ResolvedHost,
  { admit, ...options }: ExecOptions & Required<Pick<ExecOptions, "admit">>,
): Promise<UnixAnswer> {
  let admitted: SshMcpError | true | undefined;
  const asked = {
    ...options,
    what: "a channel for one harmless question",
    admit: (info: Parameters<typeof admit>[0]) => {
      try {
        admit(info);
        admitted = true;
      } catch (error) {
        if (error instanceof SshMcpError) admitted = error;
        throw error;
      }
    },
  };
  const run = await runExec(exec, UNIX_QUESTION, asked).catch((error: unknown) => {
    if (admitted instanceof SshMcpError) return admitted;
    // What dialling comes to has its own words.
    if (admitted !== true || !(error instanceof SshMcpError)) throw error;
    return inPassing(host, error.message, error.code);
  });
  if (run instanceof SshMcpError) return { is: "refused", why: run, stands: run === admitted };
  return judged(run, host);
}

/** Only what ended by itself has answered. */
function judged({ end, stdout, durationMs }: ExecRun, host: ResolvedHost): UnixAnswer {
  if (linesOf(stdout).some((line) => ANSWER.test(line.trim()))) return { is: "unix" };
  if (end.is === "exit" || end.is === "no_status" || end.is === "in_session" || end.is === "unfinished")
    return { is: "refused", why: takesNone(host, NO_ANSWER), stands: true };
  return { is: "refused", why: inPassing(host, MEANWHILE[end.is](durationMs), CODES[end.is]), stands: false };
}

const NO_ANSWER =
  "its platform is auto, network devices have such a server too, and no Unix shell answered what takes exec requests there";

const MEANWHILE = {
  limit: (ms: number) => `the question was not answered within ${Math.round(ms / 100) / 10} s`,
  timeout: (ms: number) => `the question was not answered within ${Math.round(ms / 100) / 10} s`,
  cancelled: () => "the call was given up before the question was answered",
  lost: () => "the connection was lost before the question was answered",
  signal: () => "a signal ended what was to answer",
} as const;

const CODES: { readonly [end: string]: ErrorCode } = { lost: "connect_failed", cancelled: "not_ready" };

/** Nothing is known of the host by it. */
function inPassing(host: ResolvedHost, why: string, code: ErrorCode = "channel_refused"): SshMcpError {
  return new SshMcpError(
    code,
    `what takes exec requests on ${host.name} could not be asked (platform: auto): ${why.replace(/\.$/, "")}. The command was NOT sent`,
    "It is asked again at the next ssh_exec: wait, or close a session on this host first. ssh_shell runs the command in a session.",
  );
}

function linesOf(output: KeptOutput): readonly string[] {
  return output.text().segments.flatMap(({ lines }) => lines);
}
