import type { RanSteps } from "./ran.ts";
import { type Sh, sh } from "./sh.ts";

/** What the host's own grep says of a pattern, which BusyBox reads at the first row, and then fails with the code of "no row". */
export function patternStep(
  pattern: string | undefined,
  how: readonly string[] = ["-E"],
): Readonly<Record<string, Sh>> {
  if (pattern === undefined) return {};
  return {
    pattern: sh`w=$(echo | grep ${how} -e ${pattern} 2>&1 >/dev/null); case "$?$w" in [01]*"bad regex"*|[2-9]*) echo "$w";; esac`,
  };
}

export function patternNotes(ran: RanSteps): string[] {
  const [said] = ran.get("pattern")?.lines ?? [];
  return said === undefined ? [] : [`the pattern was refused, so nothing was searched: ${said}`];
}
