import type { Clock, Disposable } from "../../base/clock.ts";
import { Door, type Way } from "../door.ts";
import { Journal } from "../journal.ts";
import { reachOf } from "./reach.ts";
import { copy, defaultSettings, type EosSettings } from "./settings.ts";

/** Where the connections of the lab come from, and what for. */
export const WAY: Way = { from: "198.51.100.7", to: "192.0.2.10" };
const BOOT_MS = 20_000;
/** Sessions that may be open, and those that are remembered behind their end. */
export const MOST_PENDING = 5;

export interface ConfigSession {
  readonly name: string;
  state: "pending" | "pendingCommitTimer" | "completed" | "aborted";
  readonly settings: EosSettings;
  readonly user: string;
}

interface Armed {
  readonly session: ConfigSession;
  readonly before: EosSettings;
  readonly endsAt: number;
  readonly timer: Disposable;
}

/** The device its terminals share. */
export class EosDevice {
  readonly clock: Clock;
  readonly version: string;
  readonly journal = new Journal();
  readonly door: Door;
  readonly terminals = new Set<{ hangUp(): void }>();
  running: EosSettings;
  startup: EosSettings;
  readonly sessions = new Map<string, ConfigSession>();
  booting = false;
  #armed: Armed | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly hostname?: string;
    readonly version?: string;
    readonly way?: Way;
  }) {
    const { clock, hostname = "lab-eos", version = "4.31.2F", way = WAY } = options;
    this.clock = clock;
    this.version = version;
    this.running = defaultSettings(hostname);
    this.startup = copy(this.running);
    this.door = new Door(() => reachOf(this.running, way, this.booting));
  }

  get armed(): { readonly name: string; readonly leftMs: number } | undefined {
    const armed = this.#armed;
    return armed && { name: armed.session.name, leftMs: armed.endsAt - this.clock.now() };
  }

  note(kind: Parameters<Journal["add"]>[0]["kind"], by: string, text?: string): void {
    this.journal.add({ at: this.clock.wallTime(), kind, by, ...(text === undefined ? {} : { text }) });
  }

  /** The session of that name, new where there is none. A text: why not. */
  enter(name: string, user: string): ConfigSession | string {
    const known = this.sessions.get(name);
    if (known?.state === "pending") return known;
    if (known !== undefined && known.state === "pendingCommitTimer")
      return `% Session ${name} has a pending commit timer`;
    const open = [...this.sessions.values()].filter(({ state }) => state === "pending").length;
    if (open >= MOST_PENDING) return "% Maximum number of pending sessions has been reached";
    const session: ConfigSession = { name, state: "pending", settings: copy(this.running), user };
    this.sessions.delete(name);
    this.sessions.set(name, session);
    return session;
  }

  /** What is in the session becomes what runs; for a time, where that is given. A text: why not. */
  commit(session: ConfigSession, by: string, ms?: number): string | undefined {
    if (this.#armed !== undefined && this.#armed.session !== session)
      return `% Cannot commit session ${session.name}: session ${this.#armed.session.name} has a pending commit timer`;
    if (this.#armed !== undefined) {
      this.#confirm(by);
      return undefined;
    }
    const before = this.running;
    this.running = copy(session.settings);
    session.state = ms === undefined ? "completed" : "pendingCommitTimer";
    if (ms !== undefined) {
      const timer = this.clock.after(ms, () => this.abort(session, "timer"));
      this.#armed = { session, before, endsAt: this.clock.now() + ms, timer };
      this.note("armed", by, `commit timer ${ms / 1000}`);
    }
    this.note("line", by, `commit ${session.name}`);
    this.door.changed();
    return undefined;
  }

  /** Drops it; what it had committed for a time is undone. */
  abort(session: ConfigSession, by: string): void {
    session.state = "aborted";
    this.sessions.delete(session.name);
    const armed = this.#armed;
    if (armed?.session !== session) return;
    armed.timer.dispose();
    this.#armed = undefined;
    this.running = armed.before;
    this.note("undone", by);
    this.door.changed();
  }

  save(by: string): void {
    this.startup = copy(this.running);
    this.note("saved", by);
  }

  /** It goes down and comes up with what was saved; sessions are gone. */
  goDown(by: string): void {
    this.#armed?.timer.dispose();
    this.#armed = undefined;
    this.sessions.clear();
    this.note("down", by);
    this.booting = true;
    this.running = copy(this.startup);
    this.door.changed();
    this.door.restarted();
    for (const terminal of [...this.terminals]) terminal.hangUp();
    this.clock.after(BOOT_MS, () => {
      this.booting = false;
      this.note("up", "timer");
      this.door.changed();
    });
  }

  #confirm(by: string): void {
    const armed = this.#armed;
    if (armed === undefined) return;
    armed.timer.dispose();
    armed.session.state = "completed";
    this.#armed = undefined;
    this.note("confirmed", by);
  }
}
