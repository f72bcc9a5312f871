/** Words with which devices are named; the name is the last word of the line, or what is in quotes there. */
const NAMES =
  /(?:\b(?:host-?name|sysname|system-?name|switchname)\b|\bidentity\b.*\bname=|\bset\s+prompt\b|^\s*(?:prompt|name)\s|\bsystem\s+name\b)/i;

const CLOCK = /(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?![\d:])/g;

/** Are these the same name but for the time of day, which some devices show in their prompt? */
export function sameName(one: string, other: string): boolean {
  return one === other || one.replace(CLOCK, "\0") === other.replace(CLOCK, "\0");
}

/** A name that ends in a number in brackets. */
const COUNTED = /^(.*[A-Za-z].*)[[({](\d{1,6})[\])}]$/;
/** What such a number grows by from one prompt to the next, at most. */
const STEP = 10;

/** Does `other` differ from the name before it only in a counter that has grown? */
export function countsOn(one: string, other: string): boolean {
  const [before, after] = [COUNTED.exec(one), COUNTED.exec(other)];
  if (before === null || after === null || before[1] !== after[1]) return false;
  const grown = Number(after[2]) - Number(before[2]);
  return grown > 0 && grown <= STEP;
}

/** The hostname that a line gives its device; undefined: it gives none. */
export function nameGiven(line: string): string | undefined {
  if (!NAMES.test(line)) return undefined;
  const quoted = /(["'])([^"']+)\1\s*$/.exec(line)?.[2];
  if (quoted !== undefined) return quoted;
  return line
    .trim()
    .split(/[\s"'=]+/)
    .findLast((word) => word !== "");
}

/** Lines behind which a whole configuration takes effect, with a name that was given before, or in a file. */
const TAKES_EFFECT =
  /^\s*(?:do\s+)?(?:commit|rollback|apply|activate|load|restore|configure\s+replace|copy\b.*\brun|merge|replace|reload|redundancy|switchover)\b/i;

const LOOKS = /^\s*(?:do\s+)?(?:show|display|get|print|more|info|list)\b/i;

/** Does this line only show something? */
export function looks(line: string): boolean {
  return LOOKS.test(line);
}

/** May the device have another name behind this line, also one that the line does not give (`no hostname`, `commit`)? */
export function mayRename(line: string): boolean {
  return (NAMES.test(line) && !looks(line)) || TAKES_EFFECT.test(line);
}
