import type { Clock } from "../../base/clock.ts";
import { Door, type Way } from "../door.ts";
import { Journal } from "../journal.ts";
import { defaultState } from "./defaults.ts";
import { reachOf } from "./reach.ts";
import type { Action, RouterOsState } from "./state.ts";

/** A session that log rows are echoed to and that may hold safe mode. */
export interface Console {
  /** A row for the terminal, printed when the session is idle. */
  notice(text: string): void;
  readonly user: string;
  /** Milliseconds since the epoch. */
  wallTime(): number;
  /** The router goes down. */
  cut(): void;
}

export interface SafeMode {
  readonly owner: Console;
  readonly before: RouterOsState;
  /** Of how many actions it would undo. */
  actions: number;
}

/** A device: what its sessions share. */
export interface RouterOsConfig {
  /** As in `7.16.2`; the console's habits follow from it. */
  readonly version: string;
  readonly board: string;
  state: RouterOsState;
  /** Who holds safe mode, and what everything was like before. */
  safeMode: SafeMode | undefined;
  readonly consoles: Set<Console>;
  /** Newest first. */
  readonly history: Action[];
  booting: boolean;
  /** What was really done to it and when, for who examines what others say of it. */
  readonly journal: Journal;
  readonly door: Door;
}

/** Where the connections of the lab come from, and what for: the address of the bridge, from behind the default route. */
export const WAY: Way = { from: "203.0.113.7", to: "192.168.88.1" };
/** What is lost on the way keeps its connection for so long (an estimate of others: nine minutes). */
const PATIENCE_MS = 9 * 60_000;

/** A device with eight interfaces, three addresses, 80 firewall rules and 60 log rows. Default version: 7.16.2. With a
 * `clock` connections that nothing is heard of are given up after nine minutes. */
export function createRouterOsConfig(
  options: { version?: string; identity?: string; board?: string; way?: Way; clock?: Clock } = {},
): RouterOsConfig {
  const { version = "7.16.2", identity = "MikroTik", board = "CHR", way = WAY, clock } = options;
  const reach = () => reachOf(config.state, way, config.booting);
  const config: RouterOsConfig = {
    version,
    board,
    state: defaultState(identity),
    safeMode: undefined,
    consoles: new Set(),
    history: [],
    booting: false,
    journal: new Journal(),
    door: new Door(reach, clock && { clock, ms: PATIENCE_MS }),
  };
  return config;
}

/** Whether the device runs `version` or a later one. */
export function isSince(config: RouterOsConfig, version: string): boolean {
  const mine = config.version.split(".").map(Number);
  for (const [place, theirs] of version.split(".").map(Number).entries()) {
    const own = mine[place] ?? 0;
    if (own !== theirs) return own > theirs;
  }
  return true;
}

export function takeSafeMode(config: RouterOsConfig, owner: Console): void {
  config.safeMode = { owner, before: structuredClone(config.state), actions: 0 };
  config.journal.add({ at: owner.wallTime(), kind: "armed", by: owner.user, text: "safe mode" });
}

/** Ends safe mode and keeps what was changed. */
export function releaseSafeMode(config: RouterOsConfig, by: string): void {
  if (config.safeMode === undefined) return;
  config.journal.add({ at: config.safeMode.owner.wallTime(), kind: "confirmed", by });
  config.safeMode = undefined;
}

/** Ends safe mode; without `keep` every change since, whoever made it, is undone. */
export function endSafeMode(config: RouterOsConfig, keep: boolean): void {
  const { safeMode } = config;
  if (safeMode === undefined) return;
  if (keep) {
    releaseSafeMode(config, safeMode.owner.user);
    return;
  }
  config.state = safeMode.before;
  config.history.splice(0, safeMode.actions);
  config.safeMode = undefined;
  config.journal.add({ at: safeMode.owner.wallTime(), kind: "undone", by: safeMode.owner.user });
  config.door.changed();
}

const BOOT_MS = 20_000;

/** The router goes down and comes up; safe mode does not outlive that. */
export function goDown(config: RouterOsConfig, by: string, clock: Clock): void {
  endSafeMode(config, false);
  config.journal.add({ at: clock.wallTime(), kind: "down", by });
  config.booting = true;
  config.history.length = 0;
  config.door.changed();
  config.door.restarted();
  for (const console of [...config.consoles]) console.cut();
  clock.after(BOOT_MS, () => {
    config.booting = false;
    config.journal.add({ at: clock.wallTime(), kind: "up", by: "router" });
    config.door.changed();
  });
}

/** Log rows that are kept; the memory action of a real device keeps 1,000 as well. */
const LOG_ROWS = 1000;

/**
 * Logs a critical event, which by default every console echoes (`/system/logging` rule `topics=critical action=echo`).
 * @param at milliseconds since the epoch
 */
export function logCritical(config: RouterOsConfig, at: number, topics: string, message: string): void {
  const { tables } = config.state;
  const id = config.state.nextId++;
  tables.log.push({ id, flags: "", values: { time: dateAndTime(at), topics, message } });
  if (tables.log.length > LOG_ROWS) tables.log.shift();
  for (const console of config.consoles) console.notice(echoRow(at, topics, message));
}

/** The row of a log event on a console. */
export function echoRow(at: number, topics: string, message: string): string {
  return `${dateAndTime(at).slice(11)} echo: ${topics} ${message}`;
}

/** `2026-01-01 00:00:00`; the device's zone is UTC. */
export function dateAndTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}
