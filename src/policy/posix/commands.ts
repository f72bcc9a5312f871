import { BUILTINS, hidesCommand } from "./builtins.ts";
import { CLIENT_HANDLERS } from "./clients.ts";
import { ONLY_VALUES, ofVariable } from "./environment.ts";
import { byTable, type Outcome, outcome, runsPrograms, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { PERMISSION_HANDLERS } from "./permissions.ts";
import { REQUEST_HANDLERS } from "./requests.ts";
import type { Handler, Running } from "./running.ts";
import { SHELL_HANDLERS } from "./shells.ts";
import { SPECIAL_HANDLERS } from "./special.ts";
import type { Program } from "./table.ts";
import { PROGRAMS } from "./tables/index.ts";
import { soundsHarmful } from "./verbs.ts";
import type { Arg } from "./words.ts";
import { joined, parallel, peel, wrapperOf, xargs } from "./wrappers.ts";

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ...SPECIAL_HANDLERS,
  ...CLIENT_HANDLERS,
  ...PERMISSION_HANDLERS,
  ...REQUEST_HANDLERS,
  ...SHELL_HANDLERS,
  ...BUILTINS,
  ["xargs", xargs],
  ["gxargs", xargs],
  ["parallel", parallel],
]);

/** Folders whose programs are those of the system: a name in them means what it means everywhere. */
const SYSTEM_FOLDERS =
  /^(?:\/(?:usr\/(?:local\/)?)?s?bin|\/snap\/bin|\/opt\/(?:homebrew\/)?bin|\/usr\/pkg\/s?bin|\/usr\/lib\/(?:systemd|git-core|postgresql\/\d+\/bin))\/([^/]+)$/;
/** Scripts that are the same in every project: what `make` is elsewhere. */
const PROJECT_SCRIPTS =
  /^(?:\.\/|\.\.\/)*(?:gradlew|mvnw|configure|autogen\.sh|bootstrap|node_modules\/\.bin\/[\w-]+|\.?venv\/bin\/(?:pytest|pip3?|black|ruff|mypy|flake8))$/;

/** Judges one command, its name first. Notes what it finds. */
export function judgeCommand(args: readonly Arg[], running: Running): void {
  const [first, ...rest] = args;
  if (first === undefined) return;
  const name = nameOf(first, args, running);
  if (name === undefined) return;
  const changed = [...running.scope.environment].find((variable) => !ONLY_VALUES.has(variable));
  if (changed !== undefined && !BUILTINS.has(name))
    running.note(outcome("opaque", `${changed} was changed, so that this may be another program`), args);
  const meaning = running.scope.names.get(name);
  if (meaning?.alias !== undefined && !first.raw.startsWith("\\")) {
    running.scope.names.delete(name);
    running.shellText([meaning.alias, ...rest.map(({ raw }) => raw)].join(" "), first, running.stdin, true);
    running.scope.names.set(name, meaning);
    return;
  }
  if (meaning?.risk !== undefined) {
    running.note(outcome(meaning.risk, "a function that was defined here"), args);
    if (meaning.certain) return;
  }
  hidesCommand(name, rest, running);
  running.note(ofProgram(name, rest, running), args);
}

/** The name without its folder; undefined where that is all there is to say, which is noted then. */
function nameOf(first: Arg, args: readonly Arg[], running: Running): string | undefined {
  const { text } = first;
  if (!first.constant || text.includes(UNKNOWN)) {
    running.note(outcome("opaque", "the name of the command is made while it runs"), args);
    if (text === "" || text.includes(UNKNOWN) || first.glob) return undefined;
  }
  if (!text.includes("/")) return text;
  const [, base] = SYSTEM_FOLDERS.exec(text) ?? [];
  if (base !== undefined) return base;
  const [, service] = /^\/etc\/(?:rc\.d\/)?(?:init\.d\/|rc\.d\/)([\w.@-]+)$/.exec(text) ?? [];
  if (service !== undefined) {
    running.command([
      { ...first, text: "service", constant: true },
      { ...first, text: service },
      ...args.slice(1),
    ]);
    return undefined;
  }
  if (PROJECT_SCRIPTS.test(text)) running.note(outcome("write", "a script that builds a project"), args);
  else
    running.note(
      outcome("opaque", "a program or script by its path, whose content is not in the text"),
      args,
    );
  return undefined;
}

function ofProgram(name: string, args: readonly Arg[], running: Running): Outcome {
  const program = programOf(name);
  const wrapper = wrapperOf(name, args, program?.valued ?? new Set());
  if (wrapper !== undefined)
    return peel(wrapper.key, args.slice(wrapper.words), running, (arg) => {
      const sign = arg.text.indexOf("=");
      running.note(ofVariable(arg.text.slice(0, sign), arg.text.slice(sign + 1), running, arg, false), [arg]);
    });
  const handler = HANDLERS.get(name) ?? HANDLERS.get(withoutVersion(name));
  if (handler !== undefined && !(program !== undefined && HANDLERS.get(name) === undefined))
    return handler(args, running, HANDLERS.has(name) ? name : withoutVersion(name));
  if (program === undefined) return ofUnknown(name, args, running);
  const tabled = byTable(program, args, running.scope.folder);
  const result = CONNECTS.has(name) ? worse(tabled, ofSentText(running)) : tabled;
  if (reads(program, args, result) && (running.stdin.kind === "terminal" || program.traits.has("pager")))
    running.nest(name);
  return result;
}

/** They hand their input to whoever is at the other end: a service's own socket takes orders. */
const CONNECTS: ReadonlySet<string> = new Set(["nc", "ncat", "netcat", "socat"]);

function ofSentText({ stdin: { text } }: Running): Outcome {
  const words = text?.split(/\s+/) ?? [];
  return text !== undefined && !/\bHTTP\/\d/.test(text) && soundsHarmful("", words)
    ? outcome("opaque", "sends an order that takes something away")
    : outcome("read");
}

/** Does this program read what is typed from now on? */
function reads(program: Program, args: readonly Arg[], { risk }: Outcome): boolean {
  if (risk !== "read" && risk !== "write" && risk !== "opaque") return false;
  if (program.traits.has("editor") || program.traits.has("pager"))
    return !args.some(({ text }) => /^--?(?:version|help|V)$|^-b/.test(text));
  return (
    program.traits.has("nested") &&
    args.every(({ text }) => text.startsWith("-") && !/^--?(?:version|help|V)$/.test(text))
  );
}

/** `python3.11`, `gcc-12`, `php8.2`: the program without its version. */
function withoutVersion(name: string): string {
  return name.replace(/[-.]?\d+(?:\.\d+)*$/, "");
}

function programOf(name: string): Program | undefined {
  // `mkfs.ext4`, `fsck.xfs`: the file system is no part of what it does.
  return PROGRAMS.get(name) ?? PROGRAMS.get(withoutVersion(name)) ?? PROGRAMS.get(name.replace(/\..*$/, ""));
}

/**
 * A program that no table has. Its name is written in the text, so it can be shown, and honest work is full of such names (the
 * tools of a team, of a vendor): asking for each would teach people to say yes. So it counts as a small write, never as proven to
 * read, and as opaque where a word of it says that it takes something away.
 */
function ofUnknown(name: string, args: readonly Arg[], running: Running): Outcome {
  const words = args.map(({ text }) => text);
  // It may only be in front of another command.
  const at = words.findIndex((word) => OTHER_COMMAND.test(word));
  if (at >= 0) running.command(args.slice(at));
  for (const arg of args) if (COMMAND_TEXT.test(arg.text)) running.shellText(arg.text, arg);
  if (runsPrograms(parseOptions(args, { valued: new Set() }).options))
    return outcome("opaque", "a program that is not known runs another one");
  if (soundsHarmful(name, words) || words.some((word) => HARMFUL_SQL.test(word)))
    return outcome("opaque", "a program that is not known, with a word of taking away");
  if (/\.(?:sh|bash|py|pl|rb|js|run|bin|exe|bat)$/.test(name))
    return outcome("opaque", "a script, whose content is not in the text");
  return outcome("write", "a program that is not known");
}

/** Commands that are looked for behind an unknown name. */
const OTHER_COMMAND =
  /^(?:\/(?:usr\/)?s?bin\/)?(?:(?:ba|da|z|k)?sh|sudo|su|rm|dd|kill|reboot|shutdown|mkfs(?:\.\w+)?|chmod|chown|systemctl)$/;

/** One word of an unknown program that reads like a command to be run, by it or somewhere else. */
const COMMAND_TEXT =
  /^(?:(?:\S*\/s?bin\/)?(?:sudo|rm|dd|mkfs\S*|chmod|chown|systemctl|service|p?kill|killall|iptables|nft|userdel|docker|kubectl|ip|(?:ba|da|z|k)?sh|curl|wget|mv|truncate|shred|umount|apt(?:-get)?|yum|dnf|init|crontab|find|sed|tee|lvremove|zpool|zfs)\s+\S|(?:\S*\/s?bin\/)?(?:reboot|shutdown|halt|poweroff)(?:\s+(?:-|now|\+|\d)|\s*$))/;

/** A statement in one word: what takes it hands it to a database. */
const HARMFUL_SQL =
  /^\s*(?:drop\s+\w|truncate\s+\w|delete\s+from\s|update\s+\S+\s+set\s|alter\s+(?:table|user|database|system)\s)/i;

/** The words of a command, as they are shown. */
export function meaningOf(args: readonly Arg[]): string {
  const text = joined(args).replaceAll(UNKNOWN, "…");
  return text.length > LONGEST_MEANING ? `${text.slice(0, LONGEST_MEANING)}…` : text;
}

const LONGEST_MEANING = 400;
