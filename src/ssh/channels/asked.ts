import type { Client, ClientChannel } from "ssh2";
import { channelsOf, isRecord } from "./refused.ts";

/** The requests by which a terminal is opened (RFC 4254 5.1, 6.2, 6.5); the last that has no answer yet. */
export type Request = "channel" | "pty-req" | "shell";

/** The terminal that is asked for. */
export interface Window {
  readonly cols: number;
  readonly rows: number;
  readonly term: string;
}

type Done = (error: Error | undefined, channel: ClientChannel | undefined) => void;

/** One opening: its terminal, and whether the server has given it. */
interface Wanted {
  readonly window: Window;
  readonly done: Done;
  given: boolean;
}

/**
 * Opens terminals on one connection. ssh2 1.17.0 asks for the terminal, waits for the answer, and asks for the shell: a round
 * trip more than needed, since answers come in the order of the requests (OpenSSH's client waits for none either). So it is
 * made to ask for a shell alone, and the terminal is asked for right before that.
 */
export class Openings {
  readonly #client: Client;
  /** By ssh2's number of the channel. */
  readonly #wanted = new Map<string, Wanted>();

  constructor(client: Client) {
    this.#client = client;
    const protocol: unknown = Reflect.get(client, "_protocol");
    const ask: unknown = isRecord(protocol) ? protocol.shell : undefined;
    if (!isRecord(protocol) || typeof ask !== "function") return;
    protocol.shell = (id: unknown, ...rest: unknown[]) => {
      for (const [number, channel] of Object.entries(channelsOf(client)))
        if (remoteNumber(channel) === id) askTerminal(protocol, channel, this.#wanted.get(number));
      return Reflect.apply(ask, protocol, [id, ...rest]);
    };
  }

  /** Begins an opening; the answer says which request the server has not answered. */
  open(window: Window, done: Done): () => Request {
    const before = new Set(Object.keys(channelsOf(this.#client)));
    let over = false;
    const wanted: Wanted = {
      window,
      given: false,
      done: (error, channel) => {
        if (over) return;
        over = true;
        if (number !== undefined) this.#wanted.delete(number);
        done(error, channel);
      },
    };
    this.#client.shell(false, (error, channel) =>
      // A shell without its terminal is none that was asked for.
      wanted.done(error ?? (wanted.given ? undefined : refusedTerminal()), channel),
    );
    const number = Object.keys(channelsOf(this.#client)).find((id) => !before.has(id));
    if (number !== undefined) this.#wanted.set(number, wanted);
    return () => {
      const channel = number === undefined ? undefined : channelsOf(this.#client)[number];
      if (remoteNumber(channel) === undefined) return "channel";
      return wanted.given ? "shell" : "pty-req";
    };
  }
}

/** Asks for the terminal; its answer comes before the shell's, whose listener ssh2 has just put last. */
function askTerminal(
  protocol: Readonly<Record<string, unknown>>,
  channel: unknown,
  wanted: Wanted | undefined,
): void {
  const callbacks = isRecord(channel) ? channel._callbacks : undefined;
  if (wanted === undefined || !isRecord(channel) || !Array.isArray(callbacks)) return;
  if (typeof protocol.pty !== "function") return;
  const { cols, rows, term } = wanted.window;
  const answered = (failed: unknown) => {
    if (!failed) wanted.given = true;
    else wanted.done(failed instanceof Error ? failed : refusedTerminal(), undefined);
  };
  callbacks.splice(-1, 0, answered);
  Reflect.apply(protocol.pty, protocol, [remoteNumber(channel), rows, cols, 0, 0, term, null, true]);
}

function refusedTerminal(): Error {
  return new Error("Unable to request a pseudo-terminal");
}

/** The server's number of a channel; undefined: it has not confirmed it. */
function remoteNumber(channel: unknown): unknown {
  return isRecord(channel) && isRecord(channel.outgoing) ? channel.outgoing.id : undefined;
}
