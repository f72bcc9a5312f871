import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { inventoryId } from "../app/inventory-id.ts";
import type { Surroundings } from "../app/surroundings.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { shellQuote } from "../base/shell-quote.ts";
import { stateFolder } from "../base/state-folder.ts";

/** `sun_path` has 104 bytes on macOS and the BSDs, 108 on Linux, with the NUL at its end. */
const LONGEST_SOCKET = 103;

/** The files of one daemon: there is one for each user and inventory. */
export interface DaemonPlace {
  readonly folder: string;
  /** The inventory it is for; with `--lab` another daemon than without. */
  readonly inventory: string;
  readonly socket: string;
  /** Held while a daemon takes the socket over. */
  readonly lock: string;
  readonly log: string;
  /** What it has under way, for the next start to say after a sudden end. */
  readonly state: string;
}

/**
 * Where the daemon of these surroundings is. The state folder and not `$XDG_RUNTIME_DIR`: clients start servers without most
 * of the environment, and two of them must come to the same place. @throws SshMcpError where the path is too long for a socket.
 */
export function daemonPlace(
  around: Pick<Surroundings, "configPath" | "env" | "cwd" | "home" | "lab">,
): DaemonPlace {
  const { inventory, id } = inventoryId(around);
  const folder = join(stateFolder(around), "daemon");
  const file = (ending: string) => join(folder, `${id}.${ending}`);
  const socket = file("sock");
  if (Buffer.byteLength(socket) > LONGEST_SOCKET)
    throw new SshMcpError(
      "unsupported",
      `the daemon's socket would be ${socket}, which is longer than a socket's path may be (${LONGEST_SOCKET} bytes)`,
      "Set XDG_STATE_HOME to a shorter folder, for every client alike; or do without the daemon.",
    );
  return { folder, inventory, socket, lock: file("lock"), log: file("log"), state: file("state.json") };
}

/**
 * The folder is the guard of the socket in it: Node does not say who connects. It is made where it is missing, and has to be
 * this user's own and closed to others. @throws SshMcpError `permission_denied` naming what to do.
 */
export function privateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SshMcpError("permission_denied", `${folder} cannot be made: ${messageOf(error)}`);
  }
  const fault = faultOf(folder);
  if (fault !== undefined) throw fault;
}

/** Why nobody should connect to or listen in this folder; undefined: it is private, or is not there. */
export function faultOf(folder: string): SshMcpError | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const refused = (why: string, next: string) =>
    new SshMcpError(
      "permission_denied",
      `${folder} ${why}: whoever can write there could be the daemon`,
      next,
    );
  if (!stats.isDirectory()) return refused("is not a folder of its own", "Remove it, then start again.");
  if (process.getuid !== undefined && stats.uid !== process.getuid())
    return refused("belongs to another user", "Remove it, or set XDG_STATE_HOME to a folder of your own.");
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(3, "0");
    return refused(`is open to other users (mode ${mode})`, `Run: chmod 700 ${shellQuote(folder)}`);
  }
  return undefined;
}

/** The socket itself is closed as well, whatever the umask says. */
export function closeSocketFile(socket: string): void {
  chmodSync(socket, 0o600);
}
