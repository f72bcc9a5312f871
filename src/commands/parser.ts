import { Command, CommanderError, type ErrorOptions, Option as Flag } from "commander";
import { closeFirst, isSlip } from "../base/text.ts";
import type { Given, Setting, Subcommand } from "./subcommand.ts";

/** A mistake in the arguments: printed in two lines, exit code 2. */
export class UsageError extends Error {
  /** `ssh-mcp trust`: whose `--help` explains it. */
  readonly command: string;

  constructor(command: string, message: string) {
    super(message);
    this.command = command;
  }
}

/**
 * Reads the arguments and runs the subcommand they name; `root` when they name none. Resolves to the exit code.
 * @throws UsageError, and whatever the subcommand throws.
 */
export async function runSubcommand(
  root: Subcommand,
  argv: readonly string[],
  setting: Setting,
): Promise<number> {
  let code = 0;
  const program = new Program(root.name).exitOverride().helpCommand(false);
  program.version(setting.version, "-V, --version", "print the version");
  program.helpOption("-h, --help", "print help");
  program.configureHelp({ subcommandTerm: (command) => [command.name(), ...argumentsOf(command)].join(" ") });
  declare(program, root, async (subcommand, given) => {
    code = await subcommand.run(given, setting);
  });
  program.hook("preAction", (_program, command) => refuseForeignOptions(command));
  try {
    await program.parseAsync(helpLast(argv), { from: "user" });
  } catch (error) {
    // Help and version were printed.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
  return code;
}

/** A command whose mistakes are errors of ours, with what there is instead. */
class Program extends Command {
  override createCommand(name?: string): Program {
    return new Program(name);
  }

  /** Commander shows a command's help for a subcommand that does not exist, too. */
  refuseUnknownWord(): void {
    const [word] = this.args;
    if (this.commands.length > 0 && word !== undefined && !word.startsWith("-"))
      this.error("", { code: "commander.excessArguments" });
  }

  override error(message: string, options: ErrorOptions = {}): never {
    throw new UsageError(pathOf(this), this.#mistake(message, options.code));
  }

  #mistake(message: string, code: string | undefined): string {
    const [, named = ""] = /'([^']*)'/.exec(message) ?? [];
    switch (code) {
      case "commander.unknownOption":
        return `unknown option ${named}; ${meant(named, flagsOf(this))}`;
      case "commander.excessArguments": {
        const [word = ""] = this.args.slice(this.registeredArguments.length);
        const names = this.commands.map((command) => command.name());
        if (names.length > 0) return `unknown command "${word}"; ${meant(word, names)}`;
        return `unexpected "${word}"; usage: ${pathOf(this)} ${this.usage()}`;
      }
      case "commander.missingArgument":
        return `<${named}> is missing; usage: ${pathOf(this)} ${this.usage()}`;
      case "commander.invalidArgument": {
        const [, given = "", what = ""] = /'([^']*)' is invalid for argument '([^']*)'/.exec(message) ?? [];
        const choices = this.registeredArguments.find((one) => one.name() === what)?.argChoices ?? [];
        return `unknown ${what} "${given}"; ${meant(given, choices)}`;
      }
      default:
        return message.replace(/^error: /, "");
    }
  }
}

function declare(
  command: Program,
  subcommand: Subcommand,
  act: (subcommand: Subcommand, given: Given) => Promise<void>,
): void {
  command.description(subcommand.summary);
  for (const { name, help, choices } of subcommand.arguments ?? []) {
    const argument = command.createArgument(name, help);
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const { flags, help, required = false } of subcommand.options ?? [])
    command.addOption(new Flag(flags, help).makeOptionMandatory(required));
  if (subcommand.examples !== undefined && subcommand.examples.length > 0)
    command.addHelpText("after", `\nExamples:\n${exampleLines(subcommand.examples)}`);
  if (subcommand.notes !== undefined) command.addHelpText("after", `\n${subcommand.notes}`);
  for (const one of subcommand.subcommands ?? []) {
    const child = command.createCommand(one.name).copyInheritedSettings(command);
    command.addCommand(child);
    declare(child, one, act);
  }
  command.on("beforeHelp", () => command.refuseUnknownWord());
  command.action(() => act(subcommand, givenOf(command)));
}

/** `<host...>`, `[file]`: without `[options]`, which every command has. */
function argumentsOf(command: Command): string[] {
  return command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? "..." : ""}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
}

function exampleLines(examples: NonNullable<Subcommand["examples"]>): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return examples.map(([line, purpose]) => `  ${line.padEnd(width)}  ${purpose}`).join("\n");
}

/** Commander takes an option of a parent command anywhere; a subcommand that has no such option refuses it. */
function refuseForeignOptions(command: Command): void {
  const own = new Set(command.options.map((option) => option.attributeName()));
  for (let parent = command.parent; parent !== null; parent = parent.parent)
    for (const option of parent.options) {
      const name = option.attributeName();
      if (own.has(name) || parent.getOptionValue(name) === undefined) continue;
      command.error(`error: unknown option '${option.long}'`, { code: "commander.unknownOption" });
    }
}

function givenOf(command: Command): Given {
  const options: Readonly<Record<string, unknown>> = command.optsWithGlobals();
  const words: readonly unknown[] = command.processedArgs;
  const values = new Map(Object.entries(options));
  command.registeredArguments.forEach((argument, index) => {
    values.set(argument.name(), words[index]);
  });
  const text = (name: string) => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value === undefined) throw new UsageError(pathOf(command), `${name} is missing`);
      return value;
    },
    flag: (name) => values.get(name) === true,
    off: (name) => values.get(name) === false,
    words(name) {
      const value = values.get(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}

/** `help trust` as `trust --help`, for commands of every depth. */
function helpLast(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === "help" ? [...rest, "--help"] : [...argv];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** What may have been meant, and all there is. */
function meant(wanted: string, names: readonly string[]): string {
  const ordered = closeFirst(wanted, names);
  const all = `there ${names.length === 1 ? "is" : "are"} ${ordered.join(", ")}`;
  const [first = ""] = ordered;
  return isSlip(wanted, first) ? `did you mean ${first}? ${all[0]?.toUpperCase()}${all.slice(1)}` : all;
}

function flagsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => (typeof long === "string" ? [long] : [])), "--help"];
}
