import { type Finding, type Risk, worstOf } from "../risk.ts";
import { judgeCommand, meaningOf } from "./commands.ts";
import { ofVariable } from "./environment.ts";
import { type Outcome, outcome } from "./match.ts";
import { Notes } from "./notes.ts";
import {
  type Assignment,
  type Command,
  type Function as FunctionNode,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  parsed,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Unreadable,
  unreadableIn,
} from "./parse.ts";
import { UNKNOWN } from "./paths.ts";
import {
  DEEPEST,
  DEEPEST_NODE,
  MOST_CHARS,
  MOST_CHOICES,
  MOST_COMMANDS,
  MOST_WRAPPED,
  type Place,
} from "./place.ts";
import { printedBy } from "./printed.ts";
import { type Applied, applyRedirections, emptied } from "./redirections.ts";
import { type Running, type Span, spanOf, TERMINAL } from "./running.ts";
import { assign, inSubshell, type Scope } from "./scope.ts";
import {
  argsOfCommand,
  assignmentArg,
  at,
  isCode,
  loopValues,
  meaningText,
  neverEnds,
  runsLater,
  writesNothing,
} from "./tree.ts";
import { type Arg, choicesOf } from "./words.ts";

const NOWHERE: Span = { from: 0, to: 0 };
const MAY_HOLD_COMMANDS = outcome("opaque", "what is put into the text of a shell may hold commands");

/** Walks through the tree of a text in the order a shell would, and notes what each command does. */
export class Walk {
  readonly #notes = new Notes();
  /** Names of the functions that one is in the bodies of. */
  readonly #defining = new Set<string>();
  /** For each of these bodies, what was found in it. */
  readonly #watching: Risk[][] = [];
  #commands = 0;
  #chars = 0;
  #level = 0;
  #wrappers = 0;

  get findings(): readonly Finding[] {
    return this.#notes.findings;
  }

  /** Judges a whole text. Returns whether it could be read. */
  text(text: string, scope: Scope): boolean {
    const place: Place = {
      scope,
      stdin: TERMINAL,
      foreground: true,
      depth: 0,
      span: undefined,
      beside: false,
    };
    const result = parsed(text);
    if (result.is === "unreadable") {
      this.#unreadable(result.unreadable, text, place);
      return false;
    }
    this.#list(result.script.commands, place);
    return true;
  }

  note(result: Outcome, span: Span, meaning: string): void {
    for (const risks of this.#watching) risks.push(result.risk);
    this.#notes.add(result, span, meaning);
  }

  #unreadable({ from, to, why }: Unreadable, text: string, place: Place): void {
    this.note(
      outcome("opaque", why),
      place.span ?? { from, to },
      text.slice(from, Math.min(to, from + 80)).trim(),
    );
  }

  #script(script: ParsedScript, place: Place): void {
    const [error] = script.errors ?? [];
    if (error !== undefined)
      this.note(
        outcome("opaque", `the shell cannot read this: ${error.message}`),
        place.span ?? at(script),
        "",
      );
    this.#list(script.commands, place);
  }

  #list(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) this.#statement(statement, place);
  }

  #statement(statement: Statement, place: Place): void {
    const own = statement.background
      ? { ...place, scope: inSubshell(place.scope), foreground: false, beside: true }
      : place;
    this.#node(statement.command, own);
  }

  #node(node: SyntaxNode, place: Place): void {
    if (++this.#level > DEEPEST_NODE)
      this.note(outcome("opaque", "too deeply nested to be read"), place.span ?? at(node), "");
    else this.#dispatch(node, place);
    this.#level--;
  }

  #dispatch(node: SyntaxNode, place: Place): void {
    switch (node.type) {
      case "AndOr":
        // What is behind && and || may not run.
        for (const [index, command] of node.commands.entries())
          if (index === 0) this.#node(command, place);
          else this.#branch(command, place);
        return;
      case "CompoundList":
        this.#list(node.commands, place);
        return;
      case "Pipeline":
        this.#pipeline(node, place);
        return;
      case "Command":
        this.#command(node, place);
        return;
      case "Redirected":
        this.#node(node.command, { ...place, stdin: this.#redirections(node.redirects, place, 0).stdin });
        return;
      case "Function":
        this.#function(node, place);
        return;
      case "Subshell":
        this.#nested(node.body, { ...place, scope: inSubshell(place.scope) }, place);
        return;
      case "BraceGroup":
        this.#node(node.body, place);
        return;
      case "Coproc":
        if (node.name !== undefined) this.#expansions(node.name, place);
        this.#node(node.body, {
          ...place,
          scope: inSubshell(place.scope),
          foreground: false,
          stdin: { kind: "file" },
          beside: true,
        });
        return;
      case "For":
      case "Select":
        assign(place.scope, node.name.text, loopValues(node, place.scope));
        for (const word of node.wordlist ?? []) this.#expansions(word, place);
        this.#branch(node.body, place);
        return;
      case "While":
        this.#branch(node.clause, place);
        this.#branch(node.body, place);
        if (
          neverEnds(node.clause.commands) === (node.kind === "while") &&
          node.body.commands.some(({ background }) => background)
        )
          this.note(outcome("disruptive", "starts processes without end"), place.span ?? at(node), node.kind);
        return;
      case "If":
      case "Elif":
      case "Case":
      case "CaseItem":
      case "ArithmeticFor":
        forEachChild(node, (child) =>
          isCode(child) ? this.#branch(child, place) : this.#expansions(child, place),
        );
        return;
      default:
        this.#expansions(node, place);
    }
  }

  /** A part that may run or not, or more than once. */
  #branch(node: SyntaxNode, place: Place): void {
    place.scope.branches++;
    this.#node(node, place);
    place.scope.branches--;
  }

  /** A part with a scope of its own; a program that it left reading reads for all. */
  #nested(node: SyntaxNode, inner: Place, outer: Place): void {
    this.#node(node, inner);
    if (outer.foreground && inner.scope.opaque !== undefined) outer.scope.opaque = inner.scope.opaque;
  }

  #pipeline(node: Pipeline, place: Place): void {
    let stdin = place.stdin;
    const many = node.commands.length > 1;
    for (const command of node.commands) {
      const scope = many ? inSubshell(place.scope) : place.scope;
      this.#nested(command, { ...place, scope, stdin, beside: place.beside || many }, place);
      const text = many ? printedBy(command, scope) : undefined;
      stdin = text === undefined ? { kind: "pipe" } : { kind: "pipe", text };
    }
  }

  #function(node: FunctionNode, place: Place): void {
    const name = node.name.text;
    const risks: Risk[] = [];
    const scope = { ...inSubshell(place.scope), branches: 1 };
    this.#defining.add(name);
    this.#watching.push(risks);
    this.#node(node.body, { ...place, scope, foreground: false });
    this.#watching.pop();
    this.#defining.delete(name);
    place.scope.names.set(name, { name, risk: worstOf(risks), certain: place.scope.branches === 0 });
    for (const [variable] of scope.variables) assign(place.scope, variable, undefined);
    this.note(outcome("write", "defines a function"), place.span ?? at(node), `${name}()`);
  }

  #command(node: Command, place: Place): void {
    const { span } = place;
    const words = node.suffix.filter((one) => one.type === "Word");
    const all = node.name === undefined ? words : [node.name, ...words];
    const assignments = node.prefix.filter((one) => one.type === "Assignment");
    for (const one of [...assignments, ...node.suffix])
      if (one.type === "Word" || one.type === "Assignment") this.#expansions(one, place);
    if (node.name !== undefined) this.#expansions(node.name, place);
    if (++this.#commands > MOST_COMMANDS) {
      this.note(outcome("opaque", "more commands than are looked at"), span ?? at(node), "");
      return;
    }
    const choices = Math.min(choicesOf(all, place.scope), MOST_CHOICES);
    for (let choice = 0; choice < choices; choice++) {
      const { stdin, empties } = this.#redirections(node.redirects, place, choice);
      const running = this.#running({ ...place, stdin });
      this.#assignments(assignments, node.name === undefined, running, span);
      const args = argsOfCommand(node, place.scope, choice, span);
      if (empties !== undefined && writesNothing(args))
        this.note(emptied(empties, place.scope), span ?? at(node), `> ${empties}`);
      const [first] = args;
      if (first === undefined) continue;
      if (this.#defining.has(first.text) && place.beside)
        this.note(outcome("disruptive", "a function that starts itself over and over"), first, first.text);
      judgeCommand(args, running);
    }
  }

  #assignments(
    assignments: readonly Assignment[],
    lasting: boolean,
    running: Running,
    span: Span | undefined,
  ): void {
    for (const one of assignments) {
      const arg = assignmentArg(one, running.scope, 0);
      const known = one.value.type === "Word" && one.index === undefined && !one.append;
      const result = ofVariable(
        one.name,
        known ? arg.text.slice(one.name.length + 1) : undefined,
        running,
        span ?? arg,
        lasting,
      );
      this.note(result, span ?? arg, one.text);
    }
  }

  #redirections(redirections: readonly Redirection[], place: Place, choice: number): Applied {
    for (const one of redirections) this.#expansions(one, place);
    return applyRedirections(redirections, choice, place, (result, one, meaning) =>
      this.note(result, place.span ?? at(one), meaning),
    );
  }

  #running(place: Place): Running {
    const { scope, stdin, foreground, depth } = place;
    const running: Running = {
      scope,
      stdin,
      foreground,
      command: (args, input) =>
        this.#wrapped(args, input === undefined ? running : this.#running({ ...place, stdin: input })),
      through: (words, work) => this.#notes.through(words, work),
      note: (result, args) => this.note(result, place.span ?? spanOf(args), meaningOf(args)),
      nest: (program) => {
        if (foreground) scope.opaque = program;
      },
      shellText: (text, span, input, lasting) => {
        const own = lasting ? scope : inSubshell(scope);
        this.#inner(text, {
          scope: own,
          stdin: input ?? TERMINAL,
          foreground,
          depth: depth + 1,
          span: place.span ?? { from: span.from, to: span.to },
          beside: place.beside,
        });
        if (own.opaque !== undefined && foreground) scope.opaque = own.opaque;
      },
    };
    return running;
  }

  /** A command that another one runs. */
  #wrapped(args: readonly Arg[], running: Running): void {
    if (this.#wrappers >= MOST_WRAPPED || ++this.#commands > MOST_COMMANDS) {
      running.note(outcome("opaque", "more commands than are looked at"), args.slice(0, 1));
      return;
    }
    this.#wrappers++;
    judgeCommand(args, running);
    this.#wrappers--;
  }

  /** A text within the text. */
  #inner(text: string, place: Place): void {
    this.#chars += text.length;
    if (place.depth > DEEPEST || this.#chars > MOST_CHARS) {
      this.note(outcome("opaque", "too many texts within texts to be read"), place.span ?? NOWHERE, "");
      return;
    }
    if (text.includes(UNKNOWN)) this.note(MAY_HOLD_COMMANDS, place.span ?? NOWHERE, meaningText(text));
    const result = parsed(text);
    if (result.is === "unreadable") this.#unreadable(result.unreadable, text, place);
    else this.#script(result.script, place);
  }

  /** Whatever runs inside of words: substitutions, subscripts, arithmetic. */
  #expansions(node: SyntaxNode, place: Place): void {
    if (++this.#level > DEEPEST_NODE)
      this.note(outcome("opaque", "too deeply nested to be read"), place.span ?? at(node), "");
    else this.#expand(node, place);
    this.#level--;
  }

  #expand(node: SyntaxNode, place: Place): void {
    const hidden =
      node.type === "Word"
        ? unreadableIn(node)
        : node.type === "ArithmeticWord"
          ? unreadableIn({ ...node, text: node.value })
          : undefined;
    if (hidden !== undefined) this.#unreadable(hidden, "", place);
    const later = runsLater(node);
    if (later !== undefined) this.note(outcome("opaque", later), place.span ?? at(node), "");
    switch (node.type) {
      case "Script": {
        const inner = {
          ...place,
          scope: inSubshell(place.scope),
          stdin: TERMINAL,
          foreground: false,
          until: node.end,
        };
        this.#script(node, node.source === undefined ? inner : { ...inner, span: place.span ?? NOWHERE });
        return;
      }
      case "CommandExpansion":
      case "ProcessSubstitution":
      case "ArithmeticCommandExpansion":
        if (node.script === undefined)
          this.note(
            outcome("opaque", "a substitution that cannot be read"),
            place.span ?? at(node),
            node.text,
          );
        else if (node.script.source !== undefined && place.span === undefined) {
          this.#expand(node.script, { ...place, span: at(node) });
          return;
        }
        break;
      case "HereDocBody":
        if (node.parts === undefined) return;
        break;
      case "ParameterExpansion":
        if (node.operation?.type === "Default" && node.operation.operator.endsWith("="))
          assign(place.scope, node.parameter, undefined);
        break;
      default:
        if (isCode(node)) {
          this.#node(node, place);
          return;
        }
    }
    forEachChild(node, (child) => this.#expansions(child, place));
  }
}
