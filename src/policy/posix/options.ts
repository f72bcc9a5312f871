import type { Arg } from "./words.ts";

/** An option as a program reads it: `-x`, `-x VALUE`, `--long`, `--long=VALUE`. */
export interface Option {
  readonly name: string;
  readonly value?: string;
}

export interface Parsed {
  readonly options: readonly Option[];
  readonly operands: readonly Arg[];
}

export interface Grammar {
  /** Options that take the next word as their value, or the rest of their own. */
  readonly valued: ReadonlySet<string>;
  /** Options are words behind one dash (`-name`, `-auto-approve`), never letters put together. */
  readonly dashLong?: boolean;
  /** Options end at the first operand, as in what runs another program. */
  readonly stopsAtOperand?: boolean;
}

/** Splits arguments the way getopt_long(3) does, options behind operands as well. */
export function parseOptions(args: readonly Arg[], grammar: Grammar): Parsed {
  const options: Option[] = [];
  const operands: Arg[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === undefined) break;
    const { text } = arg;
    if (text === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!/^-./.test(text)) {
      operands.push(arg);
      if (!grammar.stopsAtOperand) continue;
      operands.push(...args.slice(at + 1));
      break;
    }
    if (text.startsWith("--") || grammar.dashLong) {
      const sign = text.indexOf("=");
      const name = sign < 0 ? text : text.slice(0, sign);
      if (sign >= 0) options.push({ name, value: text.slice(sign + 1) });
      else if (grammar.valued.has(name)) options.push(withValue(name, args[++at]?.text));
      else options.push({ name });
      continue;
    }
    at += letters(text, args[at + 1]?.text, grammar.valued, options);
  }
  return { options, operands };
}

/** Letters put together behind one dash. Returns how many further words they use up. */
function letters(
  text: string,
  next: string | undefined,
  valued: ReadonlySet<string>,
  options: Option[],
): number {
  if (text.length > 2) options.push({ name: text });
  // `-auto-approve` of a program that has such options.
  if (valued.has(text)) {
    options.push(withValue(text, next));
    return 1;
  }
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at] ?? ""}`;
    if (!valued.has(name)) {
      options.push({ name });
      continue;
    }
    const rest = text.slice(at + 1);
    options.push(withValue(name, rest === "" ? next : rest));
    return rest === "" ? 1 : 0;
  }
  return 0;
}

function withValue(name: string, value: string | undefined): Option {
  return value === undefined ? { name } : { name, value };
}
