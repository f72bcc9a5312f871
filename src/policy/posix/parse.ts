import { forEachChild, type ParsedScript, parse, type SyntaxNode, type Word, type WordPart } from "unbash";

export type * from "unbash";
export { forEachChild };

/** Longer texts are not parsed: nothing that a person or an agent types is as long, and time is bounded. */
export const LONGEST = 16 * 1024;

/** Why a text cannot be read, and where; its shell would have read something else than the parser. */
export interface Unreadable {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

export type Parsed =
  | { readonly is: "script"; readonly script: ParsedScript }
  | { readonly is: "unreadable"; readonly unreadable: Unreadable };

/** C0 without tab and newline, DEL and C1: a line editor acts on them before the shell reads the line. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** `^old^new^` at the start of a line: an interactive bash or zsh replaces it from its history. */
const QUICK = /^\^/m;
/** More nested than any honest text, and what parsers give up at. */
const MOST_OPEN = 400;

/** The tree of a text. What of it lies in substitutions is parsed when it is visited: see `unreadableIn`. */
export function parsed(text: string): Parsed {
  const unreadable = (from: number, to: number, why: string): Parsed => ({
    is: "unreadable",
    unreadable: { from, to, why },
  });
  if (text.length > LONGEST) return unreadable(LONGEST, text.length, "the text is too long to be read");
  const control = CONTROL.exec(text);
  if (control !== null)
    return unreadable(
      control.index,
      control.index + 1,
      "a control character edits the line before the shell reads it",
    );
  if ((text.match(/[({`]/g)?.length ?? 0) > MOST_OPEN)
    return unreadable(0, text.length, "too deeply nested to be read");
  const quick = QUICK.exec(text);
  if (quick !== null)
    return unreadable(
      quick.index,
      text.length,
      "a line that begins with ^ may change and repeat the one before",
    );
  const script = parse(text);
  const [error] = script.errors ?? [];
  if (error === undefined) return { is: "script", script };
  return unreadable(
    Math.min(error.pos, text.length),
    text.length,
    `the shell cannot read this: ${error.message}`,
  );
}

/** What of a word a shell might expand although the parser shows no expansion there; undefined: nothing. */
export function unreadableIn(word: Pick<Word, "text" | "pos" | "parts">): Unreadable | undefined {
  if (!/[$`<>!]/.test(word.text)) return undefined;
  const covered = expansionsOf(word.parts ?? [], []);
  const at = uncovered(word.text, (offset) =>
    covered.some(([from, to]) => word.pos + offset >= from && word.pos + offset < to),
  );
  if (at === undefined) return undefined;
  return { from: word.pos + at.offset, to: word.pos + at.offset + 2, why: at.why };
}

const EXPANSIONS: ReadonlySet<string> = new Set([
  "SimpleExpansion",
  "ParameterExpansion",
  "CommandExpansion",
  "ArithmeticExpansion",
  "ProcessSubstitution",
]);

function expansionsOf(parts: readonly WordPart[], into: [number, number][]): [number, number][] {
  for (const part of parts) {
    if (EXPANSIONS.has(part.type)) into.push([part.pos, part.end]);
    else if ("parts" in part && part.parts !== undefined) expansionsOf(part.parts, into);
  }
  return into;
}

/** The first place of a raw word where an expansion begins that is not covered, read as a shell reads quotes. */
function uncovered(
  text: string,
  isCovered: (offset: number) => boolean,
): { readonly offset: number; readonly why: string } | undefined {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isCovered(at)) continue;
    if (quote === "'" || quote === "$'") {
      if (char === "'") quote = "";
      else if (quote === "$'" && char === "\\") at++;
    } else if (char === "\\") at++;
    else if (char === '"') quote = quote === '"' ? "" : '"';
    else if (char === "'" && quote === "") quote = text[at - 1] === "$" ? "$'" : "'";
    else if (char === "`" || (char === "$" && /[({]/.test(text[at + 1] ?? "")))
      return { offset: at, why: "a substitution is hidden here" };
    else if (quote === "" && (char === "<" || char === ">") && text[at + 1] === "(")
      return { offset: at, why: "a substitution is hidden here" };
    else if (char === "!" && recalls(text, at, quote === '"'))
      return { offset: at, why: "a ! may be replaced by an earlier command" };
  }
  return undefined;
}

/** Would an interactive bash replace this `!` from its history? Not before a blank, `=`, `(` or the closing quote. */
function recalls(text: string, at: number, quoted: boolean): boolean {
  const next = text[at + 1] ?? "";
  if (next === "" || /[\s=(]/.test(next)) return false;
  if (/[$[{]/.test(text[at - 1] ?? "")) return false;
  return !(quoted && /["\\']/.test(next));
}

/** Every node below one, without looking into substitutions' scripts twice. */
export function visitAll(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  forEachChild(node, (child) => visitAll(child, visit));
}
