import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import type { Action, SessionFacts } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Turn } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import { assertAsDecided } from "../shell/pty/decided.ts";
import { assertMayFollow, Call, type CallEnd, notEndedInTime } from "./calls.ts";
import { described, undone } from "./described.ts";

/** Acts that may wait on one session; a further one is refused at once. */
const MOST = 100;
/** However short the caller's own wait is: what comes before it is given this long to be typed. */
const LEAST_MS = 3_000;

/** An act on a session, at the moment it arrives. */
export interface Arrival {
  readonly caller: Caller;
  readonly session: string;
  /** What it is about to do, as far as that is known before its turn. */
  readonly draft: Action;
  /** The session's facts now; undefined: it is not open. */
  readonly facts: () => SessionFacts | undefined;
}

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
  /** A part of the act is typed, the rest is still to come: the place is kept, and what is withdrawn is the rest. */
  partTyped(): void;
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
    for (const place of before) place.withdraw(interruptedBefore(place.arrival, place.partly));
    const place = this.#take(arrival, true);
    const overtook = () =>
      before
        .filter(({ typedYet }) => !typedYet)
        .map((one) => overtaken(one.arrival, arrival.caller, one.partly));
    return Object.assign(place, { overtook });
  }

  #take(arrival: Arrival, interrupts = false): ActPlace {
    const line = this.#lines.get(arrival.session) ?? [];
    this.#lines.set(arrival.session, line);
    const call = this.#callOf(arrival, interrupts);
    const place = new ActPlace(arrival, { interrupts, call }, line, {
      withdrawn: (error) => this.#refused(arrival, error),
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
  withdrawn(error: unknown): void;
  empty(): void;
}

type Stage = "waiting" | "begun" | "typed" | "left";

class ActPlace implements Place {
  readonly arrival: Arrival;
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
  partly = false;
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
    const timer = clock.after(limitMs, () => this.withdraw(tooLate(this.arrival, this.#line, limitMs)));
    this.#subscriptions.push(timer);
    await this.#untilChanged(() => this.#withdrawn !== undefined || this.#isNext());
    timer.dispose();
    this.assertHeld();
    this.#turned = true;
    this.#assertSameSession();
    this.#assertMayFollow(after);
    return waits;
  }

  partTyped(): void {
    this.partly = true;
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
    this.#told.withdrawn(error);
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

function interruptedBefore({ draft }: Arrival, partly: boolean): SshMcpError {
  const came = `an interrupt key came before ${restOf(partly)}${described(draft)} was typed`;
  return new SshMcpError(
    "not_ready",
    partly ? `${came}: that was withdrawn` : `${came}, so it was withdrawn: ${undone(draft)}`,
    "Give it again if it is still wanted.",
  );
}

const restOf = (partly: boolean) => (partly ? "the rest of " : "");

function overtaken(arrival: Arrival, by: Caller, partly: boolean): string {
  const whose = arrival.caller.id === by.id ? "" : ", another caller's,";
  const what = arrival.draft.verb === "run" ? "was NOT run" : "was not sent";
  return `${restOf(partly)}${described(arrival.draft)}${whose} came before this key and was not typed yet: it was withdrawn and ${what}`;
}

function givenUp(arrival: Arrival): SshMcpError {
  return new SshMcpError("not_ready", `the call was given up before its turn: ${undone(arrival.draft)}`);
}

function tooLate(arrival: Arrival, line: readonly ActPlace[], limitMs: number): SshMcpError {
  const first = line.find((place) => place.arrival !== arrival);
  const before = first === undefined ? "" : `; first in line is ${described(first.arrival.draft)}`;
  return new SshMcpError(
    "busy",
    `what came before this call on session ${arrival.session} was not typed within ${limitMs / 1000} s${before}: ${undone(arrival.draft)}`,
    "Read the screen with ssh_read screen:true, then give it again; an interrupt key withdraws what waits.",
  );
}

function tooMany(arrival: Arrival, waiting: number): SshMcpError {
  return new SshMcpError(
    "busy",
    `${waiting} calls wait for their turn on session ${arrival.session} already: ${undone(arrival.draft)}`,
    "Wait for their results, or withdraw them with an interrupt key (ssh_send).",
  );
}

function openedAnew(session: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `session ${session} was closed and opened anew before this call's turn; nothing was sent`,
    "Its directory and environment are new: decide again.",
  );
}
