import type { Alike, ExecRecord, FleetMember } from "../multiplexer/types.ts";

/** What outputs are compared by: their text with what may differ taken out, and what that was, by kind. */
export interface Likeness {
  readonly rows: readonly string[];
  /** What was taken out of a kind, in order; kinds of which there was nothing are not in it. */
  readonly taken: ReadonlyMap<Alike, string>;
}

type Taken = Map<Alike, string[]>;

/** Rows that speak of how long something is so or when it was: bare durations are times in them. */
const OF_TIME =
  /\b(?:uptime|up|ago|since|last|age|elapsed|idle|restarted|updated|changed|time|duration|expires?)\b/i;
/** A clock: no part of an address, which has colons on both sides. */
const CLOCK = /(?<![\w:.])\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?![\w:])/g;
const DAY_OF_WEEK = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const DATE = new RegExp(
  [
    "(?<![\\w.-])\\d{4}-\\d{2}-\\d{2}(?:T(?=\\d))?(?![\\w-])",
    `\\b(?:${DAY_OF_WEEK},? )?${MONTH} {1,2}\\d{1,2}(?:,? \\d{4})?\\b`,
    `\\b(?:${DAY_OF_WEEK},? )?\\d{1,2}[ -]${MONTH}[ -]\\d{2,4}\\b`,
    `\\b${DAY_OF_WEEK}\\b(?= )`,
  ].join("|"),
  "g",
);
/** `5w2d`, `1d03h`: two units at least; one alone is as often a setting. */
const UNITS = /(?<![\w.])(?:\d{1,5}[ywdhms]){2,7}(?!\w)/g;
const ONE_UNIT = /(?<![\w.])\d{1,7}(?:\.\d+)?(?:[ywdhms]|ms|us)(?!\w)/g;
const WORDS =
  /(?<![\w.])\d{1,9}(?:\.\d+)? (?:year|week|day|hour|minute|second|hr|min|sec)s?(?:,? (?:and )?\d{1,9} (?:year|week|day|hour|minute|second|hr|min|sec)s?){0,6}\b/g;
const HOUR = /(?<![\w:.])\d{1,2}:\d{2}(?![\w:])/g;

const IPV4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.])/g;
const IPV6 = /(?<![\w:])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39}(?:\/\d{1,3})?(?![\w:])/gi;
const MAC =
  /(?<![\w:.-])(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![\w:.-])/gi;
const NUMBER = /(?<![\w.:/-])\d[\d,]*(?:\.\d+)?(?![\w:/-]|\.\d)/g;

/** Longer rows are compared as they are. */
const ROW_CHARS = 4_000;

/** The rows without what they may differ in. `names`: what the host is called. */
export function likenessOf(
  rows: readonly string[],
  names: readonly string[],
  kinds: readonly Alike[],
): Likeness {
  const taken: Taken = new Map();
  const own = kinds.includes("names") ? namePattern(names) : undefined;
  const out = rows.map((row) => {
    if (row.length > ROW_CHARS) return row;
    let text = own === undefined ? row : replaced(row, own, "names", taken);
    if (kinds.includes("times")) text = withoutTimes(text, taken);
    if (kinds.includes("addresses"))
      for (const pattern of [MAC, IPV4, IPV6]) text = replaced(text, pattern, "addresses", taken);
    if (kinds.includes("numbers")) text = replaced(text, NUMBER, "numbers", taken);
    // Columns move with what is in them.
    return text === row ? row.trimEnd() : text.replace(/[ \t]+/g, " ").trimEnd();
  });
  return { rows: out, taken: new Map([...taken].map(([kind, values]) => [kind, values.join("\n")])) };
}

/** What a member is called: in the inventory, and by itself. */
export function namesOfMember({ host, record }: Pick<FleetMember, "host" | "record">): string[] {
  return [host, ...calledBy(record)];
}

function calledBy(record: ExecRecord | undefined): string[] {
  const end = record?.end;
  return end?.is === "in_session" && end.called !== undefined ? [end.called] : [];
}

function withoutTimes(row: string, taken: Taken): string {
  let text = replaced(row, DATE, "times", taken);
  text = replaced(text, CLOCK, "times", taken);
  text = replaced(text, UNITS, "times", taken);
  if (!OF_TIME.test(row)) return text;
  for (const pattern of [WORDS, ONE_UNIT, HOUR]) text = replaced(text, pattern, "times", taken);
  return text;
}

function replaced(row: string, pattern: RegExp, kind: Alike, taken: Taken): string {
  return row.replace(pattern, (found) => {
    const values = taken.get(kind) ?? [];
    taken.set(kind, values);
    values.push(found);
    return `<${kind}>`;
  });
}

/**
 * A name that could as well be a word of the output is none here: two hosts called `up` and `down` do not say the same. Whole
 * words alone; the first part of a name with a domain counts, too.
 */
function namePattern(names: readonly string[]): RegExp | undefined {
  const parts = names.flatMap((name) => [name, name.split(".")[0] ?? ""]);
  const own = [...new Set(parts)].filter(
    (name) => name.length >= 3 && /[a-z]/i.test(name) && /[\d_-]/.test(name),
  );
  if (own.length === 0) return undefined;
  const either = own
    .sort((one, other) => other.length - one.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&"))
    .join("|");
  return new RegExp(`(?<![\\w-])(?:${either})(?![\\w-])`, "gi");
}
