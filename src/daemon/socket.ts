import { lstatSync, renameSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { locked } from "../audit/lock.ts";
import { errorCode, SshMcpError } from "../base/errors.ts";
import { closeSocketFile, type DaemonPlace, privateFolder } from "./place.ts";

/** How often a start looks again where others start at the same time. */
const ATTEMPTS = 20;
/** Descriptor of the first socket that systemd hands over (sd_listen_fds(3)). */
const FIRST_HANDED = 3;

/** Another daemon has the socket. */
export class AlreadyRuns extends Error {}

/** A listening server, and what takes its socket away again. */
export interface Listening {
  readonly server: Server;
  /** Removes the socket if it is still ours. */
  release(): void;
}

/**
 * Listens where fronts look for the daemon. The socket is made under a name of its own and put in place by renaming, and only
 * over one that nobody listens on: of several starts one alone gets there. @throws AlreadyRuns, SshMcpError.
 */
export async function listenAt(place: DaemonPlace, env: NodeJS.ProcessEnv): Promise<Listening> {
  privateFolder(place.folder);
  if (handedOver(env)) return { server: await listening({ fd: FIRST_HANDED }), release() {} };
  const own = `${place.socket.slice(0, -".sock".length)}.${process.pid}`;
  rmSync(own, { force: true });
  const server = await listening(own);
  try {
    closeSocketFile(own);
    const { ino } = lstatSync(own);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const dead = await deadSocket(place.socket);
      const taken = locked(place.lock, () => {
        if (inodeOf(place.socket) !== dead) return false;
        renameSync(own, place.socket);
        return true;
      });
      if (taken) return { server, release: () => removeOwn(place, ino) };
    }
    throw new SshMcpError(
      "busy",
      `others start at the same time and have kept ${place.socket} from this one`,
    );
  } catch (error) {
    server.close();
    rmSync(own, { force: true });
    throw error;
  }
}

/** Inode of a socket that nobody listens on; undefined: there is none. @throws AlreadyRuns */
async function deadSocket(path: string): Promise<number | undefined> {
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before === undefined) return undefined;
  if (!before.isSocket())
    throw new SshMcpError("permission_denied", `${path} is no socket`, "Remove it, then start again.");
  if (await isListenedOn(path)) throw new AlreadyRuns(`a daemon listens on ${path}`);
  return before.ino;
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => {
      const code = errorCode(error);
      if (code === "ECONNREFUSED" || code === "ENOENT") return resolve(false);
      // A full queue of connections is somebody's who listens.
      if (code === "EAGAIN") return resolve(true);
      reject(error);
    });
  });
}

function removeOwn({ socket, lock }: DaemonPlace, ino: number): void {
  try {
    locked(lock, () => {
      if (inodeOf(socket) === ino) rmSync(socket, { force: true });
    });
  } catch {
    // A socket that is left behind is found dead by the next start.
  }
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}

/** Was this process started by a socket unit of systemd? */
function handedOver({ LISTEN_FDS, LISTEN_PID }: NodeJS.ProcessEnv): boolean {
  return LISTEN_FDS === "1" && LISTEN_PID === String(process.pid);
}

function listening(at: string | { readonly fd: number }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: false });
    server.once("error", reject);
    server.listen(at, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}
