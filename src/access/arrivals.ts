import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import type { Action, SessionFacts } from "../base/contract/action.ts";
import type { Turn } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import { assertAsDecided } from "../shell/pty/decided.ts";
import type { Arrival } from "./arrival.ts";
import { assertMayFollow, Call, type CallEnd, notEndedInTime } from "./calls.ts";
import { described } from "./described.ts";
import { givenUp, interruptedBefore, openedAnew, overtaken, tooLate, tooMany } from "./refusals.ts";

export type { Arrival };

/** Acts that may wait on one session; a further one is refused at once. */
const MOST = 100;
/** However short the caller's own wait is: what comes before it is given this long to be typed. */
const LEAST_MS = 3_000;

/** States in which an order is in the making: what will read next is not known, and keys are refused. */
export const IN_THE_MAKING: ReadonlySet<string> = new Set(["clearing", "typing", "preparing", "joining"]);

/** How long an act waits for its turn. `after`: `any` follows the caller's own call before it however that ended. */
export interface TurnLimit {
  readonly timeoutMs: number;
  readonly clock?: Clock;
  readonly after?: "any" | undefined;
}

/** One act's place in the order in which acts on a session arrived; whoever took it leaves it, whatever becomes of the act. */
export interface Place extends Turn {
  readonly arrival: Arrival;
  /** Sentences for the act's result. */
  readonly notes: string[];
  /**
   * A command waits here until the caller's own call before it has returned; false: there was none to wait for.
   * @throws SshMcpError `busy` when it does not in time; `not_ready` where it did not end well, or the act was withdrawn.
   */
  behindOwn(limit: TurnLimit): Promise<boolean>;
  /**
   * Waits until every act that came before it is typed or refused; false: there was none to wait for.
   * @throws SshMcpError `not_ready` where it was withdrawn, where the session is not the one it was given for, or where the
   * caller's own call before it did not end well; `busy` when its turn does not come in time.
   */
  turn(limit: TurnLimit): Promise<boolean>;
  /** A part of the act is typed, `rest` is still to come: the place is kept, and what is withdrawn is the rest. */
  partTyped(rest: Action): void;
  /** What is still to come will not be typed. Nothing to do where the act was withdrawn, or is typed whole. */
  withhold(why: SshMcpError): void;
  /** The call has come to its end: what the caller's next call on the session is judged by. */
  over(end: CallEnd): void;
  /** What `work` comes to, unless the act is withdrawn first. */
  unlessWithdrawn<T>(work: Promise<T> | T): Promise<T>;
  /** Is this the error that withdrew it? It was reported then. */
  isWithdrawn(error: unknown): boolean;
  leave(): void;
}

/** The place of an interrupt. It waits for nobody. */
export interface InterruptPlace extends Place {
  /** Sentences on what came before it and was not typed; complete once the interrupt itself is sent. */
  overtook(): string[];
}

/** Told of each act that is withdrawn or does not get a place: nothing of it was typed. */
export type OnRefused = (arrival: Arrival, error: unknown) => void;

/**
 * The order of arrival on each session. What is typed there is typed in this order: the next act is decided on when the
 * one before it is typed or refused, by what the session is then. An interrupt waits for none: whatever came before it and
 * is not typed is withdrawn, whoever gave it, so that nothing runs behind the key that was to stop it.
 */
export class Arrivals {
  readonly #lines = new Map<string, ActPlace[]>();
  /** The newest call of each caller on each session that has not come to its end. */
  readonly #calls = new Map<string, Call>();
  readonly #refused: OnRefused;

  constructor(refused: OnRefused = () => {}) {
    this.#refused = refused;
  }

  /** Acts on all sessions that have a place. */
  get size(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.length, 0);
  }

  /** Takes the next place. @throws SshMcpError `busy` when too many wait. */
  arrive(arrival: Arrival): Place {
    const waiting = this.#lines.get(arrival.session)?.length ?? 0;
    if (waiting < MOST) return this.#take(arrival);
    const error = tooMany(arrival, waiting);
    this.#refused(arrival, error);
    throw error;
  }

  /** Takes a place for an interrupt and withdraws what came before it and is not in the terminal's hands yet. */
  interrupt(arrival: Arrival): InterruptPlace {
    const before = [...(this.#lines.get(arrival.session) ?? [])].filter(({ interrupts }) => !interrupts);
    for (const place of before) place.withdraw(interruptedBefore(place.arrival));
    const place = this.#take(arrival, true);
    const overtook = () =>
      before.filter(({ typedYet }) => !typedYet).map((one) => overtaken(one.arrival, arrival.caller));
    return Object.assign(place, { overtook });
  }

  #take(arrival: Arrival, interrupts = false): ActPlace {
    const line = this.#lines.get(arrival.session) ?? [];
    this.#lines.set(arrival.session, line);
    const call = this.#callOf(arrival, interrupts);
    const place = new ActPlace(arrival, { interrupts, call }, line, {
      withdrawn: this.#refused,
      empty: () => this.#lines.delete(arrival.session),
    });
    return place;
  }

  /** What is only looked at, or made wider, is nothing that the next call follows. */
  #callOf({ draft, session, caller }: Arrival, interrupts: boolean): Call | undefined {
    if (!interrupts && draft.verb !== "run" && draft.verb !== "type") return undefined;
    const key = `${session}\n${caller.id}`;
    const call: Call = new Call(described(draft), this.#calls.get(key), interrupts, () => {
      if (this.#calls.get(key) === call) this.#calls.delete(key);
    });
    this.#calls.set(key, call);
    return call;
  }
}

interface Told {
  readonly withdrawn: OnRefused;
  empty(): void;
}

type Stage = "waiting" | "begun" | "typed" | "left";

class ActPlace implements Place {
  /** Its draft is what is still to come. */
  arrival: Arrival;
  readonly interrupts: boolean;
  readonly notes: string[] = [];
  readonly #line: ActPlace[];
  readonly #told: Told;
  /** Where the session was on arrival, if somebody else's act came before; what that one does changes what is decided on. */
  readonly #seen: SessionFacts | undefined;
  readonly #foreign: boolean;
  readonly #call: Call | undefined;
  /** Waits for the caller's own call before it: who else wants to type goes first. */
  #behind: boolean;
  #turned = false;
  #stage: Stage = "waiting";
  #typed = false;
  #withdrawn: SshMcpError | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #subscriptions: Disposable[] = [];

  constructor(
    arrival: Arrival,
    { interrupts, call }: { readonly interrupts: boolean; readonly call: Call | undefined },
    line: ActPlace[],
    told: Told,
  ) {
    this.arrival = arrival;
    this.interrupts = interrupts;
    this.#call = call;
    this.#behind =
      arrival.draft.verb === "run" && call?.previous?.end === undefined && call?.previous !== undefined;
    this.#line = line;
    this.#told = told;
    this.#seen = arrival.facts();
    this.#foreign = line.some((place) => place.arrival.caller.id !== arrival.caller.id);
    line.push(this);
  }

  get typedYet(): boolean {
    return this.#typed;
  }

  async behindOwn({ timeoutMs, clock = systemClock, after }: TurnLimit): Promise<boolean> {
    const previous = this.#call?.previous;
    if (!this.#behind || previous === undefined) return false;
    this.#watchCaller();
    const timer = clock.after(timeoutMs, () => this.withdraw(notEndedInTime(previous.what, timeoutMs)));
    this.#subscriptions.push(
      timer,
      previous.onEnd(() => this.#wake()),
    );
    await this.#untilChanged(() => this.#withdrawn !== undefined || previous.end !== undefined);
    timer.dispose();
    this.#behind = false;
    for (const place of this.#line) place.#wake();
    this.assertHeld();
    this.#assertMayFollow(after);
    return true;
  }

  async turn({ timeoutMs, clock = systemClock, after }: TurnLimit): Promise<boolean> {
    const waits = !this.#isNext();
    this.#watchCaller();
    const limitMs = Math.max(timeoutMs, LEAST_MS);
    const timer = clock.after(limitMs, () =>
      this.withdraw(tooLate(this.arrival, this.#firstInLine(), limitMs)),
    );
    this.#subscriptions.push(timer);
    await this.#untilChanged(() => this.#withdrawn !== undefined || this.#isNext());
    timer.dispose();
    this.assertHeld();
    this.#turned = true;
    this.#assertSameSession();
    this.#assertMayFollow(after);
    return waits;
  }

  partTyped(rest: Action): void {
    this.arrival = { ...this.arrival, draft: rest };
  }

  withhold(why: SshMcpError): void {
    if (this.#stage !== "left") this.#told.withdrawn(this.arrival, why);
  }

  over(end: CallEnd): void {
    this.#call?.over(end);
  }

  /** Nobody else is about to type, and nobody came before it but those of others who wait for a call of their own. */
  #isNext(): boolean {
    if (this.#line.some((place) => place !== this && place.#turned)) return false;
    const before = this.#line.slice(0, this.#line.indexOf(this));
    return before.every((place) => place.#behind && place.arrival.caller.id !== this.arrival.caller.id);
  }

  #firstInLine(): Arrival | undefined {
    return this.#line.find((place) => place !== this)?.arrival;
  }

  #watchCaller(): void {
    const { signal } = this.arrival.caller;
    const gone = () => this.withdraw(givenUp(this.arrival));
    signal.addEventListener("abort", gone, { once: true });
    this.#subscriptions.push({ dispose: () => signal.removeEventListener("abort", gone) });
    if (signal.aborted) gone();
  }

  /** A command by how the caller's own call before it ended, keys by whether that was typed at all. */
  #assertMayFollow(after: "any" | undefined): void {
    const now = this.arrival.facts();
    const call = this.#call;
    try {
      if (call) assertMayFollow(call, { draft: this.arrival.draft, after, now });
    } catch (error) {
      if (error instanceof SshMcpError) this.withdraw(error);
      throw error;
    }
    if (call) call.decided = now;
  }

  async unlessWithdrawn<T>(work: Promise<T> | T): Promise<T> {
    const settled = Promise.resolve(work);
    // Where the act was withdrawn first, nobody is there for the work's own error.
    settled.catch(() => {});
    let over = false;
    const withdrawn = this.#untilChanged(() => over || this.#withdrawn !== undefined);
    await Promise.race([settled, withdrawn]);
    over = true;
    this.#wake();
    this.assertHeld();
    return settled;
  }

  isWithdrawn(error: unknown): boolean {
    return error !== undefined && error === this.#withdrawn;
  }

  /** Refuses the act for good, unless the terminal has it. */
  withdraw(error: SshMcpError): void {
    if (this.#stage !== "waiting" || this.#withdrawn) return;
    this.#withdrawn = error;
    this.#call?.over({ error });
    this.#told.withdrawn(this.arrival, error);
    this.#wake();
    this.leave();
  }

  assertHeld(): void {
    if (this.#withdrawn) throw this.#withdrawn;
  }

  begin(): void {
    this.assertHeld();
    if (this.#stage === "waiting") this.#stage = "begun";
  }

  typed(): void {
    if (this.#stage === "left") return;
    this.#typed = true;
    this.leave();
  }

  leave(): void {
    if (this.#stage === "left") return;
    this.#stage = "left";
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    const at = this.#line.indexOf(this);
    if (at >= 0) this.#line.splice(at, 1);
    if (this.#line.length === 0) this.#told.empty();
    for (const place of this.#line) place.#wake();
  }

  #assertSameSession(): void {
    const now = this.arrival.facts();
    const seen = this.#seen;
    if (seen === undefined || now === undefined) return;
    // A command given to a closed session opens it: that it is another shell is what its result says.
    if (seen.state === "ended" && this.arrival.draft.verb === "run" && !this.#foreign) return;
    if (seen.life !== now.life) throw openedAnew(this.arrival.session);
    // Keys answer what their caller saw; what somebody else's act has made of the session meanwhile, it did not see.
    // Keys that fall into an order in the making are refused by the terminal itself, which can name it.
    const keys = this.arrival.draft.verb === "type" && !IN_THE_MAKING.has(now.state);
    if (this.#foreign && keys) assertAsDecided(seen, now);
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves once `enough` holds; it is looked at whenever something about this place changes. */
  #untilChanged(enough: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!enough()) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }
}
