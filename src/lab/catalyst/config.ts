import type { Disposable } from "../../base/clock.ts";
import { Door, type Way } from "../door.ts";
import { type Entry, Journal } from "../journal.ts";
import { reachOf } from "./reach.ts";
import { clone, defaultSettings, type IosSettings } from "./settings.ts";

/** What takes a change back unless it is confirmed. */
export interface RevertTimer {
  readonly kind: "absolute" | "idle";
  readonly minutes: number;
  /** Monotonic milliseconds. */
  endsAt: number;
  readonly by: string;
  readonly file: string;
  timer: Disposable;
}

export interface ScheduledReload {
  readonly endsAt: number;
  readonly wallTime: number;
  readonly minutes: number;
  readonly by: string;
  readonly timer: Disposable;
}

/** The device its sessions share. */
export interface IosConfig {
  enableSecret: string;
  running: IosSettings;
  /** Undefined once it is erased. */
  startup: IosSettings | undefined;
  /** The running configuration differs from the startup one. */
  dirty: boolean;
  /** Rows of `show logging`, newest last. */
  readonly log: string[];
  /** Files of flash: that hold a configuration, by their whole name. */
  readonly files: Map<string, IosSettings>;
  /** Names of those that `archive` made, oldest first. */
  readonly archived: string[];
  revert: RevertTimer | undefined;
  reload: ScheduledReload | undefined;
  /** It goes down or comes up: nobody is let in. */
  booting: boolean;
  /** What was really done to it and when, for who examines what others say of it. */
  readonly journal: Journal;
  readonly door: Door;
  /** Terminals that log rows and news are shown on. */
  readonly terminals: Set<IosTerminalOf>;
}

/** What the device does to its terminals. */
export interface IosTerminalOf {
  /** A log row, for those that monitor. */
  log(row: string): void;
  /** Everybody sees it. */
  tell(rows: readonly string[]): void;
  /** The device goes down. */
  cut(): void;
}

const LOG_ROWS = 200;
/** Where the connections of the lab come from, and what for: the address of Vlan10, from behind the default route. */
export const WAY: Way = { from: "198.51.100.7", to: "192.0.2.10" };

export interface IosOptions {
  readonly hostname?: string;
  readonly enableSecret?: string;
  readonly way?: Way;
  /** Where `archive` puts its files; without it that is not set up. */
  readonly archive?: string;
}

/** A switch with 24 ports, two uplinks, two SVIs. `enableSecret` opens privileged mode. */
export function createIosConfig(options: IosOptions = {}): IosConfig {
  const { hostname = "lab-ios", enableSecret = "enable", way = WAY } = options;
  const settings = { ...defaultSettings(hostname), archivePath: options.archive };
  const config: IosConfig = {
    enableSecret,
    running: settings,
    startup: clone(settings),
    dirty: false,
    log: [],
    files: new Map(),
    archived: [],
    revert: undefined,
    reload: undefined,
    booting: false,
    journal: new Journal(),
    door: new Door(() => reachOf(config.running, way, config.booting)),
    terminals: new Set(),
  };
  return config;
}

/** The running configuration is another one. */
export function changed(config: IosConfig, entry?: Entry): void {
  config.dirty = true;
  if (entry !== undefined) config.journal.add(entry);
  config.door.changed();
}

export function save(config: IosConfig, by: string, at: number): void {
  config.startup = clone(config.running);
  config.dirty = false;
  config.journal.add({ at, kind: "saved", by });
}

/** What a reload leaves: the startup configuration, or a switch as new. */
export function restart(config: IosConfig): void {
  config.running = config.startup === undefined ? defaultSettings("Switch") : clone(config.startup);
  config.dirty = false;
  config.log.length = 0;
  config.revert?.timer.dispose();
  config.revert = undefined;
  config.reload?.timer.dispose();
  config.reload = undefined;
}

export function logRow(config: IosConfig, row: string): void {
  config.log.push(row);
  if (config.log.length > LOG_ROWS) config.log.shift();
}
