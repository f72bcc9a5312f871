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

/**
 * One command on many hosts: a number of its own, and one for each host behind it. `careful`: the first host alone before the
 * rest, and none is begun any more once one did not come to a good end.
 */
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
    careful = false,
  ) {
    this.id = id;
    this.command = command;
    this.members = hosts.map((host, index) => ({ host, id: id + 1 + index, state: "waiting" }));
    this.#clock = clock;
    this.#startedAt = clock.now();
    // Each member listens, several times.
    setMaxListeners(0, this.#abort.signal);
    const work = (member: FleetMember) => this.#one(member, start, places, careful);
    this.ended = this.#all(work, careful).then(() => {
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

  async #all(work: (member: FleetMember) => Promise<void>, careful: boolean): Promise<void> {
    const [first, ...rest] = this.members;
    if (careful && first !== undefined) await work(first);
    await Promise.all((careful ? rest : this.members).map(work));
  }

  async #one(member: FleetMember, start: StartMember, places: Places, careful: boolean): Promise<void> {
    await places.take();
    try {
      if (careful) assertAllWell(this.members);
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

/** Of one member: it came to what a command comes to that worked. */
export function isWell({ end }: ExecRecord): boolean {
  return end.is === "exit" ? end.code === 0 : end.is === "in_session" && end.errors === undefined;
}

/** @throws SshMcpError where one came to anything else: the same where nothing was sent to anybody yet. */
function assertAllWell(members: readonly FleetMember[]): void {
  const bad = members.find(
    ({ state, record }) => state === "failed" || (record !== undefined && !isWell(record)),
  );
  if (bad === undefined) return;
  if (bad.error !== undefined && NOTHING_SENT.has(bad.error.code)) throw bad.error;
  throw new SshMcpError(
    "not_ready",
    `stopped, since ${bad.host} (#${bad.id}) did not come to a good end: the command was NOT run here`,
    "Look at that host first; the call can be given again for the others.",
  );
}

const NOTHING_SENT: ReadonlySet<string> = new Set(["approval_needed", "denied"]);
