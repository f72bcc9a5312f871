import { matchesWildcards } from "../../base/wildcards.ts";

/** A comma list in which one negated match decides against the whole. */
export function matchesPatternList(text: string, list: string): boolean {
  return matchesHostLine(text, list.split(","));
}

/** The words of a `Host` line: case counts, and one negated match decides against the whole. */
export function matchesHostLine(host: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const entry of patterns) {
    const negated = entry.startsWith("!");
    if (!matchesWildcards(host, negated ? entry.slice(1) : entry)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** True for a pattern that names exactly one host. */
export function isLiteral(pattern: string): boolean {
  return pattern !== "" && !/[*?!,]/.test(pattern);
}
