import { type RouterOsConfig, releaseSafeMode } from "./config.ts";
import type { Action } from "./state.ts";

/** Actions that fit; safe mode ends when there are more, and nothing is undone (MikroTik manual). */
export const HISTORY = 100;

/**
 * Notes what somebody changed. Under safe mode it will be undone with the rest, whoever did it: the history has no room for
 * more than 100 of them, and safe mode ends by itself.
 */
export function record(config: RouterOsConfig, { action, by }: Action, at: number): void {
  config.history.unshift({ action, by });
  if (config.history.length > HISTORY) config.history.pop();
  config.journal.add({ at, kind: "line", by, text: action });
  const { safeMode } = config;
  if (safeMode !== undefined) {
    safeMode.actions += 1;
    if (safeMode.actions > HISTORY) {
      releaseSafeMode(config, "history");
      safeMode.owner.notice("[Safe Mode released]");
    }
  }
  config.door.changed();
}

/** Newest first, as `print` shows them; `F` will be undone with safe mode. */
export function historyRows({ history, safeMode }: RouterOsConfig): string[] {
  const rows = history.map(({ action, by }, at) => ({
    flag: at < (safeMode?.actions ?? 0) ? "F" : "U",
    action,
    by,
  }));
  const width = (key: "action" | "by", least: number) =>
    Math.max(least, ...rows.map((row) => row[key].length)) + 2;
  const [wide, narrow] = [width("action", 6), width("by", 2)];
  return [
    "Flags: U - UNDOABLE, R - REDOABLE, F - FLOATING-UNDO",
    "Columns: ACTION, BY, POLICY",
    `  ${"ACTION".padEnd(wide)}${"BY".padEnd(narrow)}POLICY`,
    ...rows.map(({ flag, action, by }) => `${flag} ${action.padEnd(wide)}${by.padEnd(narrow)}write`),
  ];
}
