/** Words that begin a compound command, and the one that ends it. */
const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bif\b/g, /\bfi\b/g],
  [/\bcase\b/g, /\besac\b/g],
  [/\bdo\b/g, /\bdone\b/g],
  [/\{/g, /\}/g],
  [/\(/g, /\)/g],
  [/\[\[/g, /\]\]/g],
];
const UNFINISHED =
  /(?:\||&&|\\|[({]|\b(?:if|then|else|elif|while|until|for|select|do|in|case|function|time))\s*$|(?:^|[;\s])!\s*$/;
const LOOP = /(?:^|[;&|({\s])(?:while|until|for|select)\s/;

/**
 * May the text be one that a shell reads on for: an open quote, bracket or compound, an operator at its end? By its looks, no
 * grammar: what it takes for open may be whole.
 */
export function mayBeOpen(text: string): boolean {
  const { bare, open } = withoutQuotes(text);
  if (open || UNFINISHED.test(bare)) return true;
  if (LOOP.test(bare) && !/\bdone\b|\}/.test(bare)) return true;
  return PAIRS.some(([begin, end]) => count(bare, begin) > count(bare, end));
}

function count(text: string, words: RegExp): number {
  return text.match(words)?.length ?? 0;
}

/** The text with what is quoted left out; `open`: the last quote is not closed. */
function withoutQuotes(text: string): { bare: string; open: boolean } {
  const bare = text.replace(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|(?<=^|\s)#.*$/gm, (part) =>
    part.startsWith("#") ? "" : "_",
  );
  return { bare, open: /['"`]/.test(bare.replace(/`[^`]*`/g, "")) };
}
