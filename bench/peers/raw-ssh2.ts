import { readFileSync } from "node:fs";
import ssh2, { type Client, type ClientChannel } from "ssh2";
import type { Target } from "../target.ts";
import type { PtyPeer } from "./peer.ts";

/** What somebody gets who uses ssh2 directly, with Nagle's algorithm off. */
export function connectRaw(target: Target): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on("connect", () => client.setNoDelay(true));
    client.on("ready", () => resolve(client));
    client.on("error", reject);
    client.connect({
      host: target.address,
      port: target.port,
      username: target.login,
      privateKey: readFileSync(target.keyPath),
    });
  });
}

export function rawShell(client: Client, whole = false): Promise<PtyPeer> {
  return new Promise((resolve, reject) => {
    const window = { cols: 200, rows: 50, term: "xterm-256color", width: 0, height: 0 };
    client.shell(window, (error, channel) => {
      if (error) reject(error);
      else resolve(peerOf(client, channel, whole));
    });
  });
}

/** A connection with one shell; closing the peer ends both. */
export async function openRaw(target: Target): Promise<PtyPeer> {
  return rawShell(await connectRaw(target), true);
}

/** A command on a fresh exec channel, until the channel is closed. */
export function rawExec(client: Client, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      channel.on("data", () => {});
      channel.stderr.on("data", () => {});
      channel.on("close", () => resolve());
    });
  });
}

function peerOf(client: Client, channel: ClientChannel, whole: boolean): PtyPeer {
  let listener: (chunk: Buffer) => void = () => {};
  channel.on("data", (chunk: Buffer) => listener(chunk));
  return {
    write: (text) => channel.write(text),
    listen: (next) => {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        if (whole) client.once("close", () => resolve()).end();
        else channel.once("close", () => resolve()).close();
      }),
  };
}
