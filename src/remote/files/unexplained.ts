import { SshMcpError } from "../../base/errors.ts";
import type { FileFacts } from "./contract.ts";

/** What was looked at after a server said no more than "Failure"; undefined: it could not be. */
export interface LookedAt {
  /** The file itself; `none`: nothing is there. */
  readonly file: FileFacts | "none" | undefined;
  readonly folder: FileFacts | "none" | undefined;
  /** Bytes that are free for the login. */
  readonly free: number | undefined;
}

/** The refusal with what was tried, and what is known of the place: the cause is none of these. */
export function unexplained(
  refusal: SshMcpError,
  doing: string,
  { file, folder, free }: LookedAt,
): SshMcpError {
  const facts = [
    file === undefined
      ? undefined
      : file === "none"
        ? "nothing is there"
        : `a ${nameOf(file)} is there${saidOf(file)}`,
    folder === undefined
      ? undefined
      : folder === "none"
        ? "its folder is not there"
        : `its folder is ${folder.type === "dir" ? "there" : `a ${nameOf(folder)}`}${saidOf(folder)}`,
    free === undefined ? "free space is not reported" : `${free} bytes are free`,
  ].filter((fact) => fact !== undefined);
  return new SshMcpError(
    refusal.code,
    `${refusal.message}. It was tried to ${doing}; what could be looked at does not say why: ${facts.join(", ")}`,
    refusal.next ??
      "Limits of the server's own are left (a quota, attributes such as immutable, a jailed folder): its log says which.",
    { cause: refusal },
  );
}

function nameOf({ type }: FileFacts): string {
  return type === "dir" ? "folder" : type;
}

function saidOf({ mode, uid, gid }: FileFacts): string {
  const said = [
    mode === undefined ? undefined : `mode ${mode.toString(8).padStart(3, "0")}`,
    uid === undefined || gid === undefined ? undefined : `owner ${uid}:${gid}`,
  ].filter((one) => one !== undefined);
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}
