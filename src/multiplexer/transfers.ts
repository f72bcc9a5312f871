import type { Clock } from "../base/clock.ts";
import type { FileOp } from "../base/contract/action.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import type { Moved } from "../remote/move/order.ts";

/** At once; each holds some megabytes. */
const MOST_RUNNING = 8;
/** Ended ones that can be asked for. */
const KEPT = 100;

/** One transfer, which outlasts the call that began it. */
export interface Transfer {
  /** `T3`. */
  readonly id: string;
  readonly op: FileOp;
  readonly host: string;
  /** As far as it has come; still changing while it runs. */
  readonly moved: Moved;
  /** Bytes that have arrived at the other side. */
  readonly arrived: number;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Of one that failed or was cancelled. */
  readonly error?: SshMcpError;
  readonly durationMs: number;
  /** Resolves with its end; never rejects. */
  readonly ended?: Promise<void>;
}

export interface TransferOrder {
  readonly op: FileOp;
  readonly host: string;
  /** Where it goes; two transfers to one place would be in each other's way. */
  readonly target: string;
  readonly moved: Moved;
}

class Running implements Transfer {
  readonly id: string;
  readonly op: FileOp;
  readonly host: string;
  readonly target: string;
  readonly moved: Moved;
  readonly giveUp = new AbortController();
  readonly ended: Promise<void>;
  arrived = 0;
  state: Transfer["state"] = "running";
  error?: SshMcpError;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #endedAt: number | undefined;

  constructor(id: string, { op, host, target, moved }: TransferOrder, work: Work, clock: Clock) {
    this.id = id;
    this.op = op;
    this.host = host;
    this.target = target;
    this.moved = moved;
    this.#clock = clock;
    this.#startedAt = clock.now();
    const onBytes = (bytes: number) => {
      this.arrived += bytes;
    };
    this.ended = work(this.giveUp.signal, onBytes).then(
      () => this.#end("done"),
      (error: unknown) => {
        this.error = error instanceof SshMcpError ? error : unexpected(error);
        this.#end(this.giveUp.signal.aborted ? "cancelled" : "failed");
      },
    );
  }

  get durationMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  #end(state: Transfer["state"]): void {
    this.state = state;
    this.#endedAt = this.#clock.now();
  }
}

type Work = (signal: AbortSignal, onBytes: (bytes: number) => void) => Promise<unknown>;

/** Transfers by id. They are nobody's wait: each goes on until it ends or is cancelled. */
export class Transfers {
  readonly #clock: Clock;
  readonly #all = new Map<string, Running>();
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws SshMcpError `busy`, `limit_reached`. */
  start(order: TransferOrder, work: Work): Transfer {
    const running = [...this.#all.values()].filter(({ state }) => state === "running");
    const other = running.find(({ target }) => target === order.target);
    if (other !== undefined)
      throw new SshMcpError("busy", `transfer ${other.id} goes to the same place`, waitOn(other));
    if (running.length >= MOST_RUNNING)
      throw new SshMcpError(
        "limit_reached",
        `${running.length} transfers are running, as many as may at once: ${running.map(({ id }) => id).join(", ")}`,
        "Wait for one, or cancel it.",
      );
    const transfer = new Running(`T${++this.#last}`, order, work, this.#clock);
    this.#all.set(transfer.id, transfer);
    this.#forgetOldest();
    return transfer;
  }

  /** @throws SshMcpError `unknown_command` naming those there are. */
  known(id: string): Transfer {
    return this.#known(id);
  }

  /** Until it has ended, `ms` are over, or the caller gives the wait up; the transfer goes on. */
  async wait(id: string, ms: number, signal: AbortSignal): Promise<Transfer> {
    const transfer = this.#known(id);
    let over = () => {};
    const waited = new Promise<void>((resolve) => {
      over = resolve;
    });
    const timer = this.#clock.after(ms, over);
    signal.addEventListener("abort", over, { once: true });
    if (signal.aborted) over();
    await Promise.race([transfer.ended, waited]);
    timer.dispose();
    signal.removeEventListener("abort", over);
    return transfer;
  }

  /** Ends one, and resolves when it has ended; what arrived stays as a part to go on from. */
  async cancel(id: string): Promise<Transfer> {
    const transfer = this.#known(id);
    transfer.giveUp.abort(new SshMcpError("not_ready", "the transfer was cancelled"));
    await transfer.ended;
    return transfer;
  }

  /** Ends all; resolves when they have let go of their files, within 1 s. */
  async dispose(): Promise<void> {
    const all = [...this.#all.values()];
    for (const { giveUp } of all) giveUp.abort(new SshMcpError("not_ready", "ssh-mcp is shutting down"));
    let late = () => {};
    const timer = this.#clock.after(1_000, () => late());
    await Promise.race([
      Promise.all(all.map(({ ended }) => ended)),
      new Promise<void>((resolve) => {
        late = resolve;
      }),
    ]);
    timer.dispose();
  }

  #known(id: string): Running {
    const found = this.#all.get(id.toUpperCase());
    if (found !== undefined) return found;
    const ids = [...this.#all.keys()];
    throw new SshMcpError(
      "unknown_command",
      `there is no transfer ${JSON.stringify(id)}, or it is no longer kept`,
      ids.length === 0 ? "None has been started yet." : `There are ${ids.slice(-10).join(", ")}.`,
    );
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#all) {
      if (this.#all.size <= KEPT) return;
      if (state !== "running") this.#all.delete(id);
    }
  }
}

function waitOn({ id, op }: Transfer): string {
  return `ssh_${op}(transfer: "${id}") waits for it; with cancel: true it is ended.`;
}

function unexpected(error: unknown): SshMcpError {
  return new SshMcpError(
    "internal",
    `an unexpected error in ssh-mcp itself: ${messageOf(error)}`,
    undefined,
    {
      cause: error,
    },
  );
}
