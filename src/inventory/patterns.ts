import { DISGUISE } from "../base/text.ts";
import { MOST } from "./units.ts";

/**
 * The rules of names.ts and units.ts as regular expressions, for the JSON Schema, which has no other means. A test holds
 * each of them against the function it stands for.
 */

/** `pattern` where isPlain holds, too. */
export function plain(pattern: string): string {
  return `(?=^(?:(?!${DISGUISE.source}|[\\u00a0\\u1680\\u2000-\\u200d\\u202f\\u205f\\u2800\\u3000\\ufe0f\\ufff0-\\ufff8])[\\s\\S])*$)${pattern}`;
}

const NOT_IN_HOSTS = "'`\"$\\\\;&<>|(){},\\s\\u0000-\\u001f\\u007f";
const NOT_IN_USERS = "'`\";&<>|(){}\\u0000-\\u001f\\u007f";

/** isValidHostName, of a name that may stand in brackets. */
export const HOST_NAME = plain(`^(?!-)(?!\\[\\]$)(?!\\[-.*\\]$)[^${NOT_IN_HOSTS}]+$`);

/** isValidUserName. */
export const USER_NAME = plain(`^(?!-)(?![\\s\\S]*\\s-)[^${NOT_IN_USERS}]*[^${NOT_IN_USERS}\\\\]$`);

/** A whole number from 0 to `most`, with zeros in front. */
function upTo(most: number): string {
  const digits = [...String(most)];
  const below = digits.flatMap((digit, at) => {
    const rest = digits.length - at - 1;
    const same = digits.slice(0, at).join("");
    return digit === "0" ? [] : [`${same}[0-${Number(digit) - 1}]${rest === 0 ? "" : `\\d{${rest}}`}`];
  });
  const shorter = digits.length === 1 ? [] : [`\\d{1,${digits.length - 1}}`];
  return `0*(?:${[...shorter, ...below, most].join("|")})`;
}

const PORT = `(?!0+(?!\\d))(?=\\d{1,5}(?!\\d))${upTo(65_535)}`;
/** The user of a target ends at the last `@`. */
const USER = `(?!-)(?![^,]*\\s-[^,]*@)[^${NOT_IN_USERS},]*[^${NOT_IN_USERS},\\\\]`;
const PLACE = `(?:\\[(?!-)[^${NOT_IN_HOSTS}@\\][]+\\]|(?!-)[^${NOT_IN_HOSTS}@:[\\]/]+)(?::${PORT})?`;
const TARGET = `(?:${USER}@)?${PLACE}`;
const HOP = `\\s*(?!\\s)(?:ssh://${TARGET}/?|(?!ssh://)${TARGET})\\s*`;
/** What `jump` takes: what parseTarget does, with commas between. */
export const HOPS = plain(`^${HOP}(?:,${HOP})*$`);

const timed = (unit: string, ms: number) => `${upTo(Math.floor(MOST / ms))}(?:\\.\\d+)?${unit}`;
const PARTS = [
  timed("[mM][sS]", 1),
  timed("[sS]", 1000),
  timed("[mM]", 60_000),
  timed("[hH]", 3_600_000),
  timed("[dD]", 86_400_000),
];
/** parseDuration; several parts may together be longer than it takes. */
export const DURATION = `^\\s*(?:${timed("", 1000)}|(?:${PARTS.join("|")})+)\\s*$`;

const sized = (unit: string, bytes: number) => `${upTo(Math.floor(MOST / bytes))}\\s*${unit}`;
const SIZES = [sized("[bB]?", 1), sized("[kK](?:[iI][bB])?", 1024), sized("[mM](?:[iI][bB])?", 1024 ** 2)];
/** parseSize. */
export const SIZE = `^\\s*(?:${SIZES.join("|")})\\s*$`;
