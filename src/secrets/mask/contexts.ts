import type { Span } from "./blocks.ts";

/** A secret's keyword, and a quote that is still open at the end of the row. */
const OPEN =
  /\b(?:password|passwd|passphrase|secret|psksecret|pre-?shared-key|[\w-]{1,30}-(?:password|passwd|passphrase|secret|pwd|key))[ \t]{1,8}(?:ENC[ \t]{1,4})?"((?:[^"\\\n]|\\.){0,1024})$/i;
/** A quoted secret goes on over no more than that. */
const LONGEST = 2_048;
/** FortiOS: what an entry of this table is called is the community itself. */
const COMMUNITIES = /^[ \t]{0,80}config[ \t]{1,4}system[ \t]{1,4}snmp[ \t]{1,4}community[ \t]{0,4}\r?$/i;
const NAME = /^[ \t]{0,80}set[ \t]{1,4}name[ \t]{1,4}(?:"([^"\n]{1,256})"|([^\s"]{1,256}))[ \t]{0,4}\r?$/i;
const BEGINS = /^[ \t]{0,80}config[ \t]/i;
const ENDS = /^[ \t]{0,80}end[ \t]{0,4}\r?$/i;

/** Secrets that only the rows around them tell. */
export function byContext(text: string): Span[] {
  if (!/"|snmp[ \t]{1,4}community/i.test(text)) return [];
  const spans: Span[] = [];
  let from = 0;
  /** Tables that are open, counted from the one of communities. */
  let depth = 0;
  for (const row of text.split("\n")) {
    if (depth === 0 && COMMUNITIES.test(row)) depth = 1;
    else if (depth > 0) {
      const name = depth === 1 ? NAME.exec(row) : null;
      const value = name?.[1] ?? name?.[2];
      if (value !== undefined && !value.startsWith("[masked:")) {
        const at = from + row.lastIndexOf(value);
        spans.push({ from: at, to: at + value.length });
      }
      if (BEGINS.test(row)) depth++;
      else if (ENDS.test(row)) depth--;
    }
    const begun = OPEN.exec(row)?.[1];
    if (begun !== undefined)
      spans.push(...goingOn(text, from + row.length - begun.length, from + row.length));
    from += row.length + 1;
  }
  return spans;
}

/** Up to the quote that ends it; without one it is prose. */
function goingOn(text: string, from: number, rowEnd: number): Span[] {
  const rest = /^(?:[^"\\]|\\[\s\S])*?"/.exec(text.slice(rowEnd, rowEnd + LONGEST))?.[0];
  return rest === undefined ? [] : [{ from, to: rowEnd + rest.length - 1 }];
}
