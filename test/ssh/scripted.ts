import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2, { type AuthContext, type Connection, type ServerChannel, type ServerConfig } from "ssh2";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { fingerprint } from "../../src/ssh/protocol/key-blob.ts";
import { testHost } from "./hosts.ts";

export interface ScriptedServer {
  readonly host: ResolvedHost;
  readonly fingerprint: string;
  /** Connections accepted so far. */
  connections(): number;
  /** Connections open now. */
  open(): number;
  /** Session channels open now, also those on which nothing runs. */
  channels(): number;
  /** Ends every connection as a lost link would. */
  drop(): void;
  stop(): Promise<void>;
}

export interface Script {
  readonly algorithms?: ServerConfig["algorithms"];
  readonly banner?: string;
  /** Software name in the identification. */
  readonly ident?: string;
  /** A connection was accepted; nothing has been said on it. */
  readonly connected?: (connection: Connection) => void;
  /** Told each request by which a terminal is opened; true leaves it without an answer. */
  readonly ignores?: (request: "channel" | "pty-req" | "shell") => boolean;
  /** Sees the name of each global request. */
  readonly request?: (name: string) => void;
  readonly login?: (context: AuthContext, connection: Connection) => void;
  /** A channel for a session is refused, as at MaxSessions. */
  readonly refusesChannel?: () => boolean;
  /** A terminal is asked for. */
  readonly terminal?: () => void;
  /** A shell is given, and no terminal. */
  readonly refusesTerminal?: boolean;
  /** No terminal is given to anybody. */
  readonly refusesShell?: boolean;
  readonly shell?: (channel: ServerChannel, connection: Connection) => void;
  readonly exec?: (channel: ServerChannel, command: string) => void;
  /** Speaks for the SFTP subsystem; undefined: there is none. */
  readonly sftp?: (channel: ServerChannel) => void;
  /** A command is sent a signal. */
  readonly signal?: (channel: ServerChannel, name: string) => void;
  /** Answers the request for a command, now or later; false refuses it. */
  readonly admits?: (command: string) => boolean | Promise<boolean>;
  readonly hostKey?: { readonly private: string; readonly public: string };
}

/** A key that works: ssh2 1.17.0 spoils each Ed25519 key whose public half begins with a zero byte, one in 256. */
export function keyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** An SSH server that does what a test tells it, for what no honest server does. Its key is known to `host`. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const hostKey = script.hostKey ?? keyPair();
  const [type = "", blob = ""] = hostKey.public.split(" ");
  const server = new ssh2.Server({
    hostKeys: [hostKey.private],
    ...(script.algorithms === undefined ? {} : { algorithms: script.algorithms }),
    ...(script.ident === undefined ? {} : { ident: script.ident }),
    ...(script.banner === undefined ? {} : { banner: script.banner }),
  });
  let connections = 0;
  const live = new Set<Connection>();
  const drop = () => {
    for (const connection of live) connection.end();
  };
  let channels = 0;
  server.on("connection", (connection) => {
    connections++;
    live.add(connection);
    script.connected?.(connection);
    connection.on("error", () => {});
    connection.on("close", () => live.delete(connection));
    connection.on("authentication", (context) => {
      if (script.login) script.login(context, connection);
      else context.accept();
    });
    connection.on("request", (_accept, reject, name) => {
      script.request?.(name);
      reject?.();
    });
    connection.on("session", (accept, refuse) => {
      if (script.refusesChannel?.() === true) return void refuse();
      if (script.ignores?.("channel") === true) return;
      const session = accept();
      channels++;
      session.on("close", () => channels--);
      session.on("pty", (acceptPty, rejectPty) => {
        script.terminal?.();
        if (script.refusesTerminal === true) return void rejectPty?.();
        if (script.ignores?.("pty-req") !== true) acceptPty?.();
      });
      session.on("shell", (acceptShell, rejectShell) => {
        // What hangs at one request looks at none behind it.
        if (script.ignores?.("shell") === true || script.ignores?.("pty-req") === true) return;
        if (script.refusesShell === true) return void rejectShell();
        const channel = acceptShell();
        script.shell?.(channel, connection);
      });
      session.on("subsystem", (acceptSubsystem, rejectSubsystem) => {
        if (script.sftp) script.sftp(acceptSubsystem());
        else rejectSubsystem();
      });
      session.on("exec", async (acceptExec, rejectExec, info) => {
        if ((await script.admits?.(info.command)) === false) return void rejectExec();
        const channel = acceptExec();
        // ssh2's server hears no signal behind the end of the input.
        Object.defineProperty(session, "_ending", { get: () => false, set() {} });
        session.on("signal", (_accept, _refuse, { name }) => script.signal?.(channel, name));
        script.exec?.(channel, info.command);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-scripted-"));
  const known = join(folder, "known_hosts");
  writeFileSync(known, `[127.0.0.1]:${port} ${type} ${blob}\n`);
  return {
    host: testHost(port, { name: "odd", hostKey: { mode: "strict", files: [known] } }),
    fingerprint: fingerprint(Buffer.from(blob, "base64")),
    connections: () => connections,
    open: () => live.size,
    channels: () => channels,
    drop,
    stop: async () => {
      drop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

/** A TCP server on loopback that hands every connection to `talk`; `open` counts those still open. */
export async function startTcp(
  talk: (socket: Socket) => void,
): Promise<{ readonly port: number; open(): number; accepted(): number; stop(): Promise<void> }> {
  const live = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    live.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => live.delete(socket));
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    open: () => live.size,
    accepted: () => accepted,
    stop: async () => {
      for (const socket of live) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Resolves as soon as `condition` holds; fails with `what` after ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
