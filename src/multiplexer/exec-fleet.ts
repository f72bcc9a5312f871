import { setMaxListeners } from "node:events";
import type { Clock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import { FleetStop, isWell } from "./fleet-stop.ts";
import { Places } from "./places.ts";
import type { ExecRecord, FleetMember, FleetQuestion, FleetRecord, FleetTerms, Reply } from "./types.ts";

/** Puts a question to whoever reads the fleet; resolves with what came of its answer, or with nothing where nobody gave one. */
export type Ask = (question: Omit<FleetQuestion, "answered">) => Promise<Reply | undefined>;

/** Starts the command on one host and resolves with its end. */
export type StartMember = (member: FleetMember, signal: AbortSignal, ask: Ask) => Promise<ExecRecord>;

/** Members of one fleet that run at once where the call says nothing. */
const AT_ONCE = 32;
/** Members that ask and have given their place to others: a session of each stays open. */
const MOST_ASKING = 128;
/** How long a question waits for its answer. */
const QUESTION_MS = 15 * 60_000;

/** One command on many hosts: a number of its own, and one for each host behind it. */
export class Fleet implements FleetRecord {
  readonly id: number;
  readonly command: string;
  readonly terms: FleetTerms;
  readonly members: readonly FleetMember[];
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #abort = new AbortController();
  readonly #places: readonly Places[];
  readonly #sites = new Map<string, Places>();
  readonly #stop: FleetStop;
  #endedAt: number | undefined;
  #asking = 0;
  #running = 0;
  #resting: (() => void)[] = [];

  /** `places`: those of all fleets together. */
  constructor(
    id: number,
    command: string,
    hosts: readonly string[],
    { clock, places, terms }: { readonly clock: Clock; readonly places: Places; readonly terms: FleetTerms },
    start: StartMember,
  ) {
    this.id = id;
    this.command = command;
    this.terms = terms;
    this.members = hosts.map((host, index) => ({ host, id: id + 1 + index, state: "waiting" }));
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#places = [new Places(terms.atOnce ?? AT_ONCE), places];
    this.#stop = new FleetStop(terms.stop ?? {}, hosts.length);
    // Each member listens, several times.
    setMaxListeners(0, this.#abort.signal);
    this.ended = this.#all((member) => this.#one(member, start)).then(() => {
      this.#endedAt = clock.now();
    });
  }

  get running(): boolean {
    return this.#endedAt === undefined;
  }

  get stopped(): boolean {
    return this.#stop.isSet;
  }

  get durationMs(): number {
    return (this.#endedAt ?? this.#clock.now()) - this.#startedAt;
  }

  /** Resolves with its end, or once nothing runs any more and what is left waits for answers. */
  async rests(): Promise<void> {
    while (this.running) {
      // Who gave up a place lets the next one begin within this turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#running === 0 && this.#asking > 0) return;
      await Promise.race([this.ended, new Promise<void>((resolve) => this.#resting.push(resolve))]);
    }
  }

  /** What runs is ended, and what waits is not started. */
  cancel(): void {
    this.#abort.abort(new Error("cancelled"));
  }

  async #all(work: (member: FleetMember) => Promise<void>): Promise<void> {
    const [first, ...rest] = this.members;
    const alone = this.terms.first === true;
    if (alone && first !== undefined) await work(first);
    await Promise.all((alone ? rest : this.members).map(work));
  }

  async #one(member: FleetMember, start: StartMember): Promise<void> {
    const places = this.#placesFor(member);
    await takeAll(places);
    try {
      this.#stop.assertNone();
      if (this.#abort.signal.aborted)
        throw new SshMcpError("not_ready", "cancelled before its turn: the command was NOT run there");
      this.#now(member, "running");
      member.record = await start(member, this.#abort.signal, (question) =>
        this.#ask(member, question, places),
      );
      this.#now(member, "ended");
    } catch (error) {
      member.error =
        error instanceof SshMcpError
          ? error
          : new SshMcpError("internal", "an unexpected error in ssh-mcp itself");
      this.#now(member, "failed");
    } finally {
      this.#stop.seen(member);
      releaseAll(places);
    }
  }

  /** It keeps its place where too many ask already: then no further one is begun. */
  async #ask(
    member: FleetMember,
    question: Omit<FleetQuestion, "answered">,
    places: readonly Places[],
  ): Promise<Reply | undefined> {
    const gives = this.#asking < MOST_ASKING;
    const { signal } = this.#abort;
    const reply = await new Promise<Reply | undefined>((resolve) => {
      const done = (answer?: Reply) => {
        timer.dispose();
        signal.removeEventListener("abort", given);
        resolve(answer);
      };
      const given = () => done();
      const timer = this.#clock.after(QUESTION_MS, given);
      signal.addEventListener("abort", given, { once: true });
      member.question = { ...question, answered: done };
      this.#now(member, "asking");
      this.#stop.seen(member);
      if (gives) releaseAll(places);
      if (signal.aborted) done();
    });
    delete member.question;
    this.#now(member, "running");
    if (gives) await takeAll(places);
    return reply;
  }

  #placesFor({ host }: FleetMember): readonly Places[] {
    const { site, perSite } = this.terms;
    const name = site?.(host);
    if (name === undefined || perSite === undefined) return this.#places;
    const own = this.#sites.get(name) ?? new Places(perSite);
    this.#sites.set(name, own);
    return [own, ...this.#places];
  }

  #now(member: FleetMember, state: FleetMember["state"]): void {
    for (const [was, by] of [
      [member.state, -1],
      [state, 1],
    ] as const) {
      if (was === "running") this.#running += by;
      if (was === "asking") this.#asking += by;
    }
    member.state = state;
    for (const tell of this.#resting.splice(0)) tell();
  }
}

async function takeAll(places: readonly Places[]): Promise<void> {
  for (const one of places) await one.take();
}

function releaseAll(places: readonly Places[]): void {
  for (const one of places) one.release();
}

export { isWell };
