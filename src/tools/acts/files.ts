import type { FileAction } from "../../base/contract/action.ts";
import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { FilesOf, FilesPlan } from "../../multiplexer/host-files.ts";
import type { RemoteFiles } from "../../remote/files/contract.ts";
import { pathOn } from "../../remote/files/path.ts";
import { MAX_WAIT_S } from "../parameters.ts";
import type { ToolContext } from "./context.ts";

/** What is to be done: of `to` and `sudo` only what the act has. */
export interface FileOrder extends Omit<FileAction, "verb" | "path"> {
  /** As the caller gave it; a relative one is taken from the session's directory, or from the login's. */
  readonly path: string;
  /** Seconds for everything; default: what a command of this host may take. */
  readonly timeout_s?: number | undefined;
}

/** The files of a host, for one act that passed the gate. */
export interface FilesAt {
  readonly files: RemoteFiles;
  /** As the server is asked for it. */
  readonly path: string;
  readonly plan: FilesPlan;
  readonly permit: Permit;
  /** Aborted when the caller gives the call up, or its time is over: work that goes on then is for nobody. */
  readonly signal: AbortSignal;
}

/**
 * Passes the gate, opens SFTP where none is open, and lets `work` act. Its time over, the call ends with an error while what
 * is on its way is still answered. @throws SshMcpError.
 */
export async function onFiles<T>(
  { files: hosts, access, caller, clock, notes = [] }: ToolContext,
  of: FilesOf,
  { path: given, timeout_s, ...order }: FileOrder,
  work: (at: FilesAt) => Promise<T>,
): Promise<T> {
  if (hosts === undefined) throw new Error("this workspace has no way to files");
  const plan = await hosts.plan(of);
  const path = pathOn(given, plan.session);
  const action = { verb: "file", path, ...order } as const;
  return access.pass(
    caller,
    action,
    { host: plan.facts },
    async (permit) => {
      const asked = timeout_s === undefined ? plan.host.timing.commandTimeoutMs : timeout_s * 1000;
      const timeoutMs = Math.min(asked, MAX_WAIT_S * 1000);
      const over = new AbortController();
      const signal = AbortSignal.any([caller.signal, over.signal]);
      const timer = clock.after(timeoutMs, () => over.abort(tooLong(order.op, path, timeoutMs)));
      const { files, byExec, release } = await hosts.open(plan, permit, timeoutMs, order.sudo === true);
      if (byExec) notes.push(noSftp(plan.host.name));
      const working = work({ files, path, plan, permit, signal }).finally(release);
      try {
        return await untilAborted(working, signal, order.op).catch((error: unknown) => {
          throw withRoot(error, plan.host, order);
        });
      } finally {
        timer.dispose();
      }
    },
    { notes },
  );
}

/** For whoever wonders at its pace, or finds commands in the host's own log. */
export function noSftp(host: string): string {
  return `${host} gives no SFTP: its files are worked with by commands of its shell`;
}

/** Of what changes files a request may be on its way just then. */
const CHANGES: ReadonlySet<FileAction["op"]> = new Set(["write", "edit"]);

function tooLong(op: FileAction["op"], path: string, ms: number): SshMcpError {
  const next = `timeout_s gives it up to ${MAX_WAIT_S} s.`;
  const within = `within ${ms / 1000} s`;
  if (!CHANGES.has(op)) return new SshMcpError("not_ready", `${op} of ${path} was not done ${within}`, next);
  return new SshMcpError(
    "not_ready",
    `${op} of ${path} was not done ${within}; whether it still takes effect is unknown: it is ended where nothing is lost by that`,
    "Look at the file before you call again.",
  );
}

/** Those that take `sudo: true`. */
const AS_ROOT: ReadonlySet<FileAction["op"]> = new Set(["read", "write", "edit"]);

/** What a login may not do with a file root may, where the operator lets it. */
function withRoot(error: unknown, host: ResolvedHost, { op, sudo }: Omit<FileOrder, "path">): unknown {
  if (!(error instanceof SshMcpError) || error.code !== "permission_denied" || error.next !== undefined)
    return error;
  if (sudo === true || !AS_ROOT.has(op) || host.user === "root") return error;
  const named = (host.secrets?.sudo?.ref ?? host.sudo) !== undefined;
  const next = named
    ? "sudo: true does it as root, with the password that the inventory names."
    : "sudo: true does it as root where sudo asks this login for no password; else the operator names one in the inventory (secrets: {sudo: …}).";
  return new SshMcpError(error.code, error.message, next, { cause: error });
}

function untilAborted<T>(working: Promise<T>, signal: AbortSignal, op: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(
        signal.reason instanceof SshMcpError
          ? signal.reason
          : new SshMcpError("not_ready", `the call was given up before the ${op} was done`),
      );
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    working.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
