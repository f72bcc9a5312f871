import { timingSafeEqual } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type AuthContext, type ParsedKey, type ServerChannel, type Session } from "ssh2";
import { type Door, OPEN } from "./door.ts";
import { Gates } from "./gates.ts";

/** The remote end of a channel: what happens in it once it is accepted. */
export interface LabShell {
  /** Starts the shell on a PTY; the result follows the channel until either side ends. */
  onPty(channel: ServerChannel, pty: LabLogin, command?: string): LabPty;
  /** Runs one command without a PTY. */
  onExec(channel: ServerChannel, command: string): void;
}

export interface PtySize {
  readonly cols: number;
  readonly rows: number;
}

/** A terminal that was asked for, and the user name it was asked for with. */
export interface LabLogin extends PtySize {
  readonly term: string;
  readonly login: string;
}

export interface LabPty {
  resize(size: PtySize): void;
  signal(name: string): void;
}

export interface LabServerOptions {
  readonly hostKey: string;
  readonly user: string;
  /** The one public key that is let in. */
  readonly clientKey: string;
  readonly shell: LabShell;
  /** Software name of the identification line; default `ssh-mcp-lab`. */
  readonly ident?: string;
  /** The user name may have a suffix of login parameters (`admin+ct200w`), as RouterOS takes them. */
  readonly suffixed?: boolean;
  /** How the device can be reached; without it always. */
  readonly door?: Door;
}

export interface LabServer {
  readonly address: string;
  readonly port: number;
  /** Connections that stand, heard or not. */
  readonly connections: number;
  /** The link goes down or comes up, whatever the device makes of it: no packet gets through meanwhile. */
  link(up: boolean): void;
  /** The link lost its connections: they are reset. */
  drop(): void;
  /** Ends every connection, and with them what runs in their channels. */
  close(): Promise<void>;
}

/** What ssh2 asks of a socket every stream has. */
interface Intake {
  injectSocket(stream: Duplex): void;
}

/** An SSH server for one user and one key, on a random port of the loopback interface. */
export async function listen(options: LabServerOptions): Promise<LabServer> {
  const accepted = ssh2.utils.parseKey(options.clientKey);
  if (accepted instanceof Error) throw accepted;
  const { door } = options;
  const reach = () => door?.reach ?? OPEN;
  const gates = new Gates();
  let up = true;
  const isShut = () => !up || !reach().packets;
  const isShutToNew = () => isShut() || (!reach().answers && reach().silent === true);
  const settle = () => {
    if (!isShutToNew() && !reach().answers) gates.refuse();
    gates.shut(isShut(), isShutToNew(), door?.patience);
  };
  const watch = door?.watch(settle, () => gates.abandon());
  const ssh = new ssh2.Server(
    { hostKeys: [options.hostKey], ident: options.ident ?? "ssh-mcp-lab" },
    (connection) => {
      let login = options.user;
      connection.on("error", () => {}); // A peer that breaks off mid-handshake is no news to a lab.
      connection.on("authentication", (attempt) => {
        login = attempt.username;
        authenticate(attempt, reach().admits && isUser(login, options), accepted);
      });
      connection.on("session", (accept) => serveSession(accept(), options.shell, () => login));
    },
  );
  const intake: Intake = ssh;
  // Our own listener, for TCP_NODELAY: without it every handshake step and keystroke waits for Nagle's timer.
  const server = createServer({ noDelay: true }, (socket) => {
    if (!isShutToNew() && !reach().answers) {
      socket.resetAndDestroy();
      return;
    }
    intake.injectSocket(gates.add(socket, isShutToNew()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { address, port } = addressOf(server.address());
  return {
    address,
    port,
    get connections() {
      return gates.standing;
    },
    link(isUp) {
      up = isUp;
      settle();
    },
    drop: () => gates.reset(),
    close: () =>
      new Promise((resolve) => {
        watch?.dispose();
        server.close(() => resolve());
        gates.dispose();
      }),
  };
}

function isUser(login: string, { user, suffixed = false }: LabServerOptions): boolean {
  return login === user || (suffixed && login.startsWith(`${user}+`));
}

function authenticate(attempt: AuthContext, known: boolean, accepted: ParsedKey): void {
  if (known && isOurKey(attempt, accepted)) attempt.accept();
  else attempt.reject(["publickey"]);
}

function isOurKey(attempt: AuthContext, accepted: ParsedKey): boolean {
  if (attempt.method !== "publickey") return false;
  const wanted = accepted.getPublicSSH();
  const { algo, data } = attempt.key;
  if (algo !== accepted.type || data.length !== wanted.length || !timingSafeEqual(data, wanted)) return false;
  // Without a signature the client only asks whether this key would do (RFC 4252, section 7).
  const { blob, signature, hashAlgo } = attempt;
  if (signature === undefined) return true;
  return blob !== undefined && accepted.verify(blob, signature, hashAlgo) === true;
}

function serveSession(session: Session, shell: LabShell, login: () => string): void {
  let pty: (PtySize & { term: string }) | undefined;
  let running: LabPty | undefined;
  session.on("pty", (accept, _reject, info) => {
    pty = { cols: info.cols, rows: info.rows, term: info.term };
    accept?.();
  });
  session.on("window-change", (accept, _reject, { cols, rows }) => {
    running?.resize({ cols, rows });
    accept?.();
  });
  session.on("signal", (accept, _reject, { name }) => {
    running?.signal(name);
    accept?.();
  });
  session.on("shell", (accept, reject) => {
    if (pty === undefined) return reject();
    running = shell.onPty(accept(), { ...pty, login: login() });
  });
  session.on("exec", (accept, _reject, { command }) => {
    if (pty === undefined) shell.onExec(accept(), command);
    else running = shell.onPty(accept(), { ...pty, login: login() }, command);
  });
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the lab's server has no TCP address");
  return address;
}
