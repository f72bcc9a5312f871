import { randomBytes } from "node:crypto";
import type { Changing } from "../../../changes/changing.ts";
import type { SavedChange } from "../../../changes/states.ts";
import type { ToolContext } from "../context.ts";
import type { ChangeRecord } from "./book.ts";
import type { Hands } from "./hands.ts";

/** One change under way: its sessions, and what is known so far. */
export interface Work {
  readonly context: ToolContext;
  readonly changing: Changing;
  readonly record: ChangeRecord;
  readonly hands: Hands;
  /** The session it is typed in, and that of the fresh login, once they are there. */
  readonly own: string;
  proof: string | undefined;
}

/** For connections that nothing else uses. */
export function anewWord(): string {
  return randomBytes(8).toString("hex");
}

export function textOf(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join("");
}

export function savedOf(record: ChangeRecord, stage: SavedChange["stage"]): SavedChange {
  const { plan, until, armingUntil, after, state } = record;
  return {
    id: plan.id,
    host: plan.host,
    platform: plan.platform,
    pid: process.pid,
    stage,
    at: record.at,
    before: plan.before,
    ...(until === undefined ? {} : { until: Math.round(until) }),
    ...(armingUntil === undefined ? {} : { armingUntil: Math.round(armingUntil) }),
    ...(after === undefined ? {} : { after }),
    ...(state?.confirmed === "yes" ? { confirmed: true } : {}),
  };
}
