import { generateKeyPairSync } from "node:crypto";
import { createServer, type Socket } from "node:net";
import ssh2, { type ServerChannel } from "ssh2";
import { Pace } from "./pace.ts";
import type { Recording } from "./recording.ts";
import { type Journal, ReplayedTerminal } from "./replayed-terminal.ts";

/** Which recording a login replays, and how its bytes come. */
export interface Replay {
  readonly recording: Recording;
  readonly seed: number;
}

export interface ReplayServer {
  readonly address: string;
  readonly port: number;
  /** Line of a known_hosts file for this server. */
  readonly knownHosts: string;
  /** The user name that gets a replay; each name is logged in once. Any password or key is accepted. */
  login(replay: Replay): string;
  /** What the client did under that name. */
  journal(login: string): Journal;
  close(): Promise<void>;
}

interface Login {
  readonly replay: Replay;
  readonly journal: Journal;
}

/** An SSH server on a random port of the loopback interface that plays recorded devices, one for each user name. */
export async function serveReplays(): Promise<ReplayServer> {
  const logins = new Map<string, Login>();
  const sockets = new Set<Socket>();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const hostKey = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  const ssh = new ssh2.Server({ hostKeys: [hostKey], ident: "replay" }, (connection) => {
    let login: Login | undefined;
    connection.on("error", () => {});
    connection.on("authentication", (attempt) => {
      login = logins.get(attempt.username);
      if (login === undefined || attempt.method === "none") attempt.reject(["publickey", "password"]);
      else attempt.accept();
    });
    connection.on("session", (accept) => {
      const session = accept();
      session.on("pty", (accepted) => accepted?.());
      session.on("window-change", (accepted) => accepted?.());
      session.on("shell", (accepted) => {
        if (login) play(accepted(), login);
      });
    });
  });
  // Our own listener, for TCP_NODELAY: small chunks are to arrive as they were cut.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("no TCP address"));
      else resolve(bound.port);
    });
  });
  return {
    address: "127.0.0.1",
    port,
    knownHosts: `[127.0.0.1]:${port} ${parsed.type} ${parsed.getPublicSSH().toString("base64")}\n`,
    login(replay) {
      const name = `${replay.recording.name}~${replay.seed}~${logins.size}`;
      logins.set(name, { replay, journal: { unknown: [], strays: [], played: 0 } });
      return name;
    },
    journal(name) {
      const login = logins.get(name);
      if (!login) throw new Error(`nobody is called ${name}`);
      return login.journal;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function play(channel: ServerChannel, { replay, journal }: Login): void {
  const { recording, seed } = replay;
  const terminal = new ReplayedTerminal(
    recording,
    new Pace(recording.name, seed),
    {
      write: (bytes) => {
        if (channel.writable) channel.write(bytes);
      },
      close: () => {
        if (!channel.writable) return;
        channel.exit(0);
        channel.end();
      },
    },
    journal,
  );
  channel.on("data", (bytes: Buffer) => void terminal.input(bytes));
  channel.on("close", () => terminal.close());
  channel.on("error", () => {});
  void terminal.start();
}
