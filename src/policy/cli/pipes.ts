import type { Finding, Risk } from "../risk.ts";
import type { Grammar } from "./grammar.ts";
import { type Piece, wordsOf } from "./words.ts";

/** A line before its first pipe, and what is behind each. */
export interface Piped {
  readonly head: Piece;
  readonly stages: readonly Piece[];
}

/**
 * Cuts a line at its pipes. Behind the first one a `|` without blanks belongs to a pattern, but where what follows could
 * write or run something.
 */
export function piped(line: Piece, grammar: Grammar): Piped {
  const cuts: number[] = [];
  let quote = "";
  for (let at = 0; at < line.text.length; at++) {
    const char = line.text[at] ?? "";
    if (char === quote) quote = "";
    else if (quote === "" && char === '"' && line.text.indexOf('"', at + 1) > 0) quote = char;
    if (quote !== "" || char !== "|") continue;
    if (cuts.length === 0 || line.text[at - 1] === " " || acts(line.text.slice(at + 1, at + 40), grammar))
      cuts.push(at);
  }
  const [first = line.text.length] = cuts;
  return {
    head: { text: line.text.slice(0, first), from: line.from },
    stages: cuts.map((cut, index) => ({
      text: line.text.slice(cut + 1, cuts[index + 1] ?? line.text.length),
      from: line.from + cut + 1,
    })),
  };
}

function acts(behind: string, grammar: Grammar): boolean {
  const [word = ""] = behind.trim().toLowerCase().split(/\s/);
  return (
    word.length > 2 && [...grammar.pipes.write, ...grammar.pipes.opaque].some((one) => one.startsWith(word))
  );
}

/** Files whose content is the configuration. */
const CONFIGURATION =
  /^(?:nvram:|startup|running|\S*startup-config|\S*running-config|\S*config\.boot|\S*config\.db)/;

/** What a pipe does beyond showing; undefined: nothing. */
export function pipeFinding(stage: Piece, grammar: Grammar): Finding | undefined {
  const words = wordsOf(stage);
  const [first, ...rest] = words;
  const name = first?.plain ?? "";
  const span = { from: first?.from ?? stage.from, to: words.at(-1)?.to ?? stage.from + stage.text.length };
  const fits = (list: readonly string[]) => name !== "" && list.some((one) => one.startsWith(name));
  const { read, write, opaque } = grammar.pipes;
  const meaning = `| ${stage.text.trim()}`;
  if (read.includes(name) || read.includes(`${name} ${rest[0]?.plain}`)) return redirection(rest, span);
  if (fits(opaque)) return { risk: "opaque", ...span, meaning, why: "hands the output to a program" };
  if (fits(write))
    return writes(
      rest.map(({ plain }) => plain),
      meaning,
      span,
    );
  if (fits(read)) return redirection(words.slice(1), span);
  return { risk: "opaque", ...span, meaning, why: "a filter that is not known" };
}

/** `> file` among the words of a line that shows. */
export function redirection(
  words: readonly {
    readonly raw: string;
    readonly plain: string;
    readonly from: number;
    readonly to: number;
  }[],
  span: { readonly from: number; readonly to: number },
): Finding | undefined {
  const at = words.findIndex(({ raw }) => raw.startsWith(">") && raw !== ">=");
  const word = words[at];
  if (word === undefined) return undefined;
  const target = [word.plain.replace(/^>+/, ""), words[at + 1]?.plain ?? ""].filter((one) => one !== "");
  return writes(target, `> ${target.join(" ")}`, { from: word.from, to: span.to });
}

function writes(
  target: readonly string[],
  meaning: string,
  span: { readonly from: number; readonly to: number },
): Finding {
  const over = target.some((word) => CONFIGURATION.test(word));
  const risk: Risk = over ? "irreversible" : "write";
  return {
    risk,
    ...span,
    meaning,
    why: over ? "writes over a configuration" : "writes the output to a file",
  };
}
