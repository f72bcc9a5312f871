import type { Duplex } from "node:stream";
import type { Clock } from "../../base/clock.ts";
import type { AskPerson } from "../../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import { Authentication } from "../auth/auth.ts";
import { Connection } from "../channels/connection.ts";
import { gatherWrites } from "../channels/gathered.ts";
import { lostHop } from "../channels/tunnel.ts";
import type { LinkInfo } from "../contract.ts";
import { type ApproveKey, approvedKey } from "../host-keys/approved-key.ts";
import {
  authoritiesOf,
  judgeHostKey,
  knownHostsName,
  linesFor,
  plainKey,
  refusal,
} from "../host-keys/host-key.ts";
import type { KnownHostLine } from "../host-keys/known-hosts.ts";
import { commandLines } from "../host-keys/known-hosts-command.ts";
import { appendKnownHost, readKnownHosts } from "../host-keys/known-hosts-file.ts";
import { algorithmsFor, keyTypeOf, legacyInUse, type OurOffer } from "../protocol/algorithms.ts";
import { blobType, fingerprint } from "../protocol/key-blob.ts";
import { loadSsh2, offerable } from "../protocol/ssh2.ts";
import type { DialStep, Trace } from "../trace.ts";
import { type LoggedIn, type LoginCourse, login } from "./login.ts";

/** What every dial needs besides the host. */
export interface DialContext {
  readonly readSecret: ReadSecret;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** What a ProxyCommand is given, asked for each time; left out: `env`. @throws SshMcpError where whoever dials has gone. */
  readonly commandEnv?: () => Promise<NodeJS.ProcessEnv>;
  readonly trace?: Trace;
  /** A refused login is tried again at once: for what a person runs by hand. */
  readonly repeatRefused?: boolean;
  /** Asks a person what is no secret; undefined as an answer: there is nobody, or none was given. */
  readonly ask?: AskPerson;
  /** Asks a person whether a key that nobody knows yet is the host's; left out: such a key is refused. */
  readonly approveKey?: ApproveKey;
}

/**
 * Opens the stream to a host: a TCP socket, or a tunnel through its last jump host. `leftMs` is what the hop has left of
 * its time; what the jump hosts took is not counted.
 */
export type OpenStream = (
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<{ readonly stream: Duplex; readonly leftMs: number }>;

/** One hop: stream, key exchange, host key, login. @throws SshMcpError; `DroppedEarly` when trying again may help. */
export async function dial(
  host: ResolvedHost,
  openStream: OpenStream,
  context: DialContext,
  signal: AbortSignal,
): Promise<Connection> {
  const refusedTypes = new Set<string>();
  for (;;) {
    const attempt = new Attempt(host, context);
    try {
      return await attempt.run(openStream, signal, refusedTypes);
    } catch (error) {
      if (error instanceof SshMcpError && host.unheeded !== undefined)
        error.message += ` Ignored in the ssh configuration, and may matter: ${host.unheeded.join("; ")}.`;
      // A fingerprint does not tell its key's type, so the server is asked for each type it has.
      const type = attempt.wrongPinType;
      if (type === undefined || refusedTypes.has(type)) {
        context.trace?.(host, { step: "failed", error });
        throw error;
      }
      refusedTypes.add(type);
    }
  }
}

class Attempt {
  readonly #host: ResolvedHost;
  readonly #context: DialContext;
  #how: LinkInfo["hostKey"]["how"] = "known";
  readonly #warnings: string[] = [];
  /** Type of a key that is not the pinned one, when the server has further types. */
  wrongPinType: string | undefined;

  constructor(host: ResolvedHost, context: DialContext) {
    this.#host = host;
    this.#context = context;
  }

  async run(
    openStream: OpenStream,
    signal: AbortSignal,
    refusedTypes: ReadonlySet<string>,
  ): Promise<Connection> {
    const host = this.#host;
    const { clock, readSecret, env, ask } = this.#context;
    const ssh2 = await loadSsh2();
    const trace = (step: DialStep) => this.#context.trace?.(host, step);
    trace({ step: "dialling" });
    const lines = await commandLines(host, env);
    const algorithms = await offerable(offerFor(host, refusedTypes, lines));
    const { stream, leftMs } = await openStream(host.timing.connectTimeoutMs, signal);
    gatherWrites(stream);
    trace({ step: "connected" });
    let course: LoginCourse | undefined;
    /** What is waited for on our side is not the server's time. */
    const held =
      <A, R>(work: (given: A) => Promise<R>) =>
      async (given: A): Promise<R> => {
        const goOn = course?.hold();
        try {
          return await work(given);
        } finally {
          goOn?.();
        }
      };
    const auth = new Authentication(host, {
      ssh2,
      readSecret: held(readSecret),
      env,
      now: () => clock.wallTime(),
      trace,
      onEnd: (error) => course?.drop(error),
      ...(ask === undefined ? {} : { ask: held(ask) }),
    });
    const loggedIn = await login({
      ssh2,
      host,
      stream,
      algorithms,
      clock,
      signal,
      timeoutMs: leftMs,
      judge: (blob, offered) => this.#judge(blob, offered, refusedTypes),
      proved: (blob) => this.#record(blob),
      authenticate: (turn) => auth.next(turn),
      offered: () => auth.offered,
      note: (text) => auth.note(text),
      authFailure: (said) => auth.failure(said),
      closed: () => auth.closed(),
      trace,
      started: (begun) => {
        course = begun;
      },
    }).catch((error: unknown) => {
      throw throughLostHop(host, stream, error);
    });
    const connection = new Connection(loggedIn.client, stream, this.#info(loggedIn, auth), clock);
    const roundTrip = (timeoutMs: number) => connection.roundTrip(timeoutMs);
    trace({ step: "logged_in", method: auth.used, roundTrip });
    return connection;
  }

  async #judge(
    blob: Buffer,
    offered: readonly string[],
    refusedTypes: ReadonlySet<string>,
  ): Promise<SshMcpError | undefined> {
    const host = this.#host;
    const printed = await commandLines(host, this.#context.env, blob);
    // Read at the last moment: a parallel dial may have recorded the key since.
    const lines = [...readKnownHosts(host.hostKey.files), ...printed];
    const verdict = judgeHostKey(host, blob, lines, this.#context.clock.wallTime());
    const asked =
      verdict.verdict === "unknown" && host.hostKey.mode === "strict"
        ? await approvedKey(host, blob, this.#context.approveKey)
        : {};
    this.#context.trace?.(host, {
      step: "host_key",
      type: blobType(blob) ?? "",
      fingerprint: fingerprint(plainKey(blob)),
      verdict: verdict.verdict,
      ...("line" in verdict ? { where: `${verdict.line.file}:${verdict.line.line}` } : {}),
      ...(asked.by === undefined ? {} : { approval: asked.by }),
    });
    if (asked.by !== undefined) {
      this.#how = "approved";
      return undefined;
    }
    if (asked.refusal !== undefined) return asked.refusal;
    if (verdict.verdict === "unknown" && host.hostKey.mode === "accept-new") {
      this.#how = "accepted_new";
      return undefined;
    }
    if (verdict.verdict === "pinned" || verdict.verdict === "certified") this.#how = verdict.verdict;
    if (verdict.verdict === "pin_mismatch") {
      const type = blobType(blob);
      const others = offered.map(keyTypeOf).some((name) => name !== type && !refusedTypes.has(name));
      if (others) this.wrongPinType = type;
    }
    return refusal(host, blob, verdict);
  }

  /** Only now has the server proved, by its signature, that the new key is its own. */
  #record(blob: Buffer): undefined {
    if (this.#how !== "accepted_new" && this.#how !== "approved") return;
    const host = this.#host;
    const [file] = host.hostKey.files;
    try {
      if (file === undefined) throw new Error("no known_hosts file is configured");
      // A parallel dial may have recorded it meanwhile.
      const lines = readKnownHosts(host.hostKey.files);
      if (judgeHostKey(host, blob, lines, this.#context.clock.wallTime()).verdict === "known") return;
      appendKnownHost(file, knownHostsName(host), blobType(blob) ?? "", blob);
    } catch (error) {
      this.#warnings.push(`the new host key could not be recorded: ${messageOf(error)}`);
    }
  }

  #info({ ident, banner, blob, negotiated }: LoggedIn, auth: Authentication): LinkInfo {
    return {
      ident,
      banner,
      hostKey: { fingerprint: fingerprint(plainKey(blob)), type: blobType(blob) ?? "", how: this.#how },
      auth: auth.used,
      warnings: [...this.#warnings, ...auth.warnings, ...legacyInUse(negotiated)],
    };
  }
}

/** A login that ended because a hop on the way did is no fault of the host's. */
function throughLostHop(host: ResolvedHost, stream: Duplex, error: unknown): unknown {
  const lost = lostHop(stream);
  if (lost === undefined || !(error instanceof SshMcpError)) return error;
  return new SshMcpError(
    "connect_failed",
    `On the way to ${host.name}: ${lost}.`,
    "Try again; ssh-mcp doctor tries each hop.",
    {
      cause: error,
    },
  );
}

/** What to offer the host; types already known for it come first, certificates only where an authority is known for it. */
export function offerFor(
  host: ResolvedHost,
  without?: ReadonlySet<string>,
  printed: readonly KnownHostLine[] = [],
  certified = true,
): OurOffer {
  const lines = [...readKnownHosts(host.hostKey.files), ...printed];
  const types = linesFor(host, lines)
    .filter(({ marker }) => marker === "none")
    .map(({ type }) => type);
  return algorithmsFor(host.legacy, types, without, certified && authoritiesOf(host, lines).length > 0);
}
