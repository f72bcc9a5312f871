import type { Clock } from "../base/clock.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Permit } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { STDERR_BYTES, STDOUT_BYTES } from "../remote/kept-output.ts";
import { OutputBudget } from "../remote/output-budget.ts";
import { startExec } from "../remote/run-exec.ts";
import type { Exec } from "../ssh/contract.ts";
import { Fleet, type StartMember } from "./exec-fleet.ts";
import { ExecItem, type Work } from "./exec-item.ts";
import { AGE_SLACK_S, killBeside } from "./exec-kill.ts";
import { givenUp, noneSuch, noTimeLeft, tooManyRun } from "./exec-words.ts";
import type { MultiplexerOptions } from "./options.ts";
import { Places } from "./places.ts";
import { secretLine } from "./secret-line.ts";
import type { ExecOrder, ExecPlan, ExecRecord, Execs, ExecWait, FleetRecord, FleetTerms } from "./types.ts";
import { UnixAsked } from "./unix-asked.ts";

/** Memory of what is kept of all of them, and how many that have ended are kept; the oldest goes first. */
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT = 2_000;
/** Those that run at once. */
const MOST_RUNNING = 64;
/** Those of fleets that run at once, beside them. */
const MOST_MEMBERS = 64;
const KEPT_FLEETS = 50;
/** For whoever's channel has to be opened while nobody waits for it. */
const LONGEST_OPENING_MS = 60_000;
/** A wait never lasts longer, whatever the caller asks: clients give a call up at about 60 s. */
const LONGEST_WAIT_MS = 50_000;
/** What a question has to leave of a call's time, in ms: a command that is sent with less could not be seen to begin. */
const WORTH_MS = 250;

export interface ExecsOptions
  extends Pick<
    MultiplexerOptions,
    "transport" | "catalog" | "onQuestion" | "refuses" | "readSecret" | "room"
  > {
  readonly clock: Clock;
  readonly plan: Execs["plan"];
  /** On a device each is a login of its own, as a session is. @throws SshMcpError `limit_reached`. */
  readonly assertRoom: (host: ResolvedHost) => void;
}

/** Commands on channels of their own. */
export class OpenExecs implements Execs {
  readonly plan: Execs["plan"];
  readonly #options: ExecsOptions;
  readonly #clock: Clock;
  readonly #asked: UnixAsked;
  /** Oldest first. */
  readonly #items = new Map<number, ExecItem>();
  /** Of them those that may run still. */
  readonly #begun = new Set<ExecItem>();
  readonly #budget: OutputBudget;
  /** Those that run on a device, where each is a login of its own. */
  readonly #logins = new Map<string, string>();
  readonly #fleets = new Map<number, Fleet>();
  readonly #places = new Places(MOST_MEMBERS);
  #last = 0;

  constructor(options: ExecsOptions) {
    this.plan = options.plan;
    this.#options = options;
    this.#clock = options.clock;
    this.#budget = new OutputBudget(KEPT_BYTES, () => this.#forgetOldest(), options.room?.outputs);
    this.#asked = new UnixAsked(options.clock, options.catalog, options);
  }

  /** Logins of those that run now on devices: a name for each, and its host. */
  logins(): Iterable<readonly [string, string]> {
    return this.#logins;
  }

  async run(
    plan: ExecPlan,
    order: ExecOrder,
    permit: Permit,
    caller: Caller,
    { timeoutMs = plan.host.timing.commandTimeoutMs, limitMs, member }: ExecWait,
  ): Promise<ExecRecord> {
    const { host } = plan;
    if (host.limits.exact === true) this.#options.assertRoom(host);
    const alone = this.running().filter((item) => !item.member);
    if (member === undefined && alone.length >= MOST_RUNNING) throw tooManyRun(alone);
    const item = this.#item(member?.id, host.name, order, permit);
    const waitMs =
      member === undefined ? Math.min(Math.max(timeoutMs, 0), LONGEST_WAIT_MS) : LONGEST_OPENING_MS;
    const openMs = Math.min(waitMs, limitMs ?? waitMs);
    try {
      await this.#start(item, plan, caller, { openMs, limitMs });
    } catch (error) {
      this.#forget(item);
      throw error;
    }
    const left = member === undefined ? waitMs - item.durationMs : undefined;
    return this.#until(item, caller, { timeoutMs: left, cancels: true });
  }

  fleet(command: string, hosts: readonly string[], start: StartMember, terms: FleetTerms = {}): Fleet {
    const id = this.#last + 1;
    this.#last += hosts.length + 1;
    const fleet = new Fleet(id, command, hosts, { clock: this.#clock, places: this.#places, terms }, start);
    this.#fleets.set(id, fleet);
    const [oldest] = this.#fleets.values();
    if (this.#fleets.size > KEPT_FLEETS && oldest?.running === false) this.#fleets.delete(oldest.id);
    return fleet;
  }

  findFleet(id: number): Fleet | undefined {
    return this.#fleets.get(id);
  }

  async waitFleet(
    record: FleetRecord,
    caller: Caller,
    timeoutMs = 30_000,
    cancels = false,
  ): Promise<FleetRecord> {
    const fleet = this.#fleets.get(record.id);
    if (fleet === undefined) return record;
    await this.#within(fleet.rests(), caller.signal, Math.min(timeoutMs, LONGEST_WAIT_MS));
    if (!cancels || !caller.signal.aborted) return fleet;
    fleet.cancel();
    await fleet.ended;
    return fleet;
  }

  async cancelFleet({ id }: FleetRecord, permit: Permit): Promise<FleetRecord> {
    if (permit.verb !== "close") throw new Error("no permit to end it");
    const fleet = this.#fleets.get(id);
    if (fleet === undefined) throw noneSuch(id, [...this.#items.keys()]);
    fleet.cancel();
    await fleet.ended;
    return fleet;
  }

  async runBy(
    host: string,
    order: ExecOrder,
    permit: Permit,
    caller: Caller,
    { timeoutMs = 30_000, limitMs, member }: ExecWait,
    start: (id: number, write: (text: string) => void) => Work,
  ): Promise<ExecRecord> {
    const alone = this.running().filter((one) => !one.member);
    if (member === undefined && alone.length >= MOST_RUNNING) throw tooManyRun(alone);
    const item = this.#item(member?.id, host, order, permit);
    item.began(
      start(item.id, (text) => item.stdout.push(Buffer.from(text))),
      limitMs,
    );
    const waitMs = member === undefined ? Math.min(Math.max(timeoutMs, 0), LONGEST_WAIT_MS) : undefined;
    return this.#until(item, caller, { timeoutMs: waitMs, cancels: true });
  }

  async wait(id: number, caller: Caller, timeoutMs = 30_000): Promise<ExecRecord> {
    return (
      this.#ofFleet(id) ??
      this.#until(this.#known(id), caller, { timeoutMs: Math.min(timeoutMs, LONGEST_WAIT_MS) })
    );
  }

  async cancel(id: number, permit: Permit): Promise<ExecRecord> {
    if (permit.verb !== "close") throw new Error("no permit to end it");
    const item = this.#known(id);
    if (item.running) await item.stop("cancelled");
    return item;
  }

  known(id: number): ExecRecord {
    return this.#ofFleet(id) ?? this.#known(id);
  }

  find(id: number, host: string): ExecRecord | undefined {
    const item = this.#items.get(id);
    return item?.host === host ? item : undefined;
  }

  running(): readonly ExecItem[] {
    for (const item of this.#begun) if (!item.running) this.#begun.delete(item);
    return [...this.#begun];
  }

  /** What runs is asked to end; nobody waits for it. */
  dispose(): void {
    for (const fleet of this.#fleets.values()) fleet.cancel();
    for (const item of this.running()) void item.stop("cancelled").catch(() => {});
  }

  /** What runs still has no connection any more: that is its end, and all that is known of it. */
  abandon(): void {
    for (const item of this.running()) item.finish({ is: "lost", message: "ssh-mcp was shut down" });
    for (const { stdout, stderr } of this.#items.values())
      for (const output of [stdout, stderr]) this.#budget.forget(output);
  }

  #item(id: number | undefined, host: string, order: ExecOrder, permit: Permit): ExecItem {
    if (!permit.lines.includes(order.line)) throw new Error("no permit holds this command");
    const stdout = this.#budget.output(STDOUT_BYTES);
    const stderr = this.#budget.output(STDERR_BYTES);
    if (id !== undefined) for (const output of [stdout, stderr]) output.hashed();
    const item = new ExecItem(
      { id: id ?? ++this.#last, host, order, permit, member: id !== undefined },
      { stdout, stderr, clock: this.#clock },
    );
    this.#items.set(item.id, item);
    this.#begun.add(item);
    if (this.#items.size > KEPT) this.#forgetOldest();
    return item;
  }

  /** Resolves when the channel is open. @throws SshMcpError those of `Exec`. */
  async #start(
    item: ExecItem,
    plan: ExecPlan,
    { signal }: Pick<Caller, "signal">,
    { openMs, limitMs }: { openMs: number; limitMs: number | undefined },
  ): Promise<void> {
    const { host } = plan;
    const { order, permit, stdout, stderr } = item;
    const { exec } = this.#options.transport.link(host);
    if (exec === undefined)
      throw new SshMcpError("channel_refused", `${host.name} takes no exec requests; nothing was sent`);
    const name = `ssh_exec #${item.id}`;
    if (host.limits.exact === true) {
      this.#logins.set(name, host.name);
      void item.ended.then(() => this.#logins.delete(name));
    }
    let sent = false;
    const opening = new AbortController();
    const abort = () => opening.abort(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      const bounds = { name, permit, timeoutMs: openMs, signal: opening.signal };
      const asked = await this.#asked.assertNoDevice(plan, exec, bounds);
      const { readSecret } = this.#options;
      const stdin =
        order.secret === undefined
          ? order.stdin === undefined
            ? undefined
            : Buffer.from(order.stdin)
          : await secretLine(host, order.secret, readSecret);
      const left = openMs - item.durationMs;
      if ((asked || order.secret !== undefined) && left < WORTH_MS) throw noTimeLeft(host.name, openMs);
      sent = true;
      const started = await startExec(exec, order.line, {
        timeoutMs: left,
        signal: opening.signal,
        stdout,
        stderr,
        clock: this.#clock,
        ...(stdin === undefined ? {} : { stdin }),
        ...(order.pty === true ? { pty: host.terminal } : {}),
      });
      item.began(
        {
          ended: started.ended,
          stop: (why) => started.stop(why, this.#means(item, host)),
          get stdinSent() {
            return started.stdinSent;
          },
        },
        limitMs,
      );
    } catch (error) {
      throw signal.aborted && !(error instanceof SshMcpError) ? givenUp(host.name, sent) : error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Signals are for Unix systems: what a device makes of such a request is not known. */
  #means(item: ExecItem, host: ResolvedHost) {
    if (host.limits.exact === true) return { signals: false };
    const { permit, pty, startedAt } = item;
    const close = (other: ExecItem) =>
      other !== item &&
      other.host === host.name &&
      Math.abs(other.startedAt - startedAt) <= 2_000 * AGE_SLACK_S;
    // A terminal's end hangs it up; of two that began together nobody could tell which is which.
    if (pty || [...this.#items.values()].some(close)) return { signals: true };
    const lastResort = (beside: Exec) =>
      killBeside(
        beside,
        { host, permit, name: `ssh_exec #${item.id}`, ageMs: item.durationMs, clock: this.#clock },
        this.#options,
      );
    return { signals: true, lastResort };
  }

  async #until(
    item: ExecItem,
    { signal }: Pick<Caller, "signal">,
    { timeoutMs, cancels = false }: { timeoutMs: number | undefined; cancels?: boolean },
  ): Promise<ExecRecord> {
    if (item.running) await this.#within(item.ended, signal, timeoutMs);
    if (cancels && signal.aborted && item.running) await item.stop("cancelled");
    return item;
  }

  /** Resolves with the event, when the caller gives up, or when the time is over; undefined: it never is. */
  #within(event: Promise<void>, signal: AbortSignal, timeoutMs: number | undefined): Promise<void> {
    return new Promise<void>((resolve) => {
      const done = () => {
        timer?.dispose();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : this.#clock.after(Math.max(0, timeoutMs), done);
      signal.addEventListener("abort", done, { once: true });
      void event.then(done);
      if (signal.aborted) done();
    });
  }

  /** What one member of a fleet came to that was no single command. */
  #ofFleet(id: number): ExecRecord | undefined {
    if (this.#items.has(id)) return undefined;
    for (const { members } of this.#fleets.values()) {
      const member = members[id - (members[0]?.id ?? 0)];
      if (member?.record !== undefined && !(member.record instanceof ExecItem)) return member.record;
    }
    return undefined;
  }

  #known(id: number): ExecItem {
    const item = this.#items.get(id);
    if (item === undefined) throw noneSuch(id, [...this.#items.keys()]);
    return item;
  }

  /** The oldest that has ended, but not the newest of all: false, there is none. */
  #forgetOldest(): boolean {
    for (const item of this.#items.values())
      if (!item.running && item.id !== this.#last) {
        this.#forget(item);
        return true;
      }
    return false;
  }

  #forget(item: ExecItem): void {
    item.finish({ is: "no_status" });
    this.#items.delete(item.id);
    this.#begun.delete(item);
    for (const output of [item.stdout, item.stderr]) {
      this.#budget.forget(output);
      // A fleet remembers its members longer than their outputs.
      if (item.member) output.release();
    }
  }
}
