import type { Client, ClientChannel } from "ssh2";
import { channelsOf, isRecord } from "./refused.ts";

/** The requests by which a terminal is opened (RFC 4254 5.1, 6.2, 6.5); the last that has no answer yet. */
export type Request = "channel" | "pty-req" | "shell" | "unknown";

/** The terminal that is asked for. */
export interface Window {
  readonly cols: number;
  readonly rows: number;
  readonly term: string;
}

type Done = (error: Error | undefined, channel: ClientChannel | undefined) => void;

/** One opening: its terminal, whether that was asked for, and whether the server has given it. */
interface Wanted {
  readonly window: Window;
  readonly done: Done;
  /** ssh2's number of the channel. */
  number: string | undefined;
  asked: boolean;
  given: boolean;
}

/** Of ssh2's inside what is needed here. */
interface Protocol {
  readonly pty: (...args: unknown[]) => unknown;
  readonly close: (id: unknown) => void;
}

/**
 * Opens terminals on one connection. ssh2 1.17.0 asks for the terminal, waits for the answer, and asks for the shell: a round
 * trip more than needed, since answers come in the order of the requests (OpenSSH's client waits for none either). So it is
 * made to ask for a shell alone, and the terminal is asked for right before that. Where ssh2's inside is not as known, its own
 * way is taken, which needs nothing but what it promises.
 */
export class Openings {
  readonly #client: Client;
  readonly #wanted = new Set<Wanted>();
  /** Channels, by the server's number, whose terminal ssh2 itself asked for. */
  readonly #theirs = new Set<unknown>();
  readonly #protocol: Protocol | undefined;
  #known: boolean;

  constructor(client: Client) {
    this.#client = client;
    this.#protocol = this.#wrapped();
    this.#known = this.#protocol !== undefined && hasChannels(client);
  }

  /** Begins an opening; the answer says which request the server has not answered. */
  open(window: Window, done: Done): () => Request {
    if (!this.#known) return this.#plainly(window, done);
    const before = new Set(Object.keys(channelsOf(this.#client)));
    let over = false;
    const wanted: Wanted = {
      window,
      number: undefined,
      asked: false,
      given: false,
      done: (error, channel) => {
        if (over) return;
        over = true;
        this.#wanted.delete(wanted);
        done(error, channel);
      },
    };
    this.#wanted.add(wanted);
    this.#client.shell(false, (error, channel) =>
      // A shell without its terminal is none that was asked for.
      wanted.done(error ?? (wanted.given ? undefined : refusedTerminal()), channel),
    );
    wanted.number = Object.keys(channelsOf(this.#client)).find((id) => !before.has(id));
    return () => {
      if (!wanted.asked && !this.#known) return "unknown";
      const channel = wanted.number === undefined ? undefined : channelsOf(this.#client)[wanted.number];
      if (remoteNumber(channel) === undefined) return "channel";
      return wanted.given ? "shell" : "pty-req";
    };
  }

  #plainly(window: Window, done: Done): () => Request {
    this.#client.shell({ ...window }, done);
    return () => "unknown";
  }

  /** ssh2's own requests pass here. Undefined: it makes them otherwise than is known. */
  #wrapped(): Protocol | undefined {
    const protocol: unknown = Reflect.get(this.#client, "_protocol");
    if (!isRecord(protocol)) return undefined;
    const { shell, pty, channelClose } = protocol;
    if (typeof shell !== "function" || typeof pty !== "function" || typeof channelClose !== "function")
      return undefined;
    protocol.pty = (id: unknown, ...rest: unknown[]) => {
      this.#theirs.add(id);
      return Reflect.apply(pty, protocol, [id, ...rest]);
    };
    protocol.shell = (id: unknown, ...rest: unknown[]) =>
      this.#mayAsk(id) ? Reflect.apply(shell, protocol, [id, ...rest]) : undefined;
    return {
      pty: (...args) => Reflect.apply(pty, protocol, args),
      close: (id) => Reflect.apply(channelClose, protocol, [id]),
    };
  }

  /** A shell is about to be asked for: its terminal goes before it. False: that cannot be done, so neither is asked for. */
  #mayAsk(id: unknown): boolean {
    if (this.#theirs.delete(id)) return true;
    for (const wanted of this.#wanted) {
      const channel = channelsOf(this.#client)[wanted.number ?? ""];
      if (remoteNumber(channel) === id && this.#askTerminal(channel, wanted)) return true;
    }
    const open = [...this.#wanted].find(({ asked }) => !asked);
    if (open === undefined) return true;
    this.#known = false;
    // The channel is given back unused; which of those that wait takes the next is all the same.
    open.asked = true;
    this.#protocol?.close(id);
    this.#client.shell({ ...open.window }, open.done);
    return false;
  }

  /** Asks for the terminal; its answer comes before the shell's, whose listener ssh2 has just put last. */
  #askTerminal(channel: unknown, wanted: Wanted): boolean {
    const callbacks = isRecord(channel) ? channel._callbacks : undefined;
    if (!Array.isArray(callbacks) || callbacks.length === 0) return false;
    const { cols, rows, term } = wanted.window;
    const answered = (failed: unknown) => {
      if (!failed) wanted.given = true;
      else wanted.done(failed instanceof Error ? failed : refusedTerminal(), undefined);
    };
    callbacks.splice(-1, 0, answered);
    wanted.asked = true;
    this.#protocol?.pty(remoteNumber(channel), rows, cols, 0, 0, term, null, true);
    return true;
  }
}

function hasChannels(client: Client): boolean {
  const channels: unknown = Reflect.get(client, "_chanMgr");
  return isRecord(channels) && isRecord(channels._channels);
}

function refusedTerminal(): Error {
  return new Error("Unable to request a pseudo-terminal");
}

/** The server's number of a channel; undefined: it has not confirmed it. */
function remoteNumber(channel: unknown): unknown {
  return isRecord(channel) && isRecord(channel.outgoing) ? channel.outgoing.id : undefined;
}
