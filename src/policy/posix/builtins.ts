import { ofVariable } from "./environment.ts";
import { type Outcome, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { absolute, UNKNOWN } from "./paths.ts";
import { forNames, type Handler, type Running, spanOf } from "./running.ts";
import { assign } from "./scope.ts";
import type { Arg } from "./words.ts";

const cd: Handler = (args, { scope }) => {
  const target = args.filter(({ text }) => !/^-[LPe@]+$|^--$/.test(text)).at(0)?.text ?? "~";
  const unknown =
    target.startsWith(UNKNOWN) || target === "-" || (!/^[/~]/.test(target) && scope.folder === undefined);
  const known = target.split(UNKNOWN)[0] ?? target;
  scope.folder = unknown ? undefined : absolute(known, scope.folder ?? "~");
  return outcome("read");
};

const stack: Handler = (args, running, name) => {
  if (name === "pushd" && args.length > 0 && !/^[+-]\d/.test(args[0]?.text ?? ""))
    return cd(args, running, name);
  if (name !== "dirs") running.scope.folder = undefined;
  return outcome("read");
};

/** `export`, `declare` and their kind: assignments, with options before. */
const declares: Handler = (args, running, name) => {
  let result = outcome(args.some(({ text }) => !text.startsWith("-")) ? "write" : "read", "sets a variable");
  if (args.some(({ text }) => /^-[a-zA-Z]*n/.test(text)) && name !== "export")
    result = outcome("opaque", "one variable becomes another name of a second one");
  for (const arg of args) {
    if (arg.text.startsWith("-")) continue;
    const sign = arg.text.indexOf("=");
    if (sign < 0) {
      if (arg.text.includes(UNKNOWN))
        result = worse(result, outcome("opaque", "which variable is set cannot be known"));
      continue;
    }
    const variable = arg.text.slice(0, sign).replace(/\+$|\[.*$/, "");
    result = worse(result, ofVariable(variable, arg.text.slice(sign + 1), running, arg, true));
  }
  return result;
};

/** Programs that do nothing yet without the arguments that come when the alias is called. */
const HARMLESS_ALONE = /^\s*(?:sudo\s+)?(rm|unlink|shred|dd|truncate|kill|pkill|killall|eval|source)\b/;

const alias: Handler = (args, running) => {
  let result: Outcome = outcome("read");
  for (const arg of args) {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(arg.text) ?? [];
    if (name === undefined || text === undefined) continue;
    if (arg.text.includes(UNKNOWN))
      result = worse(result, outcome("opaque", "which command is renamed to what cannot be known"));
    // Judged as it is now, and again with its arguments where it is called.
    else running.shellText(text, arg, { kind: "file" });
    const [, program] = HARMLESS_ALONE.exec(text) ?? [];
    if (program !== undefined && program !== name)
      result = worse(result, outcome("irreversible", `another name for ${program}`));
    running.scope.names.set(name, { name, alias: text });
    result = worse(result, outcome("write", "a name for a command"));
  }
  return result;
};

const unalias: Handler = (args, { scope }) => {
  if (args.some(({ text }) => text === "-a"))
    for (const [name, meaning] of scope.names) if (meaning.alias !== undefined) scope.names.delete(name);
  for (const { text } of args) scope.names.delete(text);
  return outcome("write");
};

const unset: Handler = (args, { scope }) => {
  for (const { text } of args) {
    scope.variables.delete(text);
    if (args.some((arg) => arg.text === "-f")) scope.names.delete(text);
    if (text === "HOME" || text === "IFS") scope.environment.add(text);
  }
  return args.some(({ text }) => text === "PATH")
    ? outcome("opaque", "PATH decides what else runs")
    : outcome("write");
};

/** What takes its values from elsewhere: `read`, `mapfile`, `getopts`. */
const reads: Handler = (args, { scope }, name) => {
  const { operands, options } = parseOptions(args, {
    valued: new Set("-a -d -i -n -N -p -t -u -c -C -O -s0".split(" ")),
  });
  for (const { text } of operands) assign(scope, text.replace(/\[.*$/, ""), undefined);
  for (const { name: option, value } of options)
    if (option === "-a" && value !== undefined) assign(scope, value, undefined);
  if (name !== "read" && options.some((option) => option.name === "-C"))
    return outcome("opaque", "runs a command for each line");
  return outcome("read");
};

const printf: Handler = (args, running) => {
  const [first, second] = args;
  if (first?.text !== "-v" || second === undefined) return outcome("read");
  return ofVariable(second.text.replace(/\[.*$/, ""), undefined, running, spanOf(args), true);
};

const test: Handler = (_args) => outcome("read");

const set: Handler = (args, { scope }) => {
  assign(scope, "@", undefined);
  return outcome(args.length === 0 ? "read" : "write", "sets options of the shell");
};

/** `hash -p` and `enable -f` put another program, or a library, in the place of a name. */
const replaces: Handler = (args, { scope }, name) => {
  const [option] = args;
  if (name === "hash" && option?.text === "-p") {
    const target = args[2]?.text ?? UNKNOWN;
    scope.names.set(target, { name: target, risk: "opaque" });
    return outcome("opaque", "another program in the place of a name");
  }
  if (name === "enable" && /^-[a-z]*f/.test(option?.text ?? ""))
    return outcome("opaque", "loads a library into the shell");
  if (name === "bind" && args.some(({ text }) => /^-x|^-f|^[^-].*:/.test(text)))
    return outcome("opaque", "runs something when a key is pressed");
  if ((name === "complete" || name === "compgen") && args.some(({ text }) => /^-[CF]/.test(text)))
    return outcome("opaque", "runs something to complete a word");
  if (name === "fc" && !args.some(({ text }) => /^-[nr]*l/.test(text)))
    return outcome("opaque", "runs an earlier command again");
  if (name === "history") {
    if (args.some(({ text }) => /^-[cd]/.test(text)))
      return outcome("irreversible", "removes the record of what was done");
    return outcome(args.some(({ text }) => /^-[awrnps]/.test(text)) ? "write" : "read");
  }
  // zsh: `print -z` puts a line on the next prompt, `-s` into the history.
  if (name === "print" && args.some(({ text }) => /^-[a-zA-Z]*[zsS]/.test(text)))
    return outcome("opaque", "puts a line where the shell takes its next command from");
  if (name === "ulimit")
    return outcome(
      args.length === 0 || args.every(({ text }) => /^-[aHS]+$|^-\w$/.test(text)) ? "read" : "write",
    );
  if (name === "umask") return outcome(args.length === 0 ? "read" : "write");
  if (name === "exit" || name === "logout" || name === "return") return outcome("read", "ends this shell");
  if (name === "suspend") return outcome("disruptive", "stops this shell");
  return outcome(args.length === 0 ? "read" : "write");
};

export const BUILTINS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["cd", cd],
  ["chdir", cd],
  ...forNames("pushd popd dirs", stack),
  ...forNames("export declare typeset local readonly", declares),
  ["alias", alias],
  ["unalias", unalias],
  ["unset", unset],
  ...forNames("read mapfile readarray getopts", reads),
  ["printf", printf],
  ...forNames("test [ let", test),
  ...forNames("set shopt setopt unsetopt", set),
  ...forNames(
    "print hash enable bind complete compgen compopt fc history ulimit umask exit logout return suspend disown bg fg",
    replaces,
  ),
  ...forNames("true false : echo jobs wait shift break continue times caller type which whereis", test),
]);

/** Builtins that evaluate the subscript of a name that they are given, whatever quotes are around it. */
const SUBSCRIPTS: ReadonlySet<string> = new Set(
  "test [ read unset printf declare typeset local export readonly let getopts mapfile readarray wait".split(
    " ",
  ),
);

/** `test -v 'a[$(command)]'` runs the command. */
export function hidesCommand(name: string, args: readonly Arg[], running: Running): void {
  if (SUBSCRIPTS.has(name) && args.some(({ text }) => /\[[^\]]*(?:\$\(|`)/.test(text)))
    running.note(outcome("opaque", "a subscript that runs a command"), args);
}
