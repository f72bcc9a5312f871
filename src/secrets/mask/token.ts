/** What is shown in place of a secret that nobody told us: keyed, the same for the same value. */
const TOKEN = /\[masked:[0-9a-f]{10}\]/g;

/** Hexadecimal digits of a token: two different secrets of an installation have different ones. */
export const DIGITS = 10;

export function tokenOf(digest: string): string {
  return `[masked:${digest.slice(0, DIGITS)}]`;
}

/** The tokens in a text, as often as they are there. */
export function tokensIn(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}
