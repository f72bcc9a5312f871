import { defaultState } from "./defaults.ts";
import type { RouterOsState } from "./state.ts";

/** A session that log rows are echoed to and that may hold safe mode. */
export interface Console {
  /** A row for the terminal, printed when the session is idle. */
  notice(text: string): void;
}

/** A device: what its sessions share. */
export interface RouterOsConfig {
  /** As in `7.16.2`; the console's habits follow from it. */
  readonly version: string;
  readonly board: string;
  state: RouterOsState;
  /** Who holds safe mode, and what everything was like before. */
  safeMode: { readonly owner: Console; readonly before: RouterOsState } | undefined;
  readonly consoles: Set<Console>;
}

/** A device with eight interfaces, three addresses, 80 firewall rules and 60 log rows. Default version: 7.16.2. */
export function createRouterOsConfig(
  options: { version?: string; identity?: string; board?: string } = {},
): RouterOsConfig {
  const { version = "7.16.2", identity = "MikroTik", board = "CHR" } = options;
  return { version, board, state: defaultState(identity), safeMode: undefined, consoles: new Set() };
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
  config.safeMode = { owner, before: structuredClone(config.state) };
}

/** Ends safe mode; without `keep` every change since, whoever made it, is undone. */
export function endSafeMode(config: RouterOsConfig, keep: boolean): void {
  if (config.safeMode !== undefined && !keep) config.state = config.safeMode.before;
  config.safeMode = undefined;
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
