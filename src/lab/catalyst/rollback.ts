import type { Clock } from "../../base/clock.ts";
import { type IosConfig, logRow, type RevertTimer, restart } from "./config.ts";
import { clone, type IosSettings } from "./settings.ts";
import { configRows } from "./shows.ts";
import { fileTime, logTime } from "./times.ts";

export const MINUTE = 60_000;
const BOOT_MS = 20_000;
const NEWS = "%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG";

/** Who acts, and the device's time. */
export interface Actor {
  readonly by: string;
  readonly time: Clock;
}

/** A row into the log, and onto the terminals that monitor. */
export function news(config: IosConfig, time: Clock, text: string): void {
  const row = `*${logTime(time.wallTime())}: ${text}`;
  logRow(config, row);
  for (const terminal of config.terminals) terminal.log(row);
}

/** The running configuration into a file of its own. @returns its name */
export function archive(config: IosConfig, path: string, time: Clock): string {
  const file = `${path}-${fileTime(time.wallTime())}-${config.archived.length}`;
  config.files.set(file, clone(config.running));
  config.archived.push(file);
  return file;
}

/** Takes back to `file` unless it is confirmed in time. */
export function arm(
  config: IosConfig,
  actor: Actor,
  about: Pick<RevertTimer, "kind" | "minutes" | "file">,
): void {
  const { time, by } = actor;
  config.revert?.timer.dispose();
  const ms = about.minutes * MINUTE;
  config.revert = {
    ...about,
    by,
    endsAt: time.now() + ms,
    timer: time.after(ms, () => expire(config, actor)),
  };
  config.journal.add({ at: time.wallTime(), kind: "armed", by, text: `${about.kind} ${about.minutes}` });
  const kind = about.kind === "idle" ? "START_IDLETIMER" : "START_ABSTIMER";
  news(
    config,
    time,
    `${NEWS}_${kind}: User: ${by}: Scheduled to rollback to config ${about.file} in ${about.minutes} minutes`,
  );
}

/** Somebody types: an idle timer begins anew. */
export function touch(config: IosConfig, time: Clock): void {
  const { revert } = config;
  if (revert?.kind !== "idle") return;
  revert.timer.dispose();
  const ms = revert.minutes * MINUTE;
  revert.endsAt = time.now() + ms;
  revert.timer = time.after(ms, () => expire(config, { by: revert.by, time }));
}

export function confirm(config: IosConfig, { by, time }: Actor): boolean {
  if (config.revert === undefined) return false;
  config.revert.timer.dispose();
  config.revert = undefined;
  config.journal.add({ at: time.wallTime(), kind: "confirmed", by });
  news(config, time, `${NEWS}_CONFIRM: User: ${by}: Confirmed the configuration change`);
  return true;
}

/** Takes the change back now; the file it went back to, undefined where none was pending. */
export function revertNow(config: IosConfig, { by, time }: Actor): string | undefined {
  const { revert } = config;
  if (revert === undefined) return undefined;
  revert.timer.dispose();
  config.revert = undefined;
  put(config, config.files.get(revert.file) ?? config.running);
  config.journal.add({ at: time.wallTime(), kind: "undone", by });
  news(config, time, `${NEWS}_ROLLBACK_START: Start rolling to: ${revert.file}`);
  return revert.file;
}

function expire(config: IosConfig, { time }: Actor): void {
  revertNow(config, { by: "timer", time });
}

/** Another running configuration in one go. */
export function put(config: IosConfig, settings: IosSettings): void {
  config.running = clone(settings);
  const { startup } = config;
  const rows = (one: IosSettings) => configRows(one, []).join("\n");
  config.dirty = startup === undefined || rows(startup) !== rows(config.running);
  config.door.changed();
}

/** The device goes down, and comes up with what was saved. */
export function goDown(config: IosConfig, { by, time }: Actor): void {
  config.journal.add({ at: time.wallTime(), kind: "down", by });
  config.booting = true;
  restart(config);
  config.door.changed();
  config.door.restarted();
  for (const terminal of [...config.terminals]) terminal.cut();
  time.after(BOOT_MS, () => {
    config.booting = false;
    config.journal.add({ at: time.wallTime(), kind: "up", by: "timer" });
    config.door.changed();
  });
}
