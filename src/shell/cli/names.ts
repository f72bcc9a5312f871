/** Words with which devices are named; the name is the last word of the line, or what is in quotes there. */
const NAMES =
  /(?:\b(?:host-?name|sysname|system-?name|switchname)\b|\bidentity\b.*\bname=|\bset\s+prompt\b|^\s*(?:prompt|name)\s|\bsystem\s+name\b)/i;

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
