import type { Clock, Disposable } from "../base/clock.ts";
import type { Permit } from "../base/contract/permit.ts";
import { visibleLine } from "../base/text.ts";
import { NOT_ENTERED_EXIT } from "../remote/exec-line.ts";
import type { KeptOutput } from "../remote/kept-output.ts";
import type { StopReason } from "../remote/run-exec.ts";
import type { ExecMark, ExecOrder, ExecRecord } from "./types.ts";

/** Places in its output that a caller may go on from; older ones are forgotten. */
const MARKS = 100;
const NOT_SAID = "the shell did not say why";

/** What carries it out: its channel, or a session of its own. */
export interface Work {
  readonly ended: Promise<ExecRecord["end"]>;
  /** Its session, where it has one. */
  readonly session?: string;
  stop(why: StopReason): Promise<unknown>;
  /** Bytes of its input that went on their way. */
  readonly stdinSent?: number;
}

/** One command without a session, from its order to what is kept of it. */
export class ExecItem implements ExecRecord {
  readonly id: number;
  readonly host: string;
  readonly order: ExecOrder;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly permit: Permit;
  /** One of a fleet. */
  readonly member: boolean;
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #marks = new Map<number, ExecMark>();
  #startedAt: number;
  #endedAt: number | undefined;
  #end: ExecRecord["end"] = { is: "running" };
  #work: Work | undefined;
  #limit: Disposable | undefined;
  #stopping: StopReason | undefined;
  #finished: () => void = () => {};

  constructor(
    { id, host, order, permit, member }: Pick<ExecItem, "id" | "host" | "order" | "permit" | "member">,
    { stdout, stderr, clock }: { stdout: KeptOutput; stderr: KeptOutput; clock: Clock },
  ) {
    this.id = id;
    this.host = host;
    this.order = order;
    this.permit = permit;
    this.member = member;
    this.stdout = stdout;
    this.stderr = stderr;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.ended = new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  get command(): string {
    return this.order.command;
  }

  get pty(): boolean {
    return this.order.pty === true;
  }

  get end(): ExecRecord["end"] {
    return this.#end;
  }

  get running(): boolean {
    return this.#end.is === "running";
  }

  get startedAt(): number {
    return this.#startedAt;
  }

  get durationMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  get session(): string | undefined {
    return this.#work?.session;
  }

  get stdinUnsent(): number {
    const { stdin } = this.order;
    if (stdin === undefined || this.running) return 0;
    return Buffer.byteLength(stdin) - (this.#work?.stdinSent ?? 0);
  }

  /** It runs from now on. `limitMs` alone ends it, if nobody does. */
  began(work: Work, limitMs: number | undefined): void {
    this.#work = work;
    if (limitMs !== undefined)
      this.#limit = this.#clock.after(
        Math.max(1, limitMs - this.durationMs),
        () => void this.stop("limit").catch(() => {}),
      );
    void work.ended.then(
      (end) => this.finish(end),
      () => this.finish({ is: "no_status" }),
    );
    if (this.#stopping !== undefined) void work.stop(this.#stopping);
  }

  finish(end: ExecRecord["end"]): void {
    if (!this.running) return;
    this.#limit?.dispose();
    this.#endedAt = this.#clock.now();
    this.#end = this.#judged(end);
    this.#finished();
  }

  /** Ends it as well as can be; resolves when what is known of it is known. */
  async stop(why: StopReason): Promise<void> {
    this.#stopping ??= why;
    await this.#work?.stop(why);
    if (this.#work !== undefined) await this.ended;
  }

  mark(): number {
    const cursor = this.stdout.bytes + this.stderr.bytes;
    const place = { out: this.stdout.lineStart, err: this.stderr.lineStart };
    this.#marks.delete(cursor);
    this.#marks.set(cursor, place);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MARKS && oldest !== undefined) this.#marks.delete(oldest);
    return cursor;
  }

  marked(cursor: number): ExecMark | undefined {
    return cursor === 0 ? { out: 0, err: 0 } : this.#marks.get(cursor);
  }

  /** A directory that could not be entered is no end of the command. */
  #judged(end: ExecRecord["end"]): ExecRecord["end"] {
    const { notEntered } = this.order;
    if (notEntered === undefined || end.is !== "exit" || end.code !== NOT_ENTERED_EXIT) return end;
    const output = this.pty ? this.stdout : this.stderr;
    const lines = output.since(0).lines.map((line) => line.trimEnd());
    if (lines.at(-1) !== notEntered) return end;
    const said = lines.slice(0, -1).join(" ").trim();
    const why = said === "" ? NOT_SAID : visibleLine(said, 200);
    return { is: "not_run", why: `the directory could not be entered (${why})` };
  }
}
