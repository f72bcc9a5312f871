import ssh2, { type Client, type ClientChannel } from "ssh2";
import type { ReplayServer } from "./replay-server.ts";

/** A terminal on a replayed device without any of the project in between. */
export interface RawTerminal {
  /** Everything printed so far. */
  readonly printed: () => string;
  /** Sizes of the chunks as they arrived. */
  readonly chunks: readonly number[];
  write(text: string): void;
  /** Resolves once `end` stands at the end of what came since the last call; gives that. @throws after 10 s. */
  until(end: string): Promise<string>;
  readonly closed: Promise<void>;
  close(): void;
}

export async function rawTerminal({ address, port }: ReplayServer, login: string): Promise<RawTerminal> {
  const client = await connected(address, port, login);
  const channel = await shell(client);
  let printed = "";
  let seen = 0;
  let changed = () => {};
  const chunks: number[] = [];
  channel.on("data", (chunk: Buffer) => {
    printed += chunk.toString("utf8");
    chunks.push(chunk.length);
    changed();
  });
  return {
    printed: () => printed,
    chunks,
    write: (text) => void channel.write(text),
    until: (end) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`no ${JSON.stringify(end)}: ${JSON.stringify(printed.slice(-200))}`)),
          10_000,
        );
        changed = () => {
          if (!printed.slice(seen).endsWith(end)) return;
          clearTimeout(timer);
          changed = () => {};
          const since = printed.slice(seen);
          seen = printed.length;
          resolve(since);
        };
        changed();
      }),
    closed: new Promise((resolve) => channel.once("close", () => resolve())),
    close: () => client.end(),
  };
}

function connected(host: string, port: number, username: string): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => resolve(client)).once("error", reject);
    client.connect({ host, port, username, password: "any", hostVerifier: () => true });
  });
}

function shell(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) =>
    client.shell({ cols: 200, rows: 50, term: "vt100" }, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    ),
  );
}
