import { timingSafeEqual } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type ParsedKey, type ServerChannel, type Session } from "ssh2";

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
}

export interface LabServer {
  readonly address: string;
  readonly port: number;
  /** Ends every connection, and with them what runs in their channels. */
  close(): Promise<void>;
}

/** An SSH server for one user and one key, on a random port of the loopback interface. */
export async function listen(options: LabServerOptions): Promise<LabServer> {
  const accepted = ssh2.utils.parseKey(options.clientKey);
  if (accepted instanceof Error) throw accepted;
  const sockets = new Set<Socket>();
  const ssh = new ssh2.Server(
    { hostKeys: [options.hostKey], ident: options.ident ?? "ssh-mcp-lab" },
    (connection) => {
      let login = options.user;
      connection.on("error", () => {}); // A peer that breaks off mid-handshake is no news to a lab.
      connection.on("authentication", (attempt) => {
        login = attempt.username;
        authenticate(attempt, isUser(login, options), accepted);
      });
      connection.on("session", (accept) => serveSession(accept(), options.shell, () => login));
    },
  );
  // Our own listener, for TCP_NODELAY: without it every handshake step and keystroke waits for Nagle's timer.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { address, port } = addressOf(server.address());
  return {
    address,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
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
