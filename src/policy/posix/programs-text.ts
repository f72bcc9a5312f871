import { type Outcome, ofPath, outcome, worse } from "./match.ts";
import { UNKNOWN } from "./paths.ts";

/** What a program of sed(1) does: its commands are read in order, and only `w`, `e` and their flags do more than edit text. */
export function judgeSed(script: string, folder: string | undefined): Outcome {
  if (script.includes(UNKNOWN)) return outcome("opaque", "not all of the sed program is known");
  let rest = script;
  let result = outcome("read");
  const skip = (pattern: RegExp) => {
    const [found] = pattern.exec(rest) ?? [];
    if (found !== undefined) rest = rest.slice(found.length);
    return found;
  };
  const address =
    /^\s*(?:\d+(?:~\d+)?|\$|\/(?:\\.|\[\^?\]?[^\]]*\]|[^/\\])*\/[IM]*|\\(.)(?:\\.|(?!\1).)*\1[IM]*)\s*/s;
  for (let turns = 0; rest.length > 0; turns++) {
    if (turns > 2000) return outcome("opaque", "the sed program is too long");
    if (skip(/^(?:[\s;}]+|#[^\n]*)/) !== undefined) continue;
    if (skip(address) !== undefined) {
      if (skip(/^\s*,\s*/) !== undefined && skip(address) === undefined) skip(/^[+~]\d+\s*/);
      skip(/^\s*!\s*/);
    }
    const command = skip(/^\s*./s)?.trim();
    if (command === undefined || command === "") break;
    if (command === "s" || command === "y") {
      const sign = rest[0] ?? "";
      if (/[\s\\\n]/.test(sign)) return outcome("opaque", "the sed program cannot be read");
      const end = endOf(rest, sign);
      if (end === undefined) return outcome("opaque", "the sed program cannot be read");
      rest = rest.slice(end);
      const flags = skip(/^[a-zA-Z0-9]*/) ?? "";
      if (/e/.test(flags)) result = worse(result, outcome("opaque", "sed runs what it has put together"));
      if (/w/.test(flags)) result = worse(result, ofPath(lineOf(skip, flags), "replace", folder));
    } else if (command === "w" || command === "W")
      result = worse(result, ofPath(lineOf(skip, ""), "replace", folder));
    else if (command === "e") return outcome("opaque", "sed runs a command");
    else if (/[aicrR]/.test(command)) skip(/^(?:\\\n|[^\n\\]|\\.)*/s);
    else if (/[:btT]/.test(command)) skip(/^[^\n;}]*/);
    else if (/[qQlL]/.test(command)) skip(/^\s*\d*/);
    else if (!/[{}=dDgGhHnNpPxzF]/.test(command)) return outcome("opaque", "the sed program cannot be read");
  }
  return result;
}

function lineOf(skip: (pattern: RegExp) => string | undefined, flags: string): string {
  return ((flags.split("w")[1] ?? "") + (skip(/^[^\n]*/) ?? "")).trim();
}

/** Where the third delimiter of `s/a/b/` ends. */
function endOf(text: string, sign: string): number | undefined {
  let seen = 1;
  let inClass = false;
  for (let at = 1; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (seen === 1 && char === "[" && !inClass)
      inClass = text.indexOf("]", at + 2) > 0 && text.slice(at).search(/[\n]/) !== 1;
    else if (inClass && char === "]") inClass = false;
    else if (char === sign && !(inClass && sign !== "/")) {
      inClass = false;
      if (++seen === 3) return at + 1;
    }
  }
  return undefined;
}

/** Signs of an awk program outside of its strings and regular expressions. */
const AWK_TOKEN =
  /"((?:[^"\\]|\\.)*)"|#[^\n]*|\/(?:\[(?:[^\]\\]|\\.)*\]|[^/\\\n]|\\.)*\/|\|\||&&|>=|>>|[A-Za-z_]\w*|\d[\w.]*|\s+|./gs;

/** What an awk program does; `run` gets the constant commands that it pipes to or from. */
export function judgeAwk(
  program: string,
  folder: string | undefined,
  run: (command: string) => void,
): Outcome {
  if (program.includes(UNKNOWN)) return outcome("opaque", "not all of the awk program is known");
  let result = outcome("read");
  const tokens = awkTokens(program);
  let printing = false;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const next = tokens[at + 1];
    if (token === "system" || token === "@") return worse(result, systemOf(tokens, at, run));
    if (/^(?:print|printf)$/.test(token)) printing = true;
    if (/^[;}\n]/.test(token)) printing = false;
    if (token === "(") depth++;
    if (token === ")") depth--;
    if (token === "|") {
      // What is piped to, or with getline, what is read from.
      const constant = /^getline/.test(next ?? "") ? before : next === "&" ? undefined : next;
      if (constant?.startsWith('"') && aloneAt(tokens, at)) run(unquoted(constant));
      else result = worse(result, outcome("opaque", "awk runs a command that it has put together"));
    }
    if ((token === ">" || token === ">>") && printing && depth <= 0) {
      const target = next?.startsWith('"') ? unquoted(next) : UNKNOWN;
      result = worse(result, ofPath(target, token === ">" ? "replace" : "append", folder));
    }
  }
  return result;
}

/** Blanks and comments away; a slash behind a value is a division, and so no regular expression. */
function awkTokens(program: string): readonly string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(AWK_TOKEN);
  for (let found = pattern.exec(program); found !== null; found = pattern.exec(program)) {
    let [token] = found;
    if (
      token.startsWith("/") &&
      /^(?:[\w)\]]|\$)/.test(tokens.at(-1) ?? "") &&
      !/^(?:print|return|in)$/.test(tokens.at(-1) ?? "")
    ) {
      token = "/";
      pattern.lastIndex = found.index + 1;
    }
    if (token.includes("\n") && /^\s+$/.test(token)) tokens.push("\n");
    else if (!/^(?:\s|#)/.test(token))
      tokens.push(token.startsWith("/") && token.length > 1 ? "/re/" : token);
  }
  return tokens;
}

function systemOf(tokens: readonly string[], at: number, run: (command: string) => void): Outcome {
  const text = tokens[at + 2];
  if (tokens[at + 1] === "(" && text?.startsWith('"') && tokens[at + 3] === ")") run(unquoted(text));
  return outcome("opaque", "awk runs a command");
}

/** Is the string beside this pipe the whole command, with nothing joined to it? */
function aloneAt(tokens: readonly string[], at: number): boolean {
  if (/^getline/.test(tokens[at + 1] ?? "")) return /^[\n;{(]?$|^while$/.test(tokens[at - 2] ?? "");
  return /^(?:[\n;})]|)$/.test(tokens[at + 2] ?? "");
}

function unquoted(token: string): string {
  return token.slice(1, -1).replace(/\\(["\\/])/g, "$1");
}

/** Names that code of Python, Perl, Ruby, Node or PHP may use and still only compute and print. */
const PURE_NAMES: ReadonlySet<string> = new Set(
  (
    "print printf puts echo console log import from as sys json math platform datetime time re string version version_info platform path stdin stdout " +
    "load loads dumps dump indent sort_keys sort_keys len sum min max range sorted set list dict tuple str int float bool repr round abs enumerate zip map filter " +
    "for in if else not and or is None True False lambda split strip join upper lower replace startswith endswith items keys values get read readlines " +
    "process versions node uname machine release now today strftime isoformat format executable prefix byteorder maxsize pi sqrt e " +
    "JSON stringify parse Math Date PHP_VERSION phpversion length say my const let var true false null use strict warnings say RUBY_VERSION"
  ).split(" "),
);

/** Only computes and prints: names it may use, no other calls, no strings that a format could reach through. */
export function isPureCode(code: string): boolean {
  if (code.includes(UNKNOWN) || code.length > 500 || /`|__|%x|\$\(/.test(code)) return false;
  const bare = code.replace(/f?"(?:[^"\\{]|\\.)*"|f?'(?:[^'\\{]|\\.)*'/g, " ");
  if (/["']/.test(bare) || /\bsystem\s*\(\s*[^)\s]/.test(bare)) return false;
  const names = bare.match(/[A-Za-z_$][\w$]*/g) ?? [];
  return names.every((name) => PURE_NAMES.has(name) || /^[a-z]$/.test(name));
}
