import type { Clock } from "../base/clock.ts";
import { holds, type Permit } from "../base/contract/permit.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { Side, Sums } from "../remote/move/side.ts";
import { readSums, sumScript } from "../remote/move/sums.ts";
import { collect } from "../ssh/collect.ts";
import type { Exec, Transport } from "../ssh/contract.ts";
import { admission } from "./exec-refusal.ts";
import type { FilesPlan } from "./host-files.ts";
import type { MultiplexerOptions } from "./options.ts";
import { askForUnix, UNIX_QUESTION } from "./unix-proof.ts";

/** What reads the question from its input: every login shell takes it for the same. */
const READER = "sh";
const ASK_MS = 20_000;
/** Some terabytes at a disk's pace are beyond it; a transfer's end does not wait for ever. */
const SUM_MS = 60 * 60_000;
const MAX_OUTPUT = 256 * 1024;

interface Parts extends Pick<MultiplexerOptions, "refuses" | "onQuestion"> {
  readonly transport: Transport;
  readonly catalog: Catalog | undefined;
  readonly clock: Clock;
}

/** Asks hosts for SHA-256 sums of their files, where a POSIX shell is known to take exec requests and policy allows it. */
export class HostSums {
  readonly #parts: Parts;
  /** What hosts of unknown platform came to when they were asked; undefined: a Unix shell. */
  readonly #answered = new Map<string, string | undefined>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How a host's files are asked for, or why they are not. Nothing is sent before the first question. */
  of({ host, session }: FilesPlan, permit: Permit): Pick<Side, "sums" | "noSums"> {
    const { exec } = this.#parts.transport.link(host);
    const why = exec === undefined ? "the host takes no exec requests" : this.#refused(host);
    if (exec === undefined || why !== undefined) return { noSums: why };
    // Its shell has shown itself by the session's own framing.
    const unix = session?.cwd !== undefined && session.place === undefined && session.level === 1;
    return { sums: this.#asking(exec, host, permit, unix) };
  }

  #refused(host: ResolvedHost): string | undefined {
    const { catalog, refuses } = this.#parts;
    if (host.platform !== "posix" && host.platform !== "auto") {
      if (catalog === undefined || catalog.profile(host.platform).framing !== "sentinel")
        return `the platform ${host.platform} has no POSIX shell`;
    }
    const denied = refuses?.(READER, host) ?? refuses?.(sumScript([]), host);
    return denied === undefined ? undefined : `its question is not allowed there: ${denied}`;
  }

  #asking(exec: Exec, host: ResolvedHost, permit: Permit, unix: boolean): Sums {
    return async (files, signal) => {
      const none = files.map(() => undefined);
      try {
        if (!unix && (await this.#whyNoUnix(exec, host, permit, signal)) !== undefined) return none;
        const script = sumScript(files);
        if (this.#parts.refuses?.(script, host) !== undefined) return none;
        this.#record(script, permit, host);
        const { stdout } = await collect(exec, READER, {
          timeoutMs: SUM_MS,
          maxBytes: MAX_OUTPUT,
          stdin: script,
          clock: this.#parts.clock,
          ...(signal === undefined ? {} : { signal }),
        });
        signal?.throwIfAborted();
        return readSums(stdout.toString("utf8"), files.length);
      } catch (error) {
        signal?.throwIfAborted();
        // A sum that nobody told is told as that; a link that went is met by the transfer itself.
        if (error instanceof SshMcpError) return none;
        throw error;
      }
    };
  }

  /** A host of unknown platform is asked once what takes exec requests there. Undefined: a Unix shell does. */
  async #whyNoUnix(
    exec: Exec,
    host: ResolvedHost,
    permit: Permit,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const admit = await admission(host, this.#parts.catalog);
    if (admit === undefined) return undefined;
    const end = `${host.user}@${host.address}:${host.port}`;
    if (this.#answered.has(end)) return this.#answered.get(end);
    const denied = this.#parts.refuses?.(UNIX_QUESTION, host);
    if (denied !== undefined) return denied;
    this.#record(UNIX_QUESTION, permit, host);
    const answer = await askForUnix(exec, host, {
      timeoutMs: ASK_MS,
      clock: this.#parts.clock,
      admit,
      ...(signal === undefined ? {} : { signal }),
    });
    const why = answer.is === "unix" ? undefined : messageOf(answer.why);
    if (answer.is === "unix" || answer.stands) this.#answered.set(end, why);
    return why;
  }

  /** @throws Error: no permit holds it. */
  #record(text: string, permit: Permit, host: ResolvedHost): void {
    const bytes = Buffer.from(text);
    const reason = { as: "setup" } as const;
    if (!holds(permit, bytes, reason)) throw new Error("no permit holds this question");
    this.#parts.onQuestion?.({ permit, bytes, reason }, { name: "sha256", host: host.name });
  }
}
