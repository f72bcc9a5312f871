import type { Client } from "ssh2";
import { channelsOf, isRecord } from "./refused.ts";

/** The requests by which a terminal is opened, one after the other (RFC 4254 5.1, 6.2, 6.5). */
export type Request = "channel" | "pty-req" | "shell";

/**
 * Follows the openings of terminals on one connection. ssh2 1.17.0 makes the three requests by itself and tells of none, so its
 * channels are looked at and its protocol's call for a shell is listened to.
 */
export class Openings {
  readonly #client: Client;
  /** The channels on which a shell was asked for. */
  readonly #shells = new WeakSet<object>();

  constructor(client: Client) {
    this.#client = client;
    const protocol: unknown = Reflect.get(client, "_protocol");
    const ask: unknown = isRecord(protocol) ? protocol.shell : undefined;
    if (!isRecord(protocol) || typeof ask !== "function") return;
    protocol.shell = (id: unknown, ...rest: unknown[]) => {
      for (const channel of Object.values(channelsOf(client)))
        if (remoteNumber(channel) === id && isRecord(channel)) this.#shells.add(channel);
      return Reflect.apply(ask, protocol, [id, ...rest]);
    };
  }

  /** Begins an opening; the answer says which request the server was sent last. */
  follow(start: () => void): () => Request {
    const before = new Set(Object.keys(channelsOf(this.#client)));
    start();
    const number = Object.keys(channelsOf(this.#client)).find((id) => !before.has(id));
    return () => {
      const channel = number === undefined ? undefined : channelsOf(this.#client)[number];
      if (!isRecord(channel) || remoteNumber(channel) === undefined) return "channel";
      return this.#shells.has(channel) ? "shell" : "pty-req";
    };
  }
}

/** The server's number of a channel; undefined: it has not confirmed it. */
function remoteNumber(channel: unknown): unknown {
  return isRecord(channel) && isRecord(channel.outgoing) ? channel.outgoing.id : undefined;
}
