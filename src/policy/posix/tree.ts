import type { Assignment, Command, For, Select, Statement, SyntaxNode } from "./parse.ts";
import { UNKNOWN } from "./paths.ts";
import type { Span } from "./running.ts";
import type { Scope } from "./scope.ts";
import { type Arg, argsOf, textOf } from "./words.ts";

/** Nodes that hold commands. */
const CODE: ReadonlySet<string> = new Set(
  "Statement CompoundList CaseItem Elif AndOr Pipeline Command Redirected Function Coproc If For Select While Subshell BraceGroup Case ArithmeticFor".split(
    " ",
  ),
);

export function isCode(node: SyntaxNode): boolean {
  return CODE.has(node.type);
}

export function at(node: { readonly pos: number; readonly end: number }): Span {
  return { from: node.pos, to: node.end };
}

export function meaningText(text: string): string {
  return text.replaceAll(UNKNOWN, "…").slice(0, 200);
}

export function assignmentArg(one: Assignment, scope: Scope, choice: number): Arg {
  const value =
    one.value.type === "Word" && one.index === undefined ? textOf(one.value, scope, choice) : UNKNOWN;
  return {
    text: `${one.name}${one.append ? "+" : ""}=${value}`,
    raw: one.text,
    from: one.pos,
    to: one.end,
    constant: !value.includes(UNKNOWN),
    glob: false,
  };
}

/** The words of a command, its name first; with `span`, all of them are at that place. */
export function argsOfCommand(
  node: Command,
  scope: Scope,
  choice: number,
  span: Span | undefined,
): readonly Arg[] {
  const args: Arg[] = node.name === undefined ? [] : [...argsOf(node.name, scope, choice)];
  for (const one of node.suffix) {
    if (one.type === "Word") args.push(...argsOf(one, scope, choice));
    else if (one.type === "Assignment") args.push(assignmentArg(one, scope, choice));
  }
  return span === undefined ? args : args.map((arg) => ({ ...arg, ...span }));
}

/** What the variable of a loop may hold; undefined: it is not known. */
export function loopValues(node: For | Select, scope: Scope): readonly string[] | undefined {
  if (node.type === "Select") return undefined;
  const values = node.wordlist?.flatMap((word) => argsOf(word, scope).map(({ text }) => text));
  return values?.some((value) => value.includes(UNKNOWN)) ? undefined : values;
}

/** A command after which a file that it is redirected to is empty. */
export function writesNothing(args: readonly Arg[]): boolean {
  const words = args.map(({ text }) => text).join(" ");
  return /^(?::|true|cat \/dev\/null|echo -n(?: )?|printf ?)?$/.test(words);
}

export function neverEnds(statements: readonly Statement[]): boolean {
  const [only] = statements;
  return (
    statements.length === 1 &&
    only?.command.type === "Command" &&
    /^(?:true|:|1)$/.test(only.command.name?.text ?? "")
  );
}

/** What an evaluation of arithmetic, or one more expansion, would run although it is in quotes; undefined: nothing. */
export function runsLater(node: SyntaxNode): string | undefined {
  const hides = (word: { readonly value: string }) => /\[[^\]]*(?:\$\(|`)/.test(word.value);
  switch (node.type) {
    case "TestBinary":
      return /^-/.test(node.operator) && (hides(node.left) || hides(node.right))
        ? "a subscript that runs a command"
        : undefined;
    case "TestUnary":
      return hides(node.operand) ? "a subscript that runs a command" : undefined;
    case "ParameterExpansion":
      return node.operation?.type === "Transform" && /P/.test(node.operation.operand.text)
        ? "a value that is expanded once more"
        : undefined;
    default:
      return undefined;
  }
}
