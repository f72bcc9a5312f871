import { createHash } from "node:crypto";
import { RE2JS } from "re2js";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ChangeProfile } from "../devices/profile-change.ts";

type Test = (row: string) => boolean;

/** What is to be known of a timer that may run on a device. */
export interface Pending {
  readonly is: "none" | "runs" | "unknown";
  readonly who?: string;
  readonly left?: string;
  /** The row it was read from; of `unknown` the first. */
  readonly row?: string;
}

const compiled = new Map<string, RE2JS>();
/** Patterns of all profiles are some hundreds. */
const MOST_COMPILED = 2_000;

/** @throws SshMcpError `inventory_invalid` for a pattern of a profile that RE2 does not take. */
export function patternIn(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  try {
    const pattern = RE2JS.compile(source);
    if (compiled.size < MOST_COMPILED) compiled.set(source, pattern);
    return pattern;
  } catch (error) {
    throw new SshMcpError(
      "inventory_invalid",
      `change: "${visibleLine(source, 80)}" is not an RE2 pattern: ${messageOf(error)}`,
      "docs/changes.md explains the section change of a device profile.",
    );
  }
}

export function anyOf(sources: readonly string[] = []): Test {
  const patterns = sources.map(patternIn);
  return (row) => patterns.some((pattern) => pattern.test(row));
}

/** Reads whether a timer runs. A pattern that fits no row means that nothing is known, unless the profile says otherwise. */
export function pendingIn(
  { none, some, silent = false, first = false, who, left }: NonNullable<ChangeProfile["pending"]>,
  rows: readonly string[],
): Pending {
  const [isNone, isSome] = [anyOf(none), anyOf(some)];
  const filled = rows.filter((row) => row.trim() !== "");
  const counted = first
    ? filled.filter((row) => isSome(row) || isNone(row) || /^\S/.test(row)).slice(0, 1)
    : filled;
  const running = counted.find(isSome);
  if (running !== undefined) {
    const named = groupIn(who, "who", counted);
    const rest = groupIn(left, "left", counted);
    return {
      is: "runs",
      row: running.trim(),
      ...(named === undefined ? {} : { who: named }),
      ...(rest === undefined ? {} : { left: rest }),
    };
  }
  if (silent || counted.some(isNone)) return { is: "none" };
  const [row] = filled;
  return { is: "unknown", ...(row === undefined ? {} : { row: row.trim() }) };
}

function groupIn(source: string | undefined, name: string, rows: readonly string[]): string | undefined {
  if (source === undefined) return undefined;
  const pattern = patternIn(source);
  if (!Object.hasOwn(pattern.namedGroups(), name)) return undefined;
  for (const row of rows) {
    const matcher = pattern.matcher(row);
    if (matcher.find()) return matcher.group(name) ?? undefined;
  }
  return undefined;
}

/** What is missing of the prerequisites that these rows answer; undefined: nothing. */
export function missingIn(
  { needs, fails, say }: NonNullable<ChangeProfile["prerequisites"]>[number],
  rows: readonly string[],
): string | undefined {
  const there = needs === undefined || rows.some(anyOf([needs]));
  const against = fails !== undefined && rows.some(anyOf([fails]));
  return there && !against ? undefined : say;
}

/** A configuration as it is compared: without the rows that differ by themselves. */
export function configIn({ running }: ChangeProfile, rows: readonly string[]): readonly string[] {
  const isNoise = anyOf(running.noise);
  return rows.map((row) => row.trimEnd()).filter((row) => !isNoise(row));
}

export function stateOf(rows: readonly string[]): string {
  return createHash("sha256").update(rows.join("\n")).digest("hex");
}

/** What a device may take for the beginning of another command in the same line. */
const SEPARATORS = /[;&|`{}()[\]\r\n]/;

/** The first line that is no change's own, or holds one; undefined: none. */
export function forbiddenIn({ forbids = [] }: ChangeProfile, lines: readonly string[]): string | undefined {
  const is = anyOf(forbids.map((source) => `(?i)${source}`));
  return lines.find((line) => is(line) || line.split(SEPARATORS).some(is));
}
