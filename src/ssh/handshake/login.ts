import type { Duplex } from "node:stream";
import type { Algorithms, AnyAuthMethod, Client, NegotiatedAlgorithms, ParsedKey } from "ssh2";
import type { Clock } from "../../base/clock.ts";
import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { visible, visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { AuthTurn } from "../auth/auth.ts";
import { passwordExpired } from "../auth/refused.ts";
import { legacyInUse, noCommonAlgorithm } from "../protocol/algorithms.ts";
import { otherProtocol } from "../protocol/other-protocol.ts";
import { hopName } from "../protocol/sentences.ts";
import type { DialStep } from "../trace.ts";
import { HandshakeTap } from "./handshake-tap.ts";
import { HopTime } from "./hop-time.ts";
import { hung, type LoginStep, type Offered } from "./hung.ts";
import { DroppedEarly, networkError } from "./network-errors.ts";
import { deliverIdentWhole } from "./whole-ident.ts";

const MAX_BANNER_CHARS = 8_192;
/** A server has one key of each kind, while it changes them two. */
const MAX_HOST_KEYS = 32;

export interface LoginOptions {
  readonly ssh2: typeof import("ssh2");
  readonly host: ResolvedHost;
  readonly stream: Duplex;
  readonly algorithms: Algorithms;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Judges the first host key; an error refuses it before any credential is sent. */
  judge(blob: Buffer, offered: readonly string[]): Promise<SshMcpError | undefined>;
  /** The server has proved that it holds the key; an error ends the attempt here. */
  proved?(blob: Buffer): SshMcpError | undefined;
  /** The next authentication method; undefined: nothing is left to try. */
  authenticate(turn: AuthTurn): Promise<AnyAuthMethod | undefined>;
  /** What was sent last; undefined: nothing yet. */
  offered?(): Offered | undefined;
  note(text: string): void;
  authFailure(serverSaid?: string): SshMcpError;
  /** The error of a login whose connection was closed; undefined: nothing had been offered yet. */
  closed?(): SshMcpError | undefined;
  readonly trace?: (step: DialStep) => void;
  /** Hands over what steers the attempt from outside. */
  started?(course: LoginCourse): void;
}

/** An attempt under way. */
export interface LoginCourse {
  /** Ends it with an error of the caller's. */
  drop(error: SshMcpError): void;
  /** Stops its time while something here is waited for, such as a command that prints a secret; the result goes on. */
  hold(): () => void;
}

/** An authenticated client and what was learned on the way. */
export interface LoggedIn {
  readonly client: Client;
  readonly ident: string;
  readonly banner: string;
  readonly blob: Buffer;
  readonly negotiated: NegotiatedAlgorithms;
}

/** Key exchange and login over a connected stream. Whatever goes wrong destroys the stream and rejects once. */
export function login(options: LoginOptions): Promise<LoggedIn> {
  return new Promise((resolve, reject) => {
    const { host, stream } = options;
    const client = new options.ssh2.Client();
    const tap = new HandshakeTap();
    let phase: LoginStep = "identification";
    let settled = false;
    let banner = "";
    let key: Buffer | undefined;
    let refused: SshMcpError | undefined;
    let negotiated: NegotiatedAlgorithms | undefined;
    let seen = (): Buffer => Buffer.alloc(0);

    const loggingIn = () => phase === "service" || phase === "login";
    const settle = (error?: SshMcpError) => {
      if (settled) return;
      settled = true;
      time.dispose();
      options.signal.removeEventListener("abort", aborted);
      stream.removeListener("data", tapped);
      if (error === undefined && key !== undefined && negotiated !== undefined) {
        const shown = visible(banner.replaceAll("\r\n", "\n"));
        resolve({ client, ident: tap.ident ?? "", banner: shown, blob: key, negotiated });
        return;
      }
      stream.destroy();
      reject(error ?? fault(host, "broke the SSH protocol: it accepted the login before a key exchange"));
    };
    const aborted = () => settle(new SshMcpError("connect_failed", `${hopName(host)}: given up.`));
    const time = new HopTime(options.clock, options.timeoutMs, () =>
      settle(foreign() ?? hung(host, phase, options.offered?.())),
    );
    const tapped = (chunk: Buffer) => {
      if (tap.feed(chunk) === "flood")
        return settle(fault(host, "sends endless text instead of an SSH identification"));
      if (phase === "identification" && tap.ident !== undefined) {
        phase = "key exchange";
        options.trace?.({ step: "ident", ident: tap.ident, greeting: tap.greeting });
      }
      if (!tap.done) return;
      stream.removeListener("data", tapped);
      if (tap.offer !== undefined) options.trace?.({ step: "offer", offer: tap.offer });
    };

    // Listeners stand before the connect and stay for life: an error without one would end the process.
    client.on("error", (error: Error & { level?: string; code?: unknown }) => {
      if (settled) return;
      if (error.level === "agent" || error.level === "client-authentication") {
        // ssh2 goes on to the next method by itself.
        options.note(`A key could not sign: ${visibleLine(error.message, 120)}`);
        return;
      }
      settle(refused ?? explain(error));
    });
    client.on("close", () => settle(closedError()));
    client.on("connect", () => stream.on("data", tapped));
    client.on("banner", (text: string) => {
      if (banner.length < MAX_BANNER_CHARS) banner = (banner + text).slice(0, MAX_BANNER_CHARS);
    });
    client.on("handshake", (now) => {
      if (negotiated !== undefined || key === undefined) return;
      negotiated = now;
      phase = "service";
      options.trace?.({
        step: "agreed",
        kex: now.kex,
        hostKey: now.serverHostKey,
        cipher: now.sc.cipher,
        mac: now.sc.mac,
        legacy: legacyInUse(now),
      });
      const error = options.proved?.(key);
      if (error) settle(error);
    });
    // ssh2 asks for the proofs by itself, and passes on the keys that were proved.
    client.on("hostkeys", (keys: readonly ParsedKey[]) => {
      const blobs = keys.slice(0, MAX_HOST_KEYS).map((one) => Buffer.from(one.getPublicSSH()));
      options.trace?.({ step: "host_keys", keys: blobs });
    });
    client.on("change password", () => settle(passwordExpired(host)));
    client.on("ready", () => settle());

    const explain = (error: Error & { code?: unknown }): SshMcpError => {
      // The stream's own word, such as how a ProxyCommand ended.
      if (error instanceof SshMcpError) return error;
      const { message } = error;
      if (/no matching/i.test(message) && tap.offer !== undefined) {
        const found = noCommonAlgorithm(hopName(host), tap.offer, host.legacy);
        if (found) return found;
      }
      // A number is the reason code of SSH_MSG_DISCONNECT (RFC 4253 11.1); the message is the server's.
      if (typeof error.code === "number")
        return phase === "login"
          ? options.authFailure(message)
          : fault(host, `ended the connection: ${visibleLine(message, 200)}`);
      const code = errorCode(error);
      const reset = code === "ECONNRESET" || code === "EPIPE";
      // Whether the server or the way to it did that is unknown, so it is no refusal.
      if (reset && loggingIn()) return fault(host, "reset the connection during the login");
      if (reset || message === "Connection lost before handshake") return closedError();
      if (code !== undefined) return networkError(host, error);
      return fault(host, `broke the SSH protocol: ${visibleLine(message, 200)}`);
    };
    /** What speaks another protocol is no SSH server, and will be none when it is asked again. */
    const foreign = (): SshMcpError | undefined => {
      const spoken = phase === "identification" ? otherProtocol(seen()) : undefined;
      return spoken && fault(host, `answers in ${spoken.name}, not in SSH${spoken.said}`);
    };
    const closedError = (): SshMcpError => {
      if (loggingIn()) return options.closed?.() ?? fault(host, "closed the connection during the login");
      const said = tap.greeting === "" ? "" : ` after saying: ${tap.greeting}`;
      if (phase === "key exchange") return fault(host, "closed the connection during the key exchange");
      const other = foreign();
      if (other) return other;
      return new DroppedEarly(
        "connect_failed",
        `${hopName(host)} closed the connection before identifying itself${said}.`,
        "It may be overloaded, limit connections from here, or not be an SSH server; try again in a minute.",
      );
    };

    options.signal.addEventListener("abort", aborted, { once: true });
    options.started?.({ drop: settle, hold: () => time.hold() });
    if (options.signal.aborted) aborted();
    if (settled) return;
    seen = deliverIdentWhole(stream);
    try {
      client.connect({
        sock: stream,
        username: host.user,
        ident: "ssh-mcp",
        // Our own timer covers the whole hop; ssh2's would stop at the first error it reports.
        readyTimeout: 0,
        // Some devices end a connection that asks for a sign of life (Huawei SmartAX, Nokia ISAM).
        keepaliveInterval: host.login?.keepalive === "off" ? 0 : host.timing.keepaliveIntervalMs,
        keepaliveCountMax: host.timing.keepaliveCount,
        algorithms: options.algorithms,
        // Called at every rekey: the first key is pinned, so later calls only compare (RFC 4253 9).
        hostVerifier: (blob: Buffer, verify: (good: boolean) => void) => {
          if (key !== undefined) return verify(key.equals(blob));
          const first = Buffer.from(blob);
          options.judge(first, tap.offer?.hostKey ?? []).then(
            (error) => {
              if (settled) return;
              refused = error;
              if (error === undefined) key = first;
              verify(error === undefined);
            },
            (error: unknown) =>
              settle(
                error instanceof SshMcpError
                  ? error
                  : fault(host, `has no readable key: ${messageOf(error)}`),
              ),
          );
        },
        authHandler: (left: readonly string[] | null, partial, next) => {
          phase = "login";
          options.authenticate({ left, partial: partial === true, ident: tap.ident ?? "" }).then(
            (method) => {
              if (settled) return;
              if (method === undefined) settle(options.authFailure());
              else next(method);
            },
            (error: unknown) =>
              settle(error instanceof SshMcpError ? error : fault(host, `login failed: ${messageOf(error)}`)),
          );
        },
      });
    } catch (error) {
      settle(fault(host, `cannot be connected to: ${messageOf(error)}`));
    }
  });
}

function fault(host: ResolvedHost, what: string): SshMcpError {
  return new SshMcpError(
    "connect_failed",
    `${hopName(host)} ${what}.`,
    "Check that address and port lead to the right SSH server, then connect again.",
  );
}
