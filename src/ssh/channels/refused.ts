import { EventEmitter } from "node:events";
import type { Client } from "ssh2";

/**
 * Watches one request for a channel, which `start` makes; the answer closes what it left behind, and resolves when the server
 * has closed it, too. ssh2 1.17.0 forgets a channel
 * on which the server refused the command, shell or subsystem: open on both sides, it would count for the server's limit as
 * long as the connection lives. It hands out no channel then, so its own list of them is looked at.
 */
export function watchRequest(client: Client, start: () => void): () => Promise<void> {
  const before = new Set(Object.keys(channelsOf(client)));
  start();
  const made = Object.keys(channelsOf(client)).filter((id) => !before.has(id));
  return async () => {
    const left = made.map((id) => channelsOf(client)[id]);
    const closed = left.map(
      (channel) =>
        new Promise<void>((resolve) => {
          if (channel instanceof EventEmitter) channel.once("close", resolve);
          else resolve();
        }),
    );
    for (const channel of left) close(channel);
    await Promise.all(closed);
  };
}

/** ssh2's channels by number; a function stands for one that is being opened. */
export function channelsOf(client: Client): Readonly<Record<string, unknown>> {
  const manager: unknown = Reflect.get(client, "_chanMgr");
  const channels: unknown = isRecord(manager) ? manager._channels : undefined;
  return isRecord(channels) ? channels : {};
}

/** `destroy` is what a channel and an SFTP channel have in common; on one that is closing it does nothing. */
function close(channel: unknown): void {
  if (isRecord(channel) && typeof channel.destroy === "function") channel.destroy();
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
