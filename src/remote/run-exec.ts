import type { Readable } from "node:stream";
import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import type { ChannelEnd, Exec, OpenOptions, Running } from "../ssh/contract.ts";
import { KeptOutput, STDERR_BYTES } from "./kept-output.ts";

/** How long the output may stay silent behind the command's own end, where something else holds it open. */
const HELD_OPEN_MS = 2_000;
/** What a command has behind a signal to end in, and then its last output to come in. */
const AFTER_TERM_MS = 1_500;
const AFTER_KILL_MS = 500;
const LAST_OUTPUT_MS = 300;

/** Why it was ended from here. */
export type StopReason = "timeout" | "limit" | "cancelled";

/** How a command on a channel of its own ended, as far as that is known. */
export type ExecEnd =
  /** `held`: something that it started kept its output open; the channel was closed from here. */
  | { readonly is: "exit"; readonly code: number; readonly held: boolean; readonly stopped?: StopReason }
  | { readonly is: "signal"; readonly signal: string; readonly held: boolean; readonly stopped?: StopReason }
  /** The server closed the channel without a word on the command. */
  | { readonly is: "no_status" }
  /** Ended from here without a word of the server; `signals`: those that it was asked to deliver. */
  | { readonly is: StopReason; readonly signals: readonly string[] }
  | { readonly is: "lost"; readonly message: string }
  /** On a device: in a session opened and closed for it. There is no exit code; `errors`: classes of error rows; `doubtful`: a row that may be a
   * refusal, which no list has; `untyped`: lines that were not typed; `called`: its name by its prompt. */
  | {
      readonly is: "in_session";
      readonly session: string;
      readonly errors?: readonly string[];
      readonly doubtful?: true;
      readonly untyped?: number;
      readonly remarks?: readonly string[];
      readonly called?: string;
    }
  /** The same: it did not come to its end, and the session was closed; `where`: what it came to. */
  | { readonly is: "unfinished"; readonly where: string; readonly session: string };

export interface ExecRun {
  readonly end: ExecEnd;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly durationMs: number;
}

export interface ExecOptions extends Pick<OpenOptions, "signal" | "admit" | "what"> {
  /** For everything: dialling, opening the channel, running. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

export interface StartOptions extends Pick<OpenOptions, "signal" | "admit" | "what" | "pty"> {
  /** Until the channel is open. */
  readonly timeoutMs: number;
  readonly stdin?: Uint8Array | undefined;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly clock: Clock;
}

/** How it is ended from here. */
export interface StopMeans {
  /** The server is asked to deliver TERM, then KILL (RFC 4254 6.9). */
  readonly signals: boolean;
  /** Tried where TERM had no answer. */
  readonly lastResort?: (beside: Exec) => Promise<void>;
}

/** A command whose channel is open. */
export class StartedExec {
  readonly ended: Promise<ExecEnd>;
  /** Bytes of its input that went on their way. */
  stdinSent = 0;
  readonly #running: Running;
  readonly #clock: Clock;
  readonly #signals: string[] = [];
  #stopped: StopReason | undefined;
  #closed = false;
  #heard: number;
  #quiet: Disposable | undefined;

  constructor(running: Running, { stdin, stdout, stderr, pty, clock }: Omit<StartOptions, "timeoutMs">) {
    this.#running = running;
    this.#clock = clock;
    this.#heard = clock.now();
    const outputs = [this.#into(running.stdout, stdout), this.#into(running.stderr, stderr)];
    void running.exited.then(() => {
      this.#heard = clock.now();
      this.#watch();
    });
    // A command may well end without reading its input.
    running.stdin.on("error", () => {});
    // A terminal has no end of file but a key.
    if (pty === undefined) this.#feed(stdin ?? new Uint8Array());
    this.ended = Promise.all([running.end, ...outputs]).then(([end]) => {
      this.#quiet?.dispose();
      return this.#endOf(end);
    });
  }

  /** Closes the channel, and leaves the command to the server. */
  close(why: StopReason): void {
    this.#stopped ??= why;
    this.#close();
  }

  /** Ends the command as well as can be, then closes the channel. Resolves when that is done. */
  async stop(why: StopReason, { signals, lastResort }: StopMeans): Promise<void> {
    if (this.#stopped !== undefined || this.#closed) return void (await this.ended);
    this.#stopped = why;
    const { beside } = this.#running;
    if (signals) {
      this.#signal("TERM");
      await this.#exitedWithin(AFTER_TERM_MS);
      if (!this.#over() && lastResort !== undefined && beside !== undefined) {
        await lastResort(beside);
        await this.#exitedWithin(AFTER_KILL_MS);
      }
      if (!this.#over()) {
        this.#signal("KILL");
        await this.#exitedWithin(AFTER_KILL_MS);
      }
    }
    if (this.#running.status() !== undefined) await this.#first(LAST_OUTPUT_MS, this.#running.end);
    this.#close();
    await this.ended;
  }

  #over(): boolean {
    return this.#closed || this.#running.status() !== undefined;
  }

  #signal(name: string): void {
    this.#signals.push(name);
    this.#running.signal(name);
  }

  #exitedWithin(ms: number): Promise<void> {
    return this.#over() ? Promise.resolve() : this.#first(ms, this.#running.exited, this.#running.end);
  }

  #first(ms: number, ...events: Promise<unknown>[]): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      for (const event of events)
        void event.then(() => {
          timer.dispose();
          resolve();
        });
    });
  }

  #close(): void {
    this.#closed = true;
    this.#running.close();
  }

  #watch(): void {
    const left =
      this.#running.status() === undefined ? HELD_OPEN_MS : this.#heard + HELD_OPEN_MS - this.#clock.now();
    if (left <= 0) this.#close();
    else this.#quiet = this.#clock.after(left, () => this.#watch());
  }

  #into(output: Readable, kept: KeptOutput): Promise<void> {
    output.on("data", (chunk: Buffer) => {
      this.#heard = this.#clock.now();
      kept.push(chunk);
    });
    return new Promise((resolve) => output.once("end", resolve).once("close", resolve));
  }

  #feed(bytes: Uint8Array): void {
    const { stdin } = this.#running;
    const next = () => {
      const part = bytes.subarray(this.stdinSent, this.stdinSent + 32 * 1024);
      if (part.length === 0) return void stdin.end();
      stdin.write(part, (error) => {
        if (error != null) return;
        this.stdinSent += part.length;
        next();
      });
    };
    next();
  }

  #endOf(end: ChannelEnd): ExecEnd {
    const held = this.#closed;
    const stopped = this.#stopped === undefined ? {} : { stopped: this.#stopped };
    const { code, signal } = this.#running.status() ?? {};
    if (code !== undefined) return { is: "exit", code, held, ...stopped };
    if (signal !== undefined) return { is: "signal", signal, held, ...stopped };
    if (end.reason === "disconnect") return { is: "lost", message: end.message };
    return this.#stopped === undefined ? { is: "no_status" } : { is: this.#stopped, signals: this.#signals };
  }
}

/**
 * Starts one command on a channel of its own and reads all it prints in bounded memory. Nothing is sent twice.
 * @throws SshMcpError like `Exec`, as long as the channel is not open.
 */
export async function startExec(exec: Exec, command: string, options: StartOptions): Promise<StartedExec> {
  const { timeoutMs, signal, admit, what, pty } = options;
  const running = await exec(command, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    ...(admit === undefined ? {} : { admit }),
    ...(what === undefined ? {} : { what }),
    ...(pty === undefined ? {} : { pty }),
  });
  return new StartedExec(running, options);
}

/** A short command of our own, with an input that has ended: out of time its channel is closed, no signal is sent. */
export async function runExec(exec: Exec, command: string, options: ExecOptions): Promise<ExecRun> {
  const { timeoutMs, signal, clock = systemClock } = options;
  const startedAt = clock.now();
  const passed = () => clock.now() - startedAt;
  const stdout = new KeptOutput();
  const stderr = new KeptOutput(STDERR_BYTES);
  const started = await startExec(exec, command, { ...options, stdout, stderr, clock });
  const timer = clock.after(Math.max(1, timeoutMs - passed()), () => started.close("timeout"));
  const givenUp = () => started.close("cancelled");
  signal?.addEventListener("abort", givenUp, { once: true });
  if (signal?.aborted === true) givenUp();
  const end = await started.ended;
  timer.dispose();
  signal?.removeEventListener("abort", givenUp);
  return { end, stdout, stderr, durationMs: passed() };
}
