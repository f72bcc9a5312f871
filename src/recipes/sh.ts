import { quoteWord } from "../base/shell-quote.ts";

/** A piece of a POSIX shell's script in which every value is quoted. Only `sh` makes one. */
export interface Sh {
  readonly script: string;
}

/** A value of a script: a word (numbers as they are), several words, or a piece of script. */
type Value = string | number | readonly string[] | Sh;

/** sh`tail -n ${lines} -- ${path}`: what is in the braces is one word for the shell, whatever is in it. */
export function sh(parts: TemplateStringsArray, ...values: readonly Value[]): Sh {
  // As it is written here, so that a backslash is the shell's; only `\${` keeps one from this language.
  const written = parts.raw.map((part) => part.replace(/\\(?=\$\{)/g, ""));
  const script = written.reduce((text, part, at) => {
    const value = values[at - 1];
    return `${text}${value === undefined ? "" : word(value)}${part}`;
  });
  return { script };
}

/** Pieces one behind the other. */
export function joined(pieces: readonly Sh[], between: string): Sh {
  return { script: pieces.map(({ script }) => script).join(between) };
}

function word(value: Value): string {
  if (typeof value === "number") return numberWord(value);
  if (typeof value === "string") return quoteWord(value);
  if ("script" in value) return value.script;
  return value.map(quoteWord).join(" ");
}

function numberWord(value: number): string {
  if (!Number.isFinite(value)) throw new Error("no number for a script");
  return String(value);
}
