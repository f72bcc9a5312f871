import { connect, type Socket } from "node:net";
import { errorCode, messageOf, SshMcpError } from "../base/errors.ts";
import { assertWelcome, firstLine, PROTOCOL, type Role, sayLine } from "./handshake.ts";
import { type DaemonPlace, faultOf } from "./place.ts";

/** A connection to the daemon behind its handshake: frames follow. */
export interface ToDaemon {
  readonly socket: Socket;
  readonly version: string;
  readonly pid: number;
}

/** Nobody listens: no socket, or one that a daemon left behind. */
const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ENOTSOCK"]);

/**
 * Connects to the daemon that runs; undefined: none does. @throws SshMcpError where its folder is not private, or it is of
 * another version and says what to do.
 */
export async function dialDaemon(
  { folder, socket: path }: DaemonPlace,
  version: string,
  role: Role,
  more: object = {},
): Promise<ToDaemon | undefined> {
  const fault = faultOf(folder);
  if (fault !== undefined) throw fault;
  const socket = await opened(path).catch((error: unknown) => {
    if (NOBODY.has(errorCode(error) ?? "")) return undefined;
    throw new SshMcpError("connect_failed", `the daemon's socket ${path}: ${messageOf(error)}`);
  });
  if (socket === undefined) return undefined;
  try {
    sayLine(socket, { sshMcp: PROTOCOL, version, role, pid: process.pid, ...more });
    const said = await firstLine(socket).catch((error: unknown) => {
      throw new SshMcpError(
        "connect_failed",
        `the daemon at ${path} did not answer: ${messageOf(error)}`,
        "ssh-mcp daemon status looks again; ssh-mcp daemon log shows what it says.",
      );
    });
    return { socket, ...assertWelcome(said, version) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      // Whoever uses it listens to `close`.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}
