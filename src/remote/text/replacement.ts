import { SshMcpError } from "../../base/errors.ts";
import type { Match, Pattern } from "../../base/pattern.ts";

/** What stands for one match: its parts are literal text and groups by number. */
export type Replacement = (match: Match) => string;

/**
 * Reads `$1`, `${1}`, `${name}`, `$0` or `$&` (the match) and `$$` (a dollar sign); any other `$` is one itself.
 * `$12` is group 12 where there is one, else group 1 and a 2.
 * @throws SshMcpError `invalid_argument` for a group that the pattern does not have.
 */
export function replacementOf(source: string, { groups }: Pattern): Replacement {
  const parts: (string | number)[] = [];
  let from = 0;
  for (const found of source.matchAll(/\$(?:(\$)|(&)|(\d{1,2})|\{(\w+)\})/g)) {
    parts.push(source.slice(from, found.index));
    from = found.index + found[0].length;
    const [, dollar, all, digits, name] = found;
    if (dollar !== undefined) parts.push("$");
    else if (all !== undefined) parts.push(0);
    else if (digits !== undefined) parts.push(...numbered(digits));
    else if (name !== undefined) parts.push(named(name));
  }
  parts.push(source.slice(from));
  return (match) => parts.map((part) => (typeof part === "string" ? part : match.group(part))).join("");

  function numbered(digits: string): (string | number)[] {
    const index = Number(digits);
    if (index <= groups.count) return [index];
    const first = Number(digits[0]);
    if (digits.length > 1 && first <= groups.count) return [first, digits.slice(1)];
    throw unknown(`$${digits}`);
  }

  function named(name: string): number {
    const index = /^\d+$/.test(name) ? Number(name) : groups.named.get(name);
    if (index === undefined || index > groups.count) throw unknown(`\${${name}}`);
    return index;
  }

  function unknown(what: string): SshMcpError {
    const has = groups.count === 1 ? "1 group" : `${groups.count} groups`;
    return new SshMcpError(
      "invalid_argument",
      `the replacement says ${what}, and the pattern has ${has}`,
      "$$ is a dollar sign.",
    );
  }
}
