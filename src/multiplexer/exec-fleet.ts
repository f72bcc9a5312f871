import { setMaxListeners } from "node:events";
import type { Clock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ExecRecord, FleetMember, FleetRecord } from "./types.ts";

/** Starts the command on one host and resolves with its end. */
export type StartMember = (member: FleetMember, signal: AbortSignal) => Promise<ExecRecord>;

/** Places for members that run at once, over all fleets. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

/** One command on many hosts: a number of its own, and one for each host behind it. */
export class Fleet implements FleetRecord {
  readonly id: number;
  readonly command: string;
  readonly members: readonly FleetMember[];
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #abort = new AbortController();
  #endedAt: number | undefined;

  constructor(
    id: number,
    command: string,
    hosts: readonly string[],
    clock: Clock,
    start: StartMember,
    places: Places,
  ) {
    this.id = id;
    this.command = command;
    this.members = hosts.map((host, index) => ({ host, id: id + 1 + index, state: "waiting" }));
    this.#clock = clock;
    this.#startedAt = clock.now();
    // Each member listens, several times.
    setMaxListeners(0, this.#abort.signal);
    this.ended = Promise.all(this.members.map((member) => this.#one(member, start, places))).then(() => {
      this.#endedAt = clock.now();
    });
  }

  get running(): boolean {
    return this.#endedAt === undefined;
  }

  get durationMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /** What runs is ended, and what waits is not started. */
  cancel(): void {
    this.#abort.abort(new Error("cancelled"));
  }

  async #one(member: FleetMember, start: StartMember, places: Places): Promise<void> {
    await places.take();
    try {
      if (this.#abort.signal.aborted)
        throw new SshMcpError("not_ready", "cancelled before its turn: the command was NOT run there");
      member.state = "running";
      member.record = await start(member, this.#abort.signal);
      member.state = "ended";
    } catch (error) {
      member.state = "failed";
      member.error =
        error instanceof SshMcpError
          ? error
          : new SshMcpError("internal", "an unexpected error in ssh-mcp itself");
    } finally {
      places.release();
    }
  }
}
