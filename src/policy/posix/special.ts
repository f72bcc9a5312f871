import { edited, ofPath, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { judgeAwk, judgeSed } from "./programs-text.ts";
import { forNames, type Handler, spanOf, valued } from "./running.ts";
import { unknownArg, withInput } from "./wrappers.ts";

/** rm(1), unlink(1), shred(1), srm: what is gone is gone, but for a file of one's own in a temporary place. */
const remove: Handler = (args, { scope }, name) => {
  const { operands, options } = parseOptions(args, {
    valued: valued(name === "shred" ? "-n -s --iterations --size" : ""),
  });
  if (
    options.some(({ name: option }) => option === "--help" || option === "--version") ||
    operands.length === 0
  )
    return outcome("read");
  return operands.map(({ text }) => ofPath(text, "delete", scope.folder)).reduce(worse);
};

const tee: Handler = (args, { scope }) => {
  const { options, operands } = parseOptions(args, { valued: new Set() });
  const deed = options.some(({ name }) => name === "-a" || name === "--append") ? "append" : "replace";
  return operands
    .map(({ text }) => ofPath(text, deed, scope.folder))
    .reduce(worse, outcome(operands.length > 0 ? "write" : "read"));
};

/** dd(1): its output file decides. */
const dd: Handler = (args, { scope }) => {
  const to = args.find(({ text }) => text.startsWith("of="));
  if (args.some(({ text }) => text.startsWith(UNKNOWN))) return outcome("opaque");
  return to === undefined
    ? outcome("read")
    : worse(outcome("write"), ofPath(to.text.slice(3), "replace", scope.folder));
};

/** Signals that only ask, or make a program read its configuration again. */
const MILD_SIGNAL = /^(?:SIG)?(?:0|1|10|12|18|23|28|HUP|USR1|USR2|CONT|WINCH|CHLD|URG)$/i;

const kill: Handler = (args, _running, name) => {
  const words = args.map(({ text }) => text);
  if (name === "killall5") return outcome("disruptive", "ends every process");
  if (words.length === 0 || /^-[lL]$|^--list|^--table|^--help$|^--version$|^-V$/.test(words[0] ?? ""))
    return outcome("read");
  const at = words.findIndex((word) => /^(?:-s|-n|--signal)$/.test(word));
  const signal =
    at >= 0
      ? words[at + 1]
      : words
          .map(
            (word) =>
              /^(?:--signal=|-s)?-?((?:SIG)?[A-Z]{3,6}\d?|\d+)$/.exec(word.startsWith("-") ? word : "")?.[1],
          )
          .find((word) => word !== undefined);
  const targets = words.filter((word, index) => !word.startsWith("-") && (at < 0 || index !== at + 1));
  const all = words.slice(1).includes("-1") || targets.includes("1");
  if (signal !== undefined && MILD_SIGNAL.test(signal) && !(all && signal === "-1"))
    return outcome(signal === "0" ? "read" : "write", "a signal that stops nothing");
  // Jobs of this very shell.
  const own =
    name === "kill" &&
    targets.length > 0 &&
    args.every(({ raw, text }) => /^-/.test(text) || /^(?:%[\w%+-]*|"?\$!"?|"?\$\{?\w*pid\}?"?)$/i.test(raw));
  return own ? outcome("write", "ends a job of this shell") : outcome("disruptive", "ends processes");
};

const FIND_RUNS = /^-(?:exec|execdir|ok|okdir)$/;
const FIND_WRITES = /^-(?:fprint|fprint0|fprintf|fls)$/;

/** find(1): what it runs, and its own deletion and writes. */
const find: Handler = (args, running) => {
  let result = outcome("read");
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text ?? "";
    if (text === "-delete") result = worse(result, outcome("irreversible", "deletes what it finds"));
    if (FIND_WRITES.test(text))
      result = worse(result, ofPath(args[at + 1]?.text ?? UNKNOWN, "replace", running.scope.folder));
    if (!FIND_RUNS.test(text)) continue;
    const rest = args.slice(at + 1);
    const end = rest.findIndex(
      ({ text: word }, index) => word === ";" || (word === "+" && rest[index - 1]?.text === "{}"),
    );
    const command = end < 0 ? rest : rest.slice(0, end);
    withInput(
      command.map((arg) => (arg.text === "{}" ? unknownArg(arg) : arg)),
      "{}",
      running,
    );
    at += command.length;
  }
  return result;
};

const fd: Handler = (args, running) => {
  const at = args.findIndex(({ text }) => /^(?:-x|-X|--exec|--exec-batch)$/.test(text));
  const command = at < 0 ? [] : args.slice(at + 1);
  // Without a mark the name of what is found is put behind.
  withInput(command, command.some(({ text }) => /\{[/.]*\}/.test(text)) ? "{}" : undefined, running);
  return outcome("read");
};

const sed: Handler = (args, { scope }) => {
  const { options, operands } = parseOptions(args, {
    valued: valued("-e -f -l --expression --file --line-length"),
  });
  if (options.some(({ name }) => name === "-f" || name === "--file"))
    return outcome("opaque", "a program of sed that is not in the text");
  const scripts = options.flatMap(({ name, value }) =>
    name === "-e" || name === "--expression" ? [value ?? ""] : [],
  );
  const inPlace = args.some(({ text }) => /^-[nErsuz]*i|^--in-p/.test(text));
  // On BSD the suffix of -i is a word of its own; it is empty, or begins with a dot.
  const words = inPlace ? operands.filter(({ text }) => text !== "") : operands;
  const files = scripts.length > 0 ? words : words.slice(1);
  const programs = scripts.length > 0 ? scripts : [words[0]?.text ?? ""];
  let result = programs.map((one) => judgeSed(one, scope.folder)).reduce(worse, outcome("read"));
  // A program with a variable in it edits text, as long as the variable holds no other command.
  if (result.risk === "opaque" && programs.every((one) => /^s([/|,#]).*\1[gIimp\d]*$/.test(one)))
    result = outcome("write", "edits text by a variable");
  if (inPlace)
    for (const { text } of files)
      result = worse(result, worse(outcome("write"), ofPath(text, "replace", scope.folder)));
  return result;
};

const awk: Handler = (args, running) => {
  const { options, operands } = parseOptions(args, {
    valued: valued("-F -v -f -i -e -E -l --file --field-separator --assign --include --source --exec --load"),
  });
  const has = (...names: string[]) => options.some(({ name }) => names.includes(name));
  if (has("--version", "-V", "-W")) return outcome("read");
  if (has("-f", "-E", "-l", "--file", "--exec", "--load"))
    return outcome("opaque", "a program of awk that is not in the text");
  const sources = options.flatMap(({ name, value }) =>
    name === "-e" || name === "--source" ? [value ?? ""] : [],
  );
  const programs = sources.length > 0 ? sources : [operands[0]?.text ?? ""];
  let result = outcome("read");
  for (const program of programs)
    result = worse(
      result,
      judgeAwk(program, running.scope.folder, (text) =>
        running.shellText(text, spanOf(args), { kind: "pipe" }),
      ),
    );
  for (const { name, value } of options)
    if (name === "-i" || name === "--include")
      result = worse(
        result,
        value === "inplace"
          ? edited(operands.slice(sources.length > 0 ? 0 : 1), running.scope.folder)
          : outcome("opaque", "includes a file"),
      );
  return result;
};

/** `NAME=value` and `-w` of sysctl(8); `-p` reads the files that the system reads itself. */
const sysctl: Handler = (args) => {
  const words = args.map(({ text }) => text);
  const sets = words.filter((word) => /^[\w./*-]+\s*=/.test(word));
  if (sets.length > 0 || words.some((word) => /^(?:-w|--write)$/.test(word)))
    return outcome("disruptive", "changes the kernel while it runs");
  if (words.some((word) => /^(?:-p|--load|--system|-f)/.test(word)))
    return outcome("write", "loads the settings of files");
  return outcome("read");
};

/** Output of echo and printf is harmless; `printf -v` and colours as well. */
const harmless: Handler = () => outcome("read");

/** What has a shell of its own when it is told to: `vim -c ':!x'`, `vim +cmd`. */
const vi: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, { valued: valued("-c -S -s -u -W -T -t --cmd") });
  if (options.some((option) => ["--version", "-h", "--help"].includes(option.name))) return outcome("read");
  const commands = options.some((option) =>
    [
      "-c",
      "--cmd",
      "-S",
      "-s",
      "-u",
      "-e",
      "-es",
      "-E",
      "-Es",
      "--eval",
      "-eval",
      "--execute",
      "--batch",
      "-batch",
      "--script",
      "--load",
      "--funcall",
      "-f",
    ].includes(option.name),
  );
  if (commands || operands.some(({ text }) => /^\+.*\D/.test(text)))
    return outcome("opaque", "runs commands of the editor");
  if (running.stdin.kind !== "terminal") return outcome("opaque", "the editor reads its keys from elsewhere");
  running.nest(name);
  return outcome("write", "starts an editor, which reads what comes next");
};

/** ed(1), ex(1): each line of their input is a command. */
const ed: Handler = (args, running, name) => {
  if (running.stdin.kind !== "terminal") return outcome("opaque", "runs commands of the editor");
  return vi(args, running, name);
};

export const SPECIAL_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...forNames("rm unlink shred srm wipe trash-put grm", remove),
  ...forNames("tee gtee", tee),
  ...forNames("dd gdd dcfldd dc3dd", dd),
  ...forNames("kill pkill killall skill killall5 snice xkill", kill),
  ...forNames("find gfind", find),
  ...forNames("fd fdfind", fd),
  ...forNames("sed gsed", sed),
  ...forNames("awk gawk mawk nawk", awk),
  ...forNames("sysctl", sysctl),
  ...forNames("echo printf : true false test [", harmless),
  ...forNames("vi vim nvim view vimdiff nano pico emacs micro joe mcedit ne jed kak hx helix", vi),
  ...forNames("ed ex red", ed),
]);
