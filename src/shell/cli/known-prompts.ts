import type { PromptMatch } from "../../devices/device.ts";
import { likeOneOf } from "../evidence/prompt-shape.ts";
import { nameGiven, sameName } from "./names.ts";

/** A prompt as it was on the screen. */
export interface PromptRow extends PromptMatch {
  /** Text left of the cursor, right-trimmed. */
  readonly row: string;
}

/** Rows remembered; a device's modes are few. */
const KEPT = 32;
const STEM = /^[^\s(]*[\w)\]]/;

/** The prompts seen on one session. What equals them needs little proof; a prompt of a new host needs more. */
export interface KnownPrompts {
  readonly rows: readonly string[];
  readonly host: string | undefined;
  /** Shortest part of the hostname that a truncated prompt keeps. */
  readonly prefix: number | undefined;
}

export function nothingKnown(prefix: number | undefined): KnownPrompts {
  return { rows: [], host: undefined, prefix };
}

/** The prompt with its hostname whole, where the profile could not tell its end: `[core-sw-1-GigabitEthernet0/0/1]`. */
export function named({ host: known }: KnownPrompts, prompt: PromptRow): PromptRow {
  const { host, row } = prompt;
  if (known === undefined || host === undefined || host.length >= known.length) return prompt;
  return known.startsWith(host) && row.includes(known) ? { ...prompt, host: known } : prompt;
}

export function learned(known: KnownPrompts, { row, host }: PromptRow): KnownPrompts {
  const rows = [...known.rows.filter((one) => one !== row), row].slice(-KEPT);
  // A truncated hostname does not replace the whole one.
  const replaces = host !== undefined && !truncates(known, host);
  return { ...known, rows, host: replaces ? host : known.host };
}

/** Is this a prompt of the device as we know it? `typed`: the line that may just have renamed it. */
export function knows(known: KnownPrompts, prompt: PromptRow, typed: string): boolean {
  if (known.rows.includes(prompt.row)) return true;
  const { host, row } = named(known, prompt);
  if (host === undefined || known.host === undefined) return sharesStem(known, row);
  if (sameName(host, known.host) || truncates(known, host)) return true;
  const given = nameGiven(typed);
  if (given !== undefined && (given === host || given.startsWith(`${host}.`))) return true;
  return likeOneOf(known.rows, row);
}

function truncates({ host: known, prefix }: KnownPrompts, host: string): boolean {
  if (known === undefined || prefix === undefined || host.length >= known.length) return false;
  return host.length >= Math.min(prefix, 10) && known.startsWith(host);
}

/** Prompts without a telling hostname: the same beginning and the same last character. */
function sharesStem({ rows }: KnownPrompts, row: string): boolean {
  const stem = STEM.exec(row)?.[0];
  if (stem === undefined || stem.length < 2) return false;
  return rows.some((known) => STEM.exec(known)?.[0] === stem && known.at(-1) === row.at(-1));
}
