import { type Clock, systemClock } from "../base/clock.ts";
import type { Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Permit } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { HostDirectory, ResolvedHost, TerminalSize } from "../inventory/host.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { Refuses } from "../shell/cli/prepare.ts";
import type { Order } from "../shell/pty/framing.ts";
import type { OnPut } from "../shell/pty/put.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import { Attachment } from "../shell/session/attachment.ts";
import { Session } from "../shell/session/session.ts";
import type { WaitRequest } from "../shell/session/types.ts";
import type { Transport } from "../ssh/contract.ts";
import { equip, onItsOwn, unknownPlatforms } from "./equip.ts";
import { assertTakesExec } from "./exec-refusal.ts";
import { OpenExecs } from "./execs.ts";
import { Expiry } from "./expiry.ts";
import { assertRoom, closedTooMany, Room } from "./limits.ts";
import { checkName, freeName, nameTaken, unknownSession } from "./names.ts";
import {
  GivingUp,
  type Opened,
  type Opening,
  openingNotes,
  stillConnecting,
  within,
  withoutPrompt,
} from "./opening.ts";
import type { MultiplexerOptions, OnSessionPut } from "./options.ts";
import { PastSessions } from "./saved.ts";
import { factsOf, givenUpView } from "./session-view.ts";
import { SessionViews } from "./session-views.ts";
import { Sharing, sharesNote } from "./sharing.ts";
import { sizeOf } from "./size.ts";
import type {
  ExecPlan,
  Multiplexer,
  OpenPlan,
  OpenRequest,
  Reply,
  Retiring,
  SessionView,
  WaitOptions,
} from "./types.ts";

export type { MultiplexerOptions, OnSessionPut } from "./options.ts";

/** A wait never lasts longer, whatever the caller asks: clients give a call up at about 60 s. */
const LONGEST_WAIT_MS = 50_000;

/** How one opening is dialled. */
interface Dial {
  /** Its name had a shell before. */
  readonly newShell: boolean;
  readonly giving: GivingUp;
  readonly ask: Caller["ask"];
}

/** Creates the owner of all sessions of this process, or of those of one caller. */
export function createMultiplexer(options: MultiplexerOptions): Multiplexer & Retiring {
  return new Sessions(options);
}

class Sessions implements Multiplexer, Retiring {
  readonly #directory: HostDirectory;
  readonly #transport: Transport;
  readonly #readSecret: ReadSecret;
  readonly #onPut: OnSessionPut | undefined;
  readonly #refuses: Refuses | undefined;
  readonly #hide: MultiplexerOptions["hide"];
  readonly #record: MultiplexerOptions["record"];
  readonly #clock: Clock;
  readonly #catalog: Catalog | undefined;
  readonly past: PastSessions;
  /** Open and closed sessions by name. */
  readonly #sessions = new Map<string, Session>();
  readonly #openings = new Map<string, Opening>();
  readonly #sharing = new Sharing();
  readonly #views = new SessionViews(() => this.#clock.now(), this.#sharing);
  readonly #expiry: Expiry;
  readonly #room: Room;
  readonly #leave: () => void;
  readonly execs: OpenExecs;
  #disposed = false;

  constructor(options: MultiplexerOptions) {
    this.#directory = options.directory;
    this.#transport = options.transport;
    this.#readSecret = options.readSecret;
    this.#onPut = options.onPut;
    this.#refuses = options.refuses;
    this.#hide = options.hide;
    this.#record = options.record;
    this.#clock = options.clock ?? systemClock;
    this.#catalog = options.catalog;
    this.past = new PastSessions(options, (name) => this.#sessions.has(name) || this.#openings.has(name));
    this.#room = options.room ?? new Room();
    this.#leave = this.#room.enter(this, () => this.#openByName());
    this.execs = new OpenExecs({
      ...options,
      clock: this.#clock,
      plan: (name) => this.#planExec(name),
      assertRoom: (host) => this.#assertRoom(host),
    });
    this.#expiry = new Expiry(this.#clock, () => this.#sessions.values());
  }

  async hosts(): ReturnType<Multiplexer["hosts"]> {
    const { hosts, notes } = await this.#directory.list();
    return { hosts, notes: [...notes, ...unknownPlatforms(hosts, this.#catalog)] };
  }

  async plan(request: OpenRequest): Promise<OpenPlan> {
    const { host: wanted, via, session, join = false, anew } = request;
    const opening = join ? this.#openings.get(wanted) : undefined;
    const known = opening?.session.host ?? this.#equipped(await this.#directory.resolve(wanted, via));
    const host = anew === undefined ? known : onItsOwn(known, anew);
    const name = session ?? (join ? (opening?.session.name ?? host.name) : undefined);
    if (name !== undefined) checkName(name);
    const size = sizeOf(request, host.terminal);
    return { host, facts: factsOf(host), ...(name === undefined ? {} : { session: name }), size, join };
  }

  async open(plan: OpenPlan, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply> {
    const { host, join } = plan;
    const name = plan.session ?? freeName(host.name, (name) => this.#isFree(name, host.name));
    const under = this.#openings.get(name);
    if (under && !join) throw nameTaken(`session "${name}" is being opened already`);
    if (under && under.host !== host.name)
      throw nameTaken(`session "${name}" is being opened on host ${under.host}`);
    const opening = under ?? this.#begin(name, plan, permit, caller);
    return this.#firstPrompt(opening, caller, wait);
  }

  async run(name: string, order: Order, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply> {
    const session = this.#ready(name);
    return this.#reply(session, await session.run(order, permit, caller, this.#wait(session, wait)));
  }

  async send(name: string, bytes: Buffer, permit: Permit, caller: Caller, wait: WaitOptions): Promise<Reply> {
    const session = this.#ready(name);
    return this.#reply(session, await session.send(bytes, permit, caller, this.#wait(session, wait)));
  }

  resize(name: string, size: Partial<TerminalSize>, permit: Permit): void {
    const session = this.#ready(name);
    session.resize(sizeOf(size, session.size), permit);
  }

  async read(name: string, cursor: number | undefined, caller: Caller, wait: WaitOptions): Promise<Reply> {
    const opening = this.#openings.get(name);
    if (opening) return this.#firstPrompt(opening, caller, wait);
    const session = this.#known(name);
    const untilSettled = wait.timeoutMs !== undefined;
    const request = this.#wait(session, wait);
    return this.#reply(session, await session.read(cursor, untilSettled, caller, request));
  }

  find(name: string): SessionView | undefined {
    const session = this.#openings.has(name) ? undefined : this.#sessions.get(name);
    return session && this.#view(session);
  }

  view(name: string): SessionView {
    return this.#view(this.#known(name));
  }

  target(name: string): Target {
    const view = this.view(name);
    return { host: view.hostFacts, session: view.facts(), terminal: view };
  }

  sessions(): readonly SessionView[] {
    const opening = [...this.#openings.values()].map(({ session }) => session);
    return [...new Set([...this.#sessions.values(), ...opening])].map((session) => this.#view(session));
  }

  farewell(name: string, caller: Caller): SshMcpError | undefined {
    if (this.#openings.has(name)) return undefined;
    const session = this.#sessions.get(name);
    return session === undefined ? this.past.farewell(name, caller.id) : session.farewell(caller.id);
  }

  attach(name: string): Attachment {
    return new Attachment(this.#ready(name));
  }

  async disconnect(name: string, { caller }: Permit, why = "closed by ssh_disconnect"): Promise<SessionView> {
    const opening = this.#openings.get(name);
    if (opening?.giveUp()) {
      this.#openings.delete(name);
      return givenUpView(this.#view(opening.session));
    }
    await Promise.allSettled([opening?.dialled]);
    const session = this.#known(name);
    await session.close(why, { caller: caller.id });
    return this.#view(session);
  }

  async retire(why: string): Promise<boolean> {
    if (this.#openings.size > 0) return false;
    const isLeft = (one: Session) => !one.closed && !one.busy && one.keyboard.holder === undefined;
    await Promise.all([...this.#sessions.values()].filter(isLeft).map((one) => one.close(why, "idle")));
    return this.#openByName().size === 0 && this.execs.running().length === 0;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#expiry.dispose();
    this.execs.dispose();
    await Promise.all(
      [...this.#sessions.values()].map((session) => session.close("ssh-mcp is shutting down")),
    );
    for (const session of this.#sessions.values()) session.dispose();
    await this.#transport.dispose();
    this.execs.abandon();
    this.#leave();
    this.#directory.dispose();
  }

  /** A session under its name, also one that is being opened. */
  #known(name: string): Session {
    const session = this.#sessions.get(name) ?? this.#openings.get(name)?.session;
    if (session) return session;
    throw unknownSession(name, [...this.#sessions.keys(), ...this.#openings.keys()]);
  }

  /** A session that can be typed into. */
  #ready(name: string): Session {
    const opening = this.#openings.get(name);
    if (opening === undefined) return this.#known(name);
    throw new SshMcpError(
      "not_ready",
      `session ${name} is still being opened on ${opening.host}: nothing was typed`,
      `ssh_read(session: ${JSON.stringify(name)}) waits for it.`,
    );
  }

  async #planExec(name: string): Promise<ExecPlan> {
    const host = this.#equipped(await this.#directory.resolve(name));
    assertTakesExec(host, this.#catalog, this.#showsDevice(host.name));
    return { host, facts: factsOf(host), unix: this.#shows(host.name, ({ cwd }) => cwd !== undefined) };
  }

  /** The host with what its platform needs, as far as sessions on it have shown what it is. */
  #equipped(host: ResolvedHost): ResolvedHost {
    return equip(host, this.#catalog, this.#showsDevice(host.name));
  }

  /** A session on that host has shown a network CLI. */
  #showsDevice(host: string): boolean {
    return this.#shows(host, ({ place }) => place !== undefined);
  }

  /** A session on that host has shown this. */
  #shows(host: string, what: (session: Session) => boolean): boolean {
    return [...this.#sessions.values()].some((session) => session.host.name === host && what(session));
  }

  /** A closed session's name is free for its own host. */
  #isFree(name: string, host: string): boolean {
    const session = this.#sessions.get(name);
    return !this.#openings.has(name) && (!session || (session.closed && session.host.name === host));
  }

  #begin(name: string, plan: OpenPlan, permit: Permit, { ask }: Caller): Opening {
    const { host } = plan;
    const existing = this.#sessions.get(name);
    if (existing && !existing.closed)
      throw nameTaken(
        `session "${name}" is open already (${existing.state})`,
        "Use it, choose another session name, or ssh_disconnect it first.",
      );
    if (existing && existing.host.name !== host.name)
      throw nameTaken(`the closed session "${name}" belongs to host ${existing.host.name}`);
    this.#assertRoom(host);
    this.#forgetOldest();
    const catalog = this.#catalog === undefined ? {} : { catalog: this.#catalog };
    const readSecret = this.#readSecret;
    const onPut: OnPut = (put) => {
      this.#views.lineOf(session).put(put, session.transcript.end);
      this.#onPut?.(put, { name, host: host.name });
    };
    const session: Session =
      existing ??
      new Session({
        ...{ name, host, readSecret, clock: this.#clock, onPut, refuses: this.#refuses, ...catalog },
        record: this.#record,
      });
    this.#views.opened(session, { by: permit.caller.id });
    const giving = new GivingUp(name);
    const dial = this.#dial(session, plan, permit, { newShell: existing !== undefined, giving, ask });
    const dialled = giving.orDialled(dial).finally(() => {
      if (this.#openings.get(name)?.dialled === dialled) this.#openings.delete(name);
    });
    dial.catch(() => {});
    // Each caller gets the failure from its own wait; without one it is nobody's.
    dialled.catch(() => {});
    const giveUp = () => giving.giveUp();
    const opening = { host: host.name, session, startedAt: this.#clock.now(), dialled, giveUp };
    this.#openings.set(name, opening);
    return opening;
  }

  async #dial(
    session: Session,
    { host, size }: OpenPlan,
    permit: Permit,
    { newShell, giving, ask }: Dial,
  ): Promise<Opened> {
    const opened = await this.#transport.link(host).openPty({
      ...size,
      term: host.terminal.term,
      oneByOne: host.platform === "posix" || host.platform === "auto",
      ...(ask === undefined ? {} : { ask }),
    });
    const { channel, info } = opened;
    if (this.#disposed) {
      channel.close();
      throw new SshMcpError("session_closed", "ssh-mcp is shutting down");
    }
    if (giving.over) channel.close();
    giving.attach();
    const { cutOff } = session;
    await session.attach(opened, host, size, permit).catch((error: unknown) => {
      channel.close();
      throw error;
    });
    this.#sessions.set(session.name, session);
    this.#sharing.on(session, opened);
    this.past.opened(session.name, host, size);
    if (this.#disposed) await session.close("ssh-mcp is shutting down");
    const logins = host.limits.exact === true ? this.#loginsOn(host.name) : 1;
    const shares = sharesNote(this.#sharing.openWith(session));
    return { newShell, notes: [...openingNotes(info, newShell, cutOff, logins, host.via), ...shares] };
  }

  /** What a caller gets who waits for a session to come up. */
  async #firstPrompt(opening: Opening, caller: Caller, wait: WaitOptions): Promise<Reply> {
    const { session, dialled } = opening;
    const began = this.#clock.now();
    const request = this.#wait(session, wait);
    const opened = await within(dialled, request.timeoutMs, caller.signal, this.#clock);
    if (opened === undefined) return this.#reply(session, stillConnecting(opening, this.#clock.now()));
    const timeoutMs = Math.max(0, request.timeoutMs - (this.#clock.now() - began));
    const outcome = await session.firstPrompt(caller, { ...request, timeoutMs });
    const facts = this.#views.openingOf(session);
    if (facts !== undefined && outcome.state === "done" && outcome.mode !== undefined)
      this.#views.opened(session, { ...facts, mode: outcome.mode });
    return this.#reply(session, withoutPrompt(session, outcome), { ...opened, framing: session.framing });
  }

  /** Those being opened count from the start, or a burst of calls would pass a limit together. */
  #openByName(): Map<string, string> {
    const open = new Map([...this.#openings].map(([name, opening]) => [name, opening.host]));
    for (const session of this.#sessions.values())
      if (!session.closed) open.set(session.name, session.host.name);
    for (const [name, host] of this.execs.logins()) open.set(name, host);
    return open;
  }

  #assertRoom(host: ResolvedHost): void {
    const { maxSessions } = this.#directory.settings;
    assertRoom(host, this.#openByName(), maxSessions, this.#room.elsewhere(this));
  }

  #loginsOn(host: string): number {
    const all = [...this.#openByName().values(), ...this.#room.elsewhere(this)];
    return all.filter((one) => one === host).length;
  }

  #forgetOldest(): void {
    for (const session of closedTooMany([...this.#sessions.values()], this.#room.owners)) {
      session.dispose();
      this.#sessions.delete(session.name);
    }
  }

  #wait(session: Session, options: WaitOptions): WaitRequest {
    const asked = options.timeoutMs ?? session.host.timing.commandTimeoutMs;
    return {
      timeoutMs: Math.min(Math.max(asked, 0), LONGEST_WAIT_MS),
      ...(options.waitFor === undefined ? {} : { waitFor: options.waitFor }),
      ...(this.#hide !== undefined && session.host.masksSecrets === true ? { hide: this.#hide } : {}),
    };
  }

  #reply(session: Session, outcome: Outcome, opened?: Reply["opened"]): Reply {
    const ended = outcome.state === "closed" ? this.#sharing.lostWith(session).slice(2) : "";
    const notes = ended === "" ? outcome.notes : [...outcome.notes, ended];
    return { session: this.#view(session), outcome: { ...outcome, notes }, ...(opened ? { opened } : {}) };
  }

  #view(session: Session): SessionView {
    return this.#views.of(session);
  }
}
