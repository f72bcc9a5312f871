import { abbreviated, CommandError, expectedEnd, unquote, type Word } from "./words.ts";

/** What a command may be given. */
export interface Accepts {
  /** Arguments of the form `name=value`. */
  readonly names: readonly string[];
  /** Bare words, as in `print detail`. */
  readonly flags: readonly string[];
  /** Names of the arguments that may come without a name, in order. */
  readonly unnamed: readonly string[];
  /** Whether `where …` may follow. */
  readonly where?: boolean;
}

export interface Given {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly where: readonly Condition[];
}

export interface Condition {
  readonly field: string;
  readonly operator: "=" | "!=" | "~" | "set" | "unset";
  readonly value: string;
}

/** @throws CommandError at the first word that is not expected. */
export function readArguments(words: readonly Word[], accepts: Accepts): Given {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const unnamed = [...accepts.unnamed];
  for (const [index, word] of words.entries()) {
    if (accepts.where === true && word.text === "where")
      return { values, flags, where: words.slice(index + 1).map(readCondition) };
    const equals = word.text.startsWith('"') || word.text.startsWith("[") ? -1 : word.text.indexOf("=");
    if (equals > 0) {
      const name = abbreviated(word.text.slice(0, equals), accepts.names);
      if (name === undefined) throw expectedEnd(word.column);
      const value = word.text.slice(equals + 1);
      const next = words[index + 1];
      // `name=` in mid-line takes nothing, and the parser stumbles over what follows (measured on 7.23).
      if (value === "" && next !== undefined) throw expectedEnd(next.column);
      values.set(name, unquote(value));
      continue;
    }
    const flag = abbreviated(word.text, accepts.flags);
    if (flag !== undefined) {
      flags.add(flag);
      continue;
    }
    const name = unnamed.find((candidate) => !values.has(candidate));
    if (name === undefined) throw expectedEnd(word.column);
    values.set(name, unquote(word.text));
  }
  return { values, flags, where: [] };
}

function readCondition(word: Word): Condition {
  const match = /^(!?)([\w-]+)(?:(!=|=|~)(.*))?$/s.exec(word.text);
  if (match === null) throw new CommandError(`syntax error (line 1 column ${word.column + 1})`);
  const [, not, field = "", operator, value = ""] = match;
  if (operator === "=" || operator === "!=" || operator === "~")
    return { field, operator, value: unquote(value) };
  return { field, operator: not === "!" ? "unset" : "set", value: "" };
}

export function holds(condition: Condition, values: Readonly<Record<string, string>>): boolean {
  const value = values[condition.field] ?? "";
  const isSet = value !== "" && value !== "no";
  switch (condition.operator) {
    case "=":
      return value === condition.value;
    case "!=":
      return value !== condition.value;
    case "~":
      return value.includes(condition.value);
    case "set":
      return isSet;
    case "unset":
      return !isSet;
  }
}
