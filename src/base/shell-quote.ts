import { SshMcpError } from "./errors.ts";

/**
 * A text as one word of a shell's line, whatever is in it. It reads alike in sh, dash, bash, BusyBox ash, zsh, ksh, mksh and
 * fish: a backslash means something inside fish's single quotes, so it stands outside, as `!` does for csh. csh alone has no
 * word with a newline in it: it refuses the line, and runs nothing. @throws SshMcpError `invalid_argument` for what no word
 * can hold.
 */
export function quoteWord(text: string): string {
  if (text.includes("\0")) throw unfit("a NUL byte");
  if (/\p{Surrogate}/u.test(text)) throw unfit("half of a surrogate pair, which is no character");
  if (text === "") return "''";
  return text.replace(/[^'\\!]+|['\\!]/g, (part) => (/^['\\!]$/.test(part) ? `\\${part}` : `'${part}'`));
}

/** The same with words that need no quotes left as they are: for lines that people read. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoteWord(text);
}

function unfit(what: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `a word of a command line cannot hold ${what}; nothing was sent`,
    "Give such data as stdin, or write it encoded (printf, base64 -d) in the command itself.",
  );
}
