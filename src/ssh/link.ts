import type { AskPerson } from "../base/contract/caller.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { type Redact, redactedError } from "../secrets/redactor.ts";
import type { Request } from "./channels/asked.ts";
import type { Opened, OpenFailure } from "./channels/connection.ts";
import { ExecChannel } from "./channels/exec-channel.ts";
import { NoSftp } from "./channels/no-sftp.ts";
import { SshPtyChannel } from "./channels/pty-channel.ts";
import type {
  Circle,
  Exec,
  Link,
  Login,
  OpenedPty,
  OpenOptions,
  PtyOptions,
  Running,
  SftpHandle,
} from "./contract.ts";
import type { DialContext } from "./handshake/dial.ts";
import { Patience } from "./pool/patience.ts";
import type { Pools } from "./pool/pools.ts";
import type { ChannelKind, SharedConnection, TakenPlace } from "./pool/shared-connection.ts";
import { hopName } from "./protocol/sentences.ts";

/** Each try either succeeds or teaches the server's channel limit, so few are needed. */
const MAX_OPENS = 8;
/** Pause before asking again for a place the server is about to free; grows with each try. */
const SOON_MS = 5;

/** What an opener wants to have opened. */
interface Wanted<C> {
  readonly kind: ChannelKind;
  /** In a sentence: "a terminal". */
  readonly what: string;
  readonly open: (shared: SharedConnection, place: TakenPlace) => Promise<Opened<C>>;
  /** After a lost link nobody knows whether a command has started, and nothing is ever sent twice. */
  readonly onceOnly?: boolean;
  readonly ask?: AskPerson | undefined;
}

const COMMAND = "a command channel";
/**
 * Of a command, by what a server says it is: OpenSSH takes packets of 256 KiB (PACKET_MAX_SIZE), dropbear strings of 9,000 bytes
 * (MAX_CMD_LEN), every server packets of 32 KiB (RFC 4253 6.1), of which some is the packet's own.
 */
const MOST_BYTES: readonly (readonly [RegExp, number])[] = [
  [/^SSH-2\.0-OpenSSH/, 252 * 1024],
  [/^SSH-2\.0-dropbear/, 9_000],
  [/^/, 31 * 1024],
];

/** The way to one host over the connections of its pool. No error leaves it with the value of a secret in it. */
export class HostLink implements Link {
  readonly #host: ResolvedHost;
  readonly #pools: Pools;
  readonly #circle: Circle;
  readonly #context: DialContext;
  readonly #redact: Redact;

  constructor(
    host: ResolvedHost,
    { pools, circle }: { readonly pools: Pools; readonly circle: Circle },
    context: DialContext,
    redact: Redact,
  ) {
    this.#host = host;
    this.#pools = pools;
    this.#circle = circle;
    this.#context = context;
    this.#redact = redact;
  }

  openPty(options: PtyOptions): Promise<OpenedPty> {
    return this.#told(async () => {
      let login: Login | undefined;
      const open = async (shared: SharedConnection, place: TakenPlace) => {
        const turn = options.oneByOne === true ? await shared.logins.begin() : undefined;
        const opened = await shared.openPty(options, place).catch((error: unknown) => {
          turn?.gone();
          throw error;
        });
        if ("channel" in opened) opened.channel.once("close", () => turn?.gone());
        else turn?.gone();
        login = turn;
        return opened;
      };
      const wanted = { kind: "pty", what: "a terminal", open, ask: options.ask } as const;
      const { channel, shared } = await this.#anywhere(wanted);
      this.#context.trace?.(this.#host, { step: "terminal" });
      const { connection } = shared;
      const beside: Exec = (command, within) => this.#told(() => this.#beside(shared, command, within));
      const pty = { channel: new SshPtyChannel(channel, connection), info: connection.info, beside };
      return login === undefined ? pty : { ...pty, login };
    });
  }

  readonly exec: Exec = (command, options) =>
    this.#told(async () => {
      const open = async (shared: SharedConnection, place: TakenPlace) => {
        admitted(shared, place, options);
        this.#assertFits(command, shared, place);
        return shared.openExec(command, place, options.pty);
      };
      const wanted = { kind: "exec", what: options.what ?? COMMAND, open, onceOnly: true } as const;
      const { channel, shared } = await this.#anywhere(wanted, options);
      const beside: Exec = (line, within) => this.#told(() => this.#beside(shared, line, within));
      return new ExecChannel(channel, shared.connection, options.signal, beside);
    });

  readonly sftp = (options: OpenOptions): Promise<SftpHandle> =>
    this.#told(async () => {
      const open = async (shared: SharedConnection, place: TakenPlace) => {
        admitted(shared, place, options);
        return shared.openSftp(place);
      };
      const { channel } = await this.#anywhere({ kind: "sftp", what: SFTP, open }, options);
      channel.endWith(options.signal);
      return channel;
    });

  /** On whichever connection has room, dialling one if none has; without `within` for as long as dialling may take. */
  async #anywhere<C>(
    { kind, what, open, onceOnly, ask }: Wanted<C>,
    within?: OpenOptions,
  ): Promise<{ readonly channel: C; readonly shared: SharedConnection }> {
    const host = this.#host;
    const { connectTimeoutMs } = host.timing;
    let asked = (): Request => "channel";
    const course = (now: () => Request) => {
      asked = now;
    };
    const unanswered = (timeoutMs: number) => silent(host, what, asked(), timeoutMs);
    let opening = false;
    const whole =
      within &&
      this.#patience(within, () =>
        opening ? unanswered(within.timeoutMs) : notReady(host, within.timeoutMs),
      );
    try {
      for (let tries = 1; ; tries++) {
        opening = false;
        const by = { ask, circle: this.#circle };
        const { shared, release } = await this.#pools.of(host).acquire(kind, whole?.signal, by);
        opening = true;
        const limits = { timeoutMs: connectTimeoutMs, signal: whole?.signal };
        const answer = this.#patience(limits, () => unanswered(connectTimeoutMs));
        const place = { release, signal: answer.signal, course };
        const opened = await open(shared, place).finally(() => answer.dispose());
        if ("channel" in opened) return { channel: opened.channel, shared };
        const again = worthAnother(opened, shared) && !(onceOnly === true && opened.refused === "lost");
        if (tries === MAX_OPENS || !again) throw refused(host, what, opened);
        if (opened.refused === "soon" && kind !== "pty") await this.#pause(SOON_MS * tries);
      }
    } finally {
      whole?.dispose();
    }
  }

  /** On this connection and no other; it is never dialled for. */
  async #beside(shared: SharedConnection, command: string, within: OpenOptions): Promise<Running> {
    const host = this.#host;
    const full = "its terminals fill the connection";
    let opening = false;
    const patience = this.#patience(within, () =>
      opening
        ? silent(host, COMMAND, "channel", within.timeoutMs)
        : refused(host, COMMAND, { refused: "limit", message: full }),
    );
    const { signal } = patience;
    try {
      for (let tries = 1; ; tries++) {
        opening = false;
        const release = await shared.takeExec(signal);
        if (release === undefined) {
          if (shared.connection.usable) throw refused(host, COMMAND, { refused: "limit", message: full });
          throw refused(host, COMMAND, { refused: "lost", message: "the connection ended" });
        }
        opening = true;
        this.#assertFits(command, shared, { release });
        const opened = await shared.openExec(command, { release, signal }, within.pty);
        if ("channel" in opened) return new ExecChannel(opened.channel, shared.connection, within.signal);
        if (tries === MAX_OPENS || opened.refused !== "soon") throw refused(host, COMMAND, opened);
        await this.#pause(SOON_MS * tries);
      }
    } finally {
      patience.dispose();
    }
  }

  /** @throws SshMcpError `invalid_argument`: a request so long would end the connection, with every session on it. */
  #assertFits(command: string, { connection }: SharedConnection, place: Pick<TakenPlace, "release">): void {
    const [, most] = MOST_BYTES.find(([ident]) => ident.test(connection.info.ident)) ?? [];
    const bytes = Buffer.byteLength(command);
    if (most === undefined || bytes <= most) return;
    place.release();
    throw new SshMcpError(
      "invalid_argument",
      `the command is ${bytes} bytes long, and ${hopName(this.#host)} takes at most ${most} in one request: a longer one would end the connection; nothing was sent.`,
      "Give it to a shell to read: command sh with the text as stdin; or write it to a file there and run that.",
    );
  }

  #patience(
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
    late: () => SshMcpError,
  ): Patience {
    return new Patience(this.#context.clock, timeoutMs, late, signal);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#context.clock.after(ms, resolve));
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw redactedError(error, this.#redact);
    }
  }
}

/** What is refused gives its place back. */
function admitted(shared: SharedConnection, place: TakenPlace, { admit }: OpenOptions): void {
  try {
    admit?.(shared.connection.info);
  } catch (error) {
    place.release();
    throw error;
  }
}

/** Whether another connection may do better: not when the server refuses even the first channel of one. */
function worthAnother(failure: OpenFailure, shared: SharedConnection): boolean {
  if (failure.refused === "lost" || failure.refused === "soon") return true;
  return failure.refused === "limit" && shared.busy;
}

function refused(host: ResolvedHost, what: string, failure: OpenFailure): SshMcpError {
  if (failure.refused === "lost")
    return new SshMcpError(
      "connect_failed",
      `The connection to ${hopName(host)} was lost while opening ${what}: ${failure.message}.${unsure(what)}`,
      "Connect again.",
    );
  const Refusal = what === SFTP && failure.refused === "request" ? NoSftp : SshMcpError;
  return new Refusal(
    "channel_refused",
    `${hopName(host)} refused ${what}: ${failure.message}.`,
    "Close a session on this host, or look at MaxSessions, PermitTTY and ForceCommand in its sshd_config.",
  );
}

/** A request that was on its way and has no answer may have been carried out. */
function unsure(what: string): string {
  return what === COMMAND ? " Whether the command was started there is unknown; it is not sent again." : "";
}

const SFTP = "SFTP";

const STEPS = {
  channel: "channel",
  "pty-req": "channel opened, pty-req",
  shell: "channel opened, shell",
  unknown: "channel, pty-req or shell",
} as const;

/** It refused nothing, it said nothing. */
function silent(host: ResolvedHost, what: string, asked: Request, timeoutMs: number): SshMcpError {
  const step = STEPS[asked];
  const nothing = asked === "shell" ? "the shell of " : "";
  return new SshMcpError(
    "channel_refused",
    `${hopName(host)} logged us in but did not answer the request for ${nothing}${what} (${step}) within ${Math.round(timeoutMs / 100) / 10} s.${unsure(what)}`,
    asked === "channel"
      ? "It may be overloaded or hold too many sessions: close one, or connect again later; timeouts.connect gives it more time."
      : "What it does before a shell (PAM session, home directory, a full process table) may hang: see the host's own log, or give it a longer timeouts.connect.",
  );
}

function notReady(host: ResolvedHost, timeoutMs: number): SshMcpError {
  return new SshMcpError(
    "connect_failed",
    `The connection to ${hopName(host)} was not ready within ${Math.round(timeoutMs / 100) / 10} s.`,
    "Try again: it is still being made, and kept for the next call.",
  );
}
