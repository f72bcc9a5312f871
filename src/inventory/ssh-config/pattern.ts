/** OpenSSH's patterns (match.c): `*` any run, `?` one character, everything else itself. Linear in memory, O(n·m). */
export function matchesPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** A comma list in which one negated match decides against the whole. */
export function matchesPatternList(text: string, list: string): boolean {
  let matched = false;
  for (const entry of list.split(",")) {
    const negated = entry.startsWith("!");
    if (!matchesPattern(text, negated ? entry.slice(1) : entry)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** The words of a `Host` line: case counts, and one negated match decides against the whole. */
export function matchesHostLine(host: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const entry of patterns) {
    const negated = entry.startsWith("!");
    if (!matchesPattern(host, negated ? entry.slice(1) : entry)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** True for a pattern that names exactly one host. */
export function isLiteral(pattern: string): boolean {
  return pattern !== "" && !/[*?!,]/.test(pattern);
}
