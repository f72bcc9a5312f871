import type { Clock } from "../base/clock.ts";
import type { Caller } from "../base/contract/caller.ts";
import { holds, type Permit } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import type { Catalog } from "../devices/catalog.ts";
import { type ExecRun, runExec } from "../remote/run-exec.ts";
import type { Exec, Transport } from "../ssh/contract.ts";
import { admission, takesNone } from "./exec-refusal.ts";
import type { MultiplexerOptions } from "./options.ts";
import type { ExecPlan, ExecRecord } from "./types.ts";
import { askForUnix, UNIX_QUESTION } from "./unix-proof.ts";

/** What is kept of finished ones for reading, over all hosts; the oldest goes first, the newest stays. */
const KEPT_BYTES = 32 * 1024 * 1024;
const KEPT = 200;
/** What a question has to leave of a call's time, in ms: a command that is sent with less could not be seen to begin. */
const WORTH_MS = 250;
const LOST_TWICE = "its connection ended both times when what takes exec requests there was asked what it is";

/** Commands on channels of their own: numbered over all hosts, and kept for reading when they have ended. */
export class Execs {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #catalog: Catalog | undefined;
  readonly #ended = new Map<number, { readonly record: ExecRecord; readonly size: number }>();
  /** Those that run on a device, where each is a login of its own. */
  readonly #logins = new Map<string, string>();
  /** What hosts of unknown platform came to when they were asked. */
  readonly #answered = new Map<string, "unix" | SshMcpError>();
  /** Those whose connection ended when they were asked. */
  readonly #lostAt = new Set<string>();
  readonly #told: Pick<MultiplexerOptions, "onQuestion" | "refuses">;
  #last = 0;

  constructor(
    transport: Transport,
    clock: Clock,
    catalog: Catalog | undefined,
    told: Pick<MultiplexerOptions, "onQuestion" | "refuses"> = {},
  ) {
    this.#told = told;
    this.#transport = transport;
    this.#clock = clock;
    this.#catalog = catalog;
  }

  /** Logins of those that run now on devices: a name for each, and its host. */
  logins(): Iterable<readonly [string, string]> {
    return this.#logins;
  }

  /** @throws SshMcpError `channel_refused` and those of `Exec`. */
  async run(
    plan: ExecPlan,
    command: string,
    permit: Permit,
    caller: Caller,
    timeoutMs: number,
  ): Promise<ExecRecord> {
    const { host } = plan;
    if (!permit.lines.includes(command)) throw new Error("no permit holds this command");
    const { exec } = this.#transport.link(host);
    if (exec === undefined)
      throw new SshMcpError("channel_refused", `${host.name} takes no exec requests; nothing was sent`);
    const id = ++this.#last;
    const login = `ssh_exec #${id}`;
    if (host.limits.exact === true) this.#logins.set(login, host.name);
    const { signal } = caller;
    let sent = false;
    try {
      const startedAt = this.#clock.now();
      const asked = await this.#assertNoDevice(plan, exec, { login, timeoutMs, permit, signal });
      const left = timeoutMs - (this.#clock.now() - startedAt);
      if (asked && left < WORTH_MS) throw noTimeLeft(host.name, timeoutMs);
      sent = true;
      const options = { timeoutMs: left, signal, clock: this.#clock };
      return this.#keep(id, host.name, command, await runExec(exec, command, options));
    } catch (error) {
      throw signal.aborted && !(error instanceof SshMcpError) ? givenUp(host.name, sent) : error;
    } finally {
      this.#logins.delete(login);
    }
  }

  /**
   * A host of unknown platform is no device's command line: a session on it has shown a Unix shell, or one answers here.
   * What answered as none is not asked again. True: it was asked now.
   */
  async #assertNoDevice(
    { host, unix }: ExecPlan,
    exec: Exec,
    { login, permit, ...bounds }: { login: string; permit: Permit; timeoutMs: number; signal: AbortSignal },
  ): Promise<boolean> {
    const admit = await admission(host, this.#catalog);
    if (admit === undefined || unix === true) return false;
    const end = `${host.user}@${host.address}:${host.port}`;
    const known = this.#answered.get(end);
    if (known === "unix") return false;
    if (known !== undefined) throw known;
    const denied = this.#told.refuses?.(UNIX_QUESTION, host);
    if (denied !== undefined)
      throw takesNone(
        host,
        `what it is cannot be asked, ${denied}, and no session on it has shown a Unix shell`,
      );
    const bytes = Buffer.from(UNIX_QUESTION);
    const reason = { as: "setup" } as const;
    if (!holds(permit, bytes, reason)) throw new Error("no permit holds this question");
    this.#told.onQuestion?.({ permit, bytes, reason }, { name: login, host: host.name });
    const answer = await askForUnix(exec, host, { ...bounds, admit, clock: this.#clock });
    if (answer.is === "unix") {
      this.#answered.set(end, "unix");
      return true;
    }
    const { why, stands } = answer;
    if (stands) this.#answered.set(end, why);
    if (why.code === "connect_failed") {
      // Some devices end the connection, and every session on it, at an exec request.
      if (this.#lostAt.has(end)) this.#answered.set(end, takesNone(host, LOST_TWICE));
      this.#lostAt.add(end);
    }
    throw why;
  }

  record(id: number): ExecRecord | undefined {
    return this.#ended.get(id)?.record;
  }

  /** @throws SshMcpError `unknown_command`. */
  known(id: number): ExecRecord {
    const record = this.record(id);
    if (record !== undefined) return record;
    const ids = [...this.#ended.keys()];
    throw new SshMcpError(
      "unknown_command",
      `there is no ended ssh_exec #${id}${ids.length === 0 ? ": none has ended yet" : ", or it is no longer kept"}.`,
      ids.length === 0 ? undefined : `#${ids[0]} to #${ids.at(-1)} can be read.`,
    );
  }

  #keep(id: number, host: string, command: string, { end, stdout, stderr, durationMs }: ExecRun): ExecRecord {
    const record = { id, host, command, end, durationMs, stdout, stderr };
    this.#ended.set(id, { record, size: stdout.size + stderr.size });
    let total = [...this.#ended.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [oldest, { size }] of this.#ended) {
      if (oldest === id || (total <= KEPT_BYTES && this.#ended.size <= KEPT)) break;
      this.#ended.delete(oldest);
      total -= size;
    }
    return record;
  }
}

function givenUp(host: string, sent: boolean): SshMcpError {
  return new SshMcpError(
    "not_ready",
    sent
      ? `the call was given up before the command's channel on ${host} was open; whether it was started there is unknown`
      : `the call was given up while ${host} was asked whether a Unix shell takes exec requests there; the command was NOT sent`,
  );
}

function noTimeLeft(host: string, timeoutMs: number): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `the question whether a Unix shell takes exec requests on ${host} was answered, and took the ${timeoutMs / 1000} s of the call; the command was NOT sent`,
    "Call again: the answer is kept, and the whole time is the command's.",
  );
}
