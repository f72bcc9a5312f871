import type { SyntaxNode } from "./parse.ts";
import { judgeRedirection } from "./redirections.ts";
import type { Scope } from "./scope.ts";
import { argsOf } from "./words.ts";

/** What a command prints where that is written in the text itself: `echo`, `printf` without a format, `cat` of a here-document. */
export function printedBy(node: SyntaxNode, scope: Scope): string | undefined {
  if (node.type !== "Command" || node.name === undefined) return undefined;
  const words = [node.name, ...node.suffix.filter((one) => one.type === "Word")];
  const [name, ...args] = words.flatMap((word) => argsOf(word, scope).map(({ text }) => text));
  if (name === "echo") return args.slice(args.findIndex((text) => !/^-[neE]+$/.test(text))).join(" ");
  if (name === "printf") {
    const [format = "", ...rest] = args;
    if (!format.includes("%")) return format.replaceAll("\\n", "\n");
    return /^(?:%[sb]|\\n|\s)+$/.test(format) ? rest.join(format.includes("\\n") ? "\n" : " ") : undefined;
  }
  if (name !== "cat" || args.length > 0) return undefined;
  const texts = node.redirects.map((one) => judgeRedirection(one, scope, 0).stdin?.text);
  return texts.find((text) => text !== undefined);
}
