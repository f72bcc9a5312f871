import type { Clock, Disposable } from "../../base/clock.ts";
import { Door, type Way } from "../door.ts";
import { Journal } from "../journal.ts";
import { reachOf } from "./reach.ts";
import { defaultSettings, type JunosSettings } from "./settings.ts";

/** Where the connections of the lab come from, and what for. */
export const WAY: Way = { from: "198.51.100.7", to: "192.0.2.10" };
const BOOT_MS = 20_000;
const KEPT = 50;

export interface Commit {
  readonly settings: JunosSettings;
  readonly at: number;
  readonly by: string;
  readonly via: "cli" | "other";
  /** As it was said then: it stays in the history. */
  readonly minutes?: number;
}

export interface JunosTerminalOf {
  tell(...rows: readonly string[]): void;
  hangUp(): void;
}

/** The device its terminals share. */
export class JunosDevice {
  readonly clock: Clock;
  readonly journal = new Journal();
  readonly door: Door;
  readonly terminals = new Set<JunosTerminalOf>();
  /** Newest first; the first one is active. */
  readonly commits: Commit[];
  /** The candidate that `configure` shares. */
  shared: JunosSettings;
  /** Who has the candidate for themselves. */
  lock: JunosTerminalOf | undefined;
  booting = false;
  #armed: { readonly timer: Disposable; readonly endsAt: number; readonly before: JunosSettings } | undefined;

  constructor(options: { readonly clock: Clock; readonly hostname?: string; readonly way?: Way }) {
    const { clock, hostname = "lab-junos", way = WAY } = options;
    this.clock = clock;
    const settings = defaultSettings(hostname);
    this.commits = [{ settings, at: clock.wallTime(), by: "root", via: "other" }];
    this.shared = settings;
    this.door = new Door(() => reachOf(this.active, way, this.booting));
  }

  get active(): JunosSettings {
    return this.commits[0]?.settings ?? [];
  }

  /** What is left of the time to confirm; undefined: nothing waits for that. */
  get leftMs(): number | undefined {
    return this.#armed && this.#armed.endsAt - this.clock.now();
  }

  note(kind: Parameters<Journal["add"]>[0]["kind"], by: string, text?: string): void {
    this.journal.add({ at: this.clock.wallTime(), kind, by, ...(text === undefined ? {} : { text }) });
  }

  /** Whatever waits for a confirmation is confirmed by it, whoever had committed that. */
  commit(settings: JunosSettings, by: string, minutes?: number): void {
    const before = this.#armed?.before ?? this.active;
    // Committing what was there before is how a trial is undone at once.
    if (this.#armed !== undefined && settings.join() === before.join()) this.#end("undone", by);
    else this.confirm(by);
    this.#add({
      settings,
      at: this.clock.wallTime(),
      by,
      via: "cli",
      ...(minutes === undefined ? {} : { minutes }),
    });
    if (minutes !== undefined) {
      const ms = minutes * 60_000;
      this.#armed = {
        before,
        endsAt: this.clock.now() + ms,
        timer: this.clock.after(ms, () => this.#expire()),
      };
      this.note("armed", by, `commit confirmed ${minutes}`);
    }
    this.note("line", by, "commit");
    this.door.changed();
  }

  confirm(by: string): void {
    if (this.#armed !== undefined) this.#end("confirmed", by);
  }

  #end(how: "confirmed" | "undone", by: string): void {
    this.#armed?.timer.dispose();
    this.#armed = undefined;
    this.note(how, by);
  }

  /** It goes down and comes up with what is active; whether a timer outlives that nobody has confirmed: here it does not. */
  goDown(by: string): void {
    this.#armed?.timer.dispose();
    if (this.#armed !== undefined) this.#expire();
    this.note("down", by);
    this.booting = true;
    this.lock = undefined;
    this.shared = this.active;
    this.door.changed();
    this.door.restarted();
    for (const terminal of [...this.terminals]) terminal.hangUp();
    this.clock.after(BOOT_MS, () => {
      this.booting = false;
      this.note("up", "timer");
      this.door.changed();
    });
  }

  #expire(): void {
    const armed = this.#armed;
    if (armed === undefined) return;
    this.#armed = undefined;
    this.#add({ settings: armed.before, at: this.clock.wallTime(), by: "root", via: "other" });
    this.note("undone", "timer");
    this.door.changed();
    const minute = new Date(this.clock.wallTime()).toISOString().slice(11, 16);
    for (const terminal of [...this.terminals])
      terminal.tell(
        "Broadcast Message from root@lab",
        `        (no tty) at ${minute} UTC...`,
        "",
        "Commit was not confirmed; automatic rollback complete.",
        "",
      );
  }

  #add(commit: Commit): void {
    this.commits.unshift(commit);
    if (this.commits.length > KEPT) this.commits.pop();
    this.shared = commit.settings;
  }
}
