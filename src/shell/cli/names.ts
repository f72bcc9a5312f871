/** Words with which devices are named; the name is the last word of the line, or what is in quotes there. */
const NAMES =
  /(?:\b(?:host-?name|sysname|system-?name|switchname)\b|\bidentity\b.*\bname=|\bset\s+prompt\b|^\s*(?:prompt|name)\s|\bsystem\s+name\b)/i;

const CLOCK = /(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?![\d:])/g;

/** Are these the same name but for the time of day, which some devices show in their prompt? */
export function sameName(one: string, other: string): boolean {
  return one === other || one.replace(CLOCK, "\0") === other.replace(CLOCK, "\0");
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

/** May the device have another name behind this line, also one that the line does not give (`no hostname`, `commit`)? */
export function mayRename(line: string): boolean {
  return (NAMES.test(line) && !LOOKS.test(line)) || TAKES_EFFECT.test(line);
}
