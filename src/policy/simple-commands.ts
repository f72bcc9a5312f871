/** Shells in shells, and what else is deeper, is not looked into. */
const DEEPEST = 4;
/** A line of more commands than this is judged as a whole, and in its first ones. */
const MOST = 256;
/** Characters that are looked at for one line, what is inside of others counted again. */
const MOST_CHARS = 128 * 1024;
/** Wrappers around one command that are taken off. */
const MOST_WRAPPERS = 12;

/** Words of the shell's grammar before a command, and of devices that run one from another mode. */
const BEFORE: ReadonlySet<string> = new Set(
  "if then elif else while until do run time ! { coproc exec command builtin nohup setsid".split(" "),
);
/** Programs that run the command behind their options. */
const WRAPPERS: ReadonlySet<string> = new Set(
  "sudo doas ssh env nice ionice stdbuf timeout xargs chrt taskset unbuffer busybox chroot nsenter systemd-run flock watch su runuser parallel strace ltrace".split(
    " ",
  ),
);
/** Programs that are given a command in one word. */
const INTERPRETERS: ReadonlySet<string> = new Set(
  "sh bash dash zsh ksh mksh ash fish yash su runuser eval ssh watch trap script flock parallel xargs find at env".split(
    " ",
  ),
);

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

interface Found {
  readonly texts: Set<string>;
  charsLeft: number;
}

function collect(text: string, found: Found, depth: number): void {
  if (depth > DEEPEST || found.texts.size >= MOST || found.charsLeft <= 0) return;
  const part = text.slice(0, found.charsLeft);
  found.charsLeft -= part.length;
  const { commands, nested } = split(part);
  for (const words of commands) for (const one of readings(words)) add(one, found, depth);
  for (const inner of nested) collect(inner, found, depth + 1);
}

function add(words: readonly Word[], found: Found, depth: number): void {
  const [first] = words;
  const { texts } = found;
  if (first === undefined || texts.size >= MOST) return;
  const name = first.plain.replace(/^.*\//, "");
  const rest = words.slice(1).map(({ plain }) => plain);
  texts.add(words.map(({ raw }) => raw).join(" "));
  texts.add([first.plain, ...rest].join(" "));
  texts.add([name, ...rest].join(" "));
  if (!INTERPRETERS.has(name)) return;
  if (name === "eval") collect(rest.join(" "), found, depth + 1);
  for (const word of rest) if (/[\s;&|]/.test(word)) collect(word, found, depth + 1);
  const given = rest.findIndex((word) => /^-[A-Za-z]*c$/.test(word));
  if (given >= 0) collect(rest[given + 1] ?? "", found, depth + 1);
}

/** The command itself, and what it runs where it only runs another: each place where that may begin. */
function readings(words: readonly Word[], wrappers = 0): (readonly Word[])[] {
  let at = 0;
  while (at < words.length && (BEFORE.has(words[at]?.plain ?? "") || isAssignment(words[at]))) at++;
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
const VALUED: ReadonlySet<string> = new Set("timeout ssh chroot flock taskset chrt su runuser".split(" "));

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
    } else if (char === "\\" && next !== "") {
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
