/** Shells in shells, and what else is deeper, is not looked into. */
const DEEPEST = 4;
/** A line of more commands than this is judged as a whole, and in its first ones. */
const MOST = 256;
/** Characters that are looked at for one line, what is inside of others counted again. */
const MOST_CHARS = 128 * 1024;
/** Wrappers around one command that are taken off. */
const MOST_WRAPPERS = 12;

/** Words of the shell's grammar before a command, and of devices that run one from another mode. */
const BEFORE: ReadonlySet<string> = new Set("if then elif else while until do run ! {".split(" "));
/** Programs that run the command behind their options. */
const WRAPPERS: ReadonlySet<string> = new Set(
  (
    "time coproc exec command builtin nohup setsid sudo doas ssh env nice ionice stdbuf timeout xargs chrt taskset unbuffer busybox " +
    "toybox chroot nsenter systemd-run flock watch su runuser parallel strace ltrace pkexec gosu su-exec setpriv unshare chronic " +
    "daemonize start-stop-daemon openvt prlimit numactl cgexec fakeroot proot bwrap firejail dbus-run-session xvfb-run rlwrap " +
    "systemd-inhibit systemd-cat setarch linux32 linux64 capsh sg torsocks proxychains proxychains4 tmux screen valgrind"
  ).split(" "),
);
const SHELLS: ReadonlySet<string> = new Set(
  "sh bash dash zsh ksh mksh ash fish yash rbash csh tcsh".split(" "),
);
/** Programs that are given a command in one word. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...SHELLS,
  ..."su runuser eval ssh watch trap script flock parallel xargs find at batch env sg tmux screen".split(" "),
]);
/** Programs that print their words: what they print, a shell behind a `|` runs. */
const PRINTERS: ReadonlySet<string> = new Set(["echo", "printf", "cat"]);

/**
 * The simple commands of a line, as a shell would run them one by one: behind `;`, `&&`, `|`, in `$(…)` and in `sh -c '…'`,
 * without `sudo` and its kind, without quotes and without the program's folder. A seat belt for patterns and no parser: what
 * a shell expands is not known here.
 */
export function simpleCommands(line: string): readonly string[] {
  const found: Found = { texts: new Set(), charsLeft: MOST_CHARS };
  collect(line, found, 0);
  return [...found.texts];
}

/** Does a command of the line run what it is given to read: a shell without a script? */
export function readsCommands(line: string): boolean {
  return split(line.slice(0, MOST_CHARS)).commands.some((words) =>
    readings(withoutRedirections(words)?.words ?? words).some((one) => takesInput(one)),
  );
}

interface Found {
  readonly texts: Set<string>;
  charsLeft: number;
}

function collect(text: string, found: Found, depth: number): void {
  if (depth > DEEPEST || found.texts.size >= MOST || found.charsLeft <= 0) return;
  const part = text.slice(0, found.charsLeft);
  found.charsLeft -= part.length;
  const { commands, nested } = split(part);
  const fed = commands.some(takesInput);
  for (const words of commands) {
    const bare = withoutRedirections(words);
    for (const form of bare === undefined ? [words] : [words, bare.words])
      for (const one of readings(form)) add(one, found, depth, fed);
    if (bare && readings(bare.words).some(takesInput))
      for (const text of bare.given) collect(text, found, depth + 1);
  }
  for (const inner of nested) collect(inner, found, depth + 1);
}

/** A shell, or what hands its input to one, that is given nothing else to run. */
function takesInput(words: readonly Word[]): boolean {
  return readings(words).some(([first, ...rest]) => {
    const name = first?.plain.replace(/^.*\//, "") ?? "";
    if (name === "at" || name === "batch") return true;
    return SHELLS.has(name) && rest.every(({ raw }) => /^(?:[-+<>\d]|\/dev\/stdin$)/.test(raw));
  });
}

/** Characters of a word with a redirection in it; a longer one is left as it is. */
const LONGEST_REDIRECTED = 1024;
/** What a redirection is, wherever it stands: its number, its sign, its file. */
const REDIRECTION = /^((?:[^'"\\<>]|'[^']*'|"[^"]*"|\\.)*?)(?:\d+|&|\{\w+\})?(<<<|[<>][<>|&-]*)(.*)$/s;

/** The words without redirections, and what `<<<` gives to read; undefined: there is none. */
function withoutRedirections(
  words: readonly Word[],
): { readonly words: readonly Word[]; readonly given: readonly string[] } | undefined {
  const kept: Word[] = [];
  const given: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    const short = word.raw.length <= LONGEST_REDIRECTED && /[<>]/.test(word.raw);
    const [, before, sign, file] = (short && REDIRECTION.exec(word.raw)) || [];
    if (sign === undefined || file === undefined) {
      kept.push(word);
      continue;
    }
    if (before) kept.push({ raw: before, plain: before.replace(/['"\\]/g, "") });
    // Its file is the rest of the word, or the next one.
    const next = file === "" ? words[++at]?.plain : file.replace(/['"\\]/g, "");
    if (sign === "<<<" && next !== undefined) given.push(next);
  }
  return kept.length === words.length ? undefined : { words: kept, given };
}

function add(words: readonly Word[], found: Found, depth: number, fed: boolean): void {
  const [first] = words;
  const { texts } = found;
  if (first === undefined || texts.size >= MOST) return;
  const name = first.plain.replace(/^.*\//, "");
  const rest = words.slice(1).map(({ plain }) => plain);
  texts.add(words.map(({ raw }) => raw).join(" "));
  texts.add([first.plain, ...rest].join(" "));
  texts.add([name, ...rest].join(" "));
  if (fed && PRINTERS.has(name)) collect(rest.join(" "), found, depth + 1);
  if (!INTERPRETERS.has(name)) return;
  if (name === "eval") collect(rest.join(" "), found, depth + 1);
  if (name === "find")
    for (const [index, word] of rest.entries())
      if (/^-(?:exec|ok)(?:dir)?$/.test(word)) collect(rest.slice(index + 1).join(" "), found, depth + 1);
  if (name === "trap") collect(rest[0] ?? "", found, depth + 1);
  for (const word of rest) if (/[\s;&|]/.test(word)) collect(word, found, depth + 1);
  const given = rest.findIndex((word) => /^-[A-Za-z]*c/.test(word));
  if (given < 0) return;
  // `-c -- text`, and `-c'text'` in one word.
  collect(rest.slice(given + 1).find((word) => !word.startsWith("-")) ?? "", found, depth + 1);
  collect(/^-[A-Za-z]*?c(.+)$/s.exec(rest[given] ?? "")?.[1] ?? "", found, depth + 1);
}

/** The command itself, and what it runs where it only runs another: each place where that may begin. */
function readings(words: readonly Word[], wrappers = 0): (readonly Word[])[] {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]?.plain ?? "";
    // A name comes between.
    if (word === "function") at++;
    else if (!BEFORE.has(word) && !isAssignment(words[at])) break;
  }
  const own = words.slice(at);
  const all = at === 0 ? [own] : [words, own];
  const name = own[0]?.plain.replace(/^.*\//, "") ?? "";
  if (!WRAPPERS.has(name) || wrappers >= MOST_WRAPPERS) return all;
  // Which options take a value is each program's own affair: the word behind an option may be either.
  for (let next = 1; next < own.length; next++) {
    const word = own[next]?.plain ?? "";
    if (word.startsWith("-") || isAssignment(own[next])) continue;
    all.push(...readings(own.slice(next), wrappers + 1));
    const before = own[next - 1]?.plain ?? "";
    const maybeValue = before.startsWith("-") || VALUED.has(name);
    if (!maybeValue || next > 8) break;
  }
  return all;
}

/** Wrappers whose first word of their own is a value: a time, a folder, a file. */
const VALUED: ReadonlySet<string> = new Set(
  "tmux exec gosu su-exec sg setarch timeout ssh chroot flock taskset chrt su runuser".split(" "),
);

function isAssignment(word: Word | undefined): boolean {
  return word !== undefined && /^[A-Za-z_]\w*\+?=/.test(word.raw);
}

/** Substitutions within quotes that are looked into, and how much of each. */
const MOST_NESTED = 16;
const NESTED_CHARS = 4 * 1024;

/** One word as it is written, and without its quotes. */
interface Word {
  readonly raw: string;
  readonly plain: string;
}

/** The second character of `>&`, `<&`, `>|`, or the first of `&>`: no end of a command. */
function isRedirected(raw: string, char: string, next: string): boolean {
  if (char === "&") return raw.endsWith(">") || raw.endsWith("<") || next === ">";
  return char === "|" && raw.endsWith(">");
}

/** The words of each command of a text, and the texts of what is substituted within quotes. */
function split(text: string): { readonly commands: Word[][]; readonly nested: string[] } {
  const commands: Word[][] = [];
  const nested: string[] = [];
  let words: Word[] = [];
  let raw = "";
  let plain = "";
  let quote = "";
  const endWord = () => {
    if (raw !== "") words.push({ raw, plain });
    raw = "";
    plain = "";
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (quote === "'") {
      raw += char;
      if (char === "'") quote = "";
      else plain += char;
    } else if (char === "\\" && /[\r\n]/.test(next)) {
      // The line goes on.
      at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    } else if (char === "$" && /['"]/.test(next)) raw += char;
    else if (char === "\\" && next !== "") {
      raw += char + next;
      plain += next;
      at++;
    } else if (quote === '"') {
      raw += char;
      if (char === '"') quote = "";
      else plain += char;
      if (nested.length < MOST_NESTED && (char === "`" || (char === "$" && next === "(")))
        nested.push(text.slice(at + 1, at + NESTED_CHARS));
    } else if (char === "'" || char === '"') {
      raw += char;
      quote = char;
    } else if (isRedirected(raw, char, next)) {
      raw += char;
      plain += char;
    } else if (/[;&|()`\r\n]/.test(char)) endCommand();
    else if (char === "#" && raw === "" && words.length > 0) {
      // A comment up to the end of the row.
      const end = text.slice(at).search(/[\r\n]/);
      if (end < 0) break;
      at += end - 1;
    } else if (/\s/.test(char)) endWord();
    else if ((char === "$" || char === "<" || char === ">") && next === "(") endWord();
    else {
      raw += char;
      plain += char;
    }
  }
  endCommand();
  return { commands, nested };
}
