import { randomBytes } from "node:crypto";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { RemoteFiles } from "../remote/files/contract.ts";
import type { ReadSecret, SecretRef } from "../secrets/reference.ts";
import { sftpOver } from "../ssh/channels/sftp-over.ts";
import type { Exec, OpenOptions, Running, SftpHandle } from "../ssh/contract.ts";

/** Where systems have them. */
const SUDO = ["/usr/bin/sudo", "/usr/local/bin/sudo", "/bin/sudo"];
const SERVERS = [
  "/usr/lib/openssh/sftp-server", // Debian
  "/usr/libexec/openssh/sftp-server", // Fedora
  "/usr/lib/ssh/sftp-server", // Alpine, Arch, SUSE
  "/usr/libexec/sftp-server", // BSD, macOS
  "/usr/local/libexec/sftp-server",
];
/** Bytes of what sudo says that are kept. */
const SAID_BYTES = 4096;

export interface RootNeeds {
  readonly exec: Exec;
  /** The login's own files: they show where the programs are, and that it is a Unix system at all. */
  readonly files: RemoteFiles;
  readonly readSecret: ReadSecret;
  /** Why the operator denies a line; undefined: it may be sent. */
  readonly refuses: (line: string) => string | undefined;
}

/**
 * SFTP with OpenSSH's sftp-server as root, by sudo: without a password where sudo wants none, else with the one that the
 * inventory names, on sudo's input and once. @throws SshMcpError `permission_denied`, `channel_refused`, `denied`.
 */
export async function rootSftp(
  host: ResolvedHost,
  { exec, files, readSecret, refuses }: RootNeeds,
  options: OpenOptions,
): Promise<SftpHandle> {
  const [sudo, server] = [await firstThere(files, SUDO), await firstThere(files, SERVERS)];
  if (sudo === undefined || server === undefined)
    throw cannot(
      host,
      `${sudo === undefined ? "sudo" : "OpenSSH's sftp-server"} is not where systems have it`,
    );
  const start = async (line: string) => {
    const why = refuses(line);
    if (why !== undefined) throw new SshMcpError("denied", `as root by ${JSON.stringify(line)}: ${why}`);
    return exec(line, { ...options, what: "sudo for files" });
  };
  const silent = await start(`${sudo} -n -- ${server}`);
  const said = saidBy(silent);
  const handle = await sftpOver(silent);
  if ("raw" in handle) return handle;
  const secret = host.secrets?.sudo?.ref ?? host.sudo;
  if (secret === undefined || !/password/i.test(said())) throw refused(host, said(), secret);
  const mark = randomBytes(8).toString("hex");
  const asking = await start(
    `${sudo} -k -S -p 'ask-${mark}' -- /bin/sh -c 'echo run-${mark} >&2; exec ${server}'`,
  );
  await answered(asking, mark, (await readSecret(secret)).reveal(), host);
  const opened = await sftpOver(asking);
  if ("raw" in opened) return opened;
  throw refused(host, "", secret);
}

/** Gives the password when sudo asks for it, and never a second time. Resolves when the program runs. */
function answered(running: Running, mark: string, password: string, host: ResolvedHost): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    let given = false;
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString("latin1")).slice(-SAID_BYTES);
      const asked = said.split(`ask-${mark}`).length - 1;
      if (said.includes(`run-${mark}`)) {
        running.stderr.off("data", listen);
        running.stdout.off("data", drop);
        resolve();
      } else if (asked > 1) {
        running.close();
        reject(
          new SshMcpError(
            "permission_denied",
            `sudo on ${host.name} did not accept the password of the inventory; it was given once`,
            "The operator can correct it.",
          ),
        );
      } else if (asked === 1 && !given) {
        given = true;
        running.stdin.write(`${password}\n`);
      }
    };
    const drop = () => {};
    running.stdin.on("error", () => {});
    running.stdout.on("data", drop);
    running.stderr.on("data", listen);
    void running.end.then(() => reject(refused(host, said.replaceAll(`ask-${mark}`, ""), undefined, given)));
  });
}

function saidBy(running: Running): () => string {
  let said = "";
  running.stdin.on("error", () => {});
  running.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-SAID_BYTES);
  });
  return () => said;
}

async function firstThere(files: RemoteFiles, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const facts = await files.stat(path).catch((error: unknown) => {
      if (error instanceof SshMcpError && error.code === "connect_failed") throw error;
      return undefined;
    });
    if (facts?.type === "file") return path;
  }
  return undefined;
}

function refused(
  host: ResolvedHost,
  said: string,
  secret: SecretRef | undefined,
  given = secret !== undefined,
): SshMcpError {
  const words = visibleLine(said, 200);
  const next =
    /password/i.test(words) && !given
      ? "The operator can name the password in the inventory: secrets: {sudo: …}."
      : "Files that the login itself may read or write need no sudo.";
  return new SshMcpError(
    "permission_denied",
    `sudo on ${host.name} does not let this login work with files as root${words === "" ? "" : `: ${words}`}`,
    next,
  );
}

function cannot(host: ResolvedHost, why: string): SshMcpError {
  return new SshMcpError(
    "channel_refused",
    `${host.name} has no files to be worked with as root: ${why}`,
    "ssh_shell with sudo in a session is the other way.",
  );
}
