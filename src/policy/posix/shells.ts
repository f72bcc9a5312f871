import { edited, type Outcome, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { isPureCode } from "./programs-text.ts";
import { type Handler, type Running, spanOf } from "./running.ts";
import type { Arg } from "./words.ts";
import { joined, wayTo } from "./wrappers.ts";

/** Shells whose grammar this is, or is near enough: what they are given to run is judged as a text. */
const SHELLS = "sh bash dash zsh ksh mksh ash rbash pdksh ksh93";
const OTHER_SHELLS = "fish csh tcsh pwsh powershell nu elvish xonsh rc";
const SHELL_VALUED = new Set(["-O", "+O", "-o", "--rcfile", "--init-file"]);

/** What a pipe or a redirection makes of it is not known. */
const FED = outcome("opaque", "a shell runs what it reads from elsewhere");
const SCRIPT = outcome("opaque", "runs a script, whose content is not in the text");

const shell: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, { valued: SHELL_VALUED, stopsAtOperand: true });
  const has = (...names: string[]) => options.some((option) => names.includes(option.name));
  const [first] = operands;
  if (has("--rcfile", "--init-file")) return outcome("opaque", "runs a file before anything else");
  if (has("-c")) {
    if (first === undefined) return outcome("read");
    running.shellText(first.text, spanOf([first]), running.stdin);
    return outcome("read");
  }
  if (has("--version", "--help")) return outcome("read");
  if (has("-n") && first !== undefined) return outcome("read", "checks the syntax of a script");
  if (first !== undefined && !has("-s"))
    return first.text === "/dev/stdin" || first.text === "-" ? fed(running, args) : SCRIPT;
  if (running.stdin.kind !== "terminal") return fed(running, args);
  if (has("-l", "-i", "--login") || !SHELLS.split(" ").includes(name)) running.nest(name);
  return outcome("write", "starts a shell");
};

/** What a shell is given to read: a constant here-document is judged as it is, all else as well, but it is opaque. */
function fed(running: Running, args: readonly Arg[]): Outcome {
  const { text, kind } = running.stdin;
  if (text !== undefined && text !== "") running.shellText(text, spanOf(args), { kind: "text" });
  return kind === "text" && text !== undefined && !text.includes(UNKNOWN) ? outcome("read") : FED;
}

const otherShell: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, { valued: new Set(), stopsAtOperand: true });
  if (options.some((option) => option.name === "--version")) return outcome("read");
  const [first] = operands;
  if (first !== undefined && options.some((option) => option.name === "-c"))
    running.shellText(first.text, spanOf([first]));
  if (args.length === 0 && running.stdin.kind === "terminal") {
    running.nest(name);
    return outcome("write", "starts another shell, which reads what comes next");
  }
  return outcome("opaque", "a shell of another grammar");
};

/** Interpreters of other languages: their options with code, and those that only show something. */
interface Language {
  readonly code: string;
  readonly reads: string;
  readonly valued: string;
}
const LANGUAGES: Readonly<Record<string, Language>> = {
  python: { code: "-c", reads: "-V --version -h --help", valued: "-c -m -W -X -Q" },
  python3: { code: "-c", reads: "-V --version -h --help", valued: "-c -m -W -X" },
  python2: { code: "-c", reads: "-V --version -h --help", valued: "-c -m -W -X -Q" },
  pypy3: { code: "-c", reads: "-V --version", valued: "-c -m" },
  ipython: { code: "-c", reads: "--version", valued: "-c -m" },
  perl: { code: "-e -E", reads: "-v -V --version -c", valued: "-e -E -I -M -m -F -x" },
  ruby: { code: "-e", reads: "-v --version -c", valued: "-e -I -r -C -F -K" },
  irb: { code: "-e", reads: "-v", valued: "" },
  node: {
    code: "-e -p --eval --print -pe",
    reads: "-v --version -c --check",
    valued: "-e -p --eval --print -r --require -pe",
  },
  nodejs: { code: "-e -p --eval --print", reads: "-v --version", valued: "-e -p --eval --print -r" },
  php: { code: "-r", reads: "-v --version -i -m -l --ini", valued: "-r -d -f -B -R -F -E -S -t" },
  lua: { code: "-e", reads: "-v", valued: "-e -l" },
  luajit: { code: "-e", reads: "-v", valued: "-e -l" },
  tclsh: { code: "", reads: "", valued: "" },
  expect: { code: "-c", reads: "-v", valued: "-c -f" },
  guile: { code: "-c", reads: "-v --version", valued: "-c -l" },
  R: { code: "-e", reads: "--version", valued: "-e -f" },
  Rscript: { code: "-e", reads: "--version", valued: "-e" },
  julia: { code: "-e -E", reads: "-v --version", valued: "-e -E" },
  groovy: { code: "-e", reads: "-v --version", valued: "-e" },
  scala: { code: "-e", reads: "-version", valued: "-e" },
  jshell: { code: "", reads: "--version", valued: "" },
  osascript: { code: "-e", reads: "", valued: "-e -l" },
  gdb: { code: "-ex -x --eval-command", reads: "-v --version", valued: "-ex -x -p" },
  erl: { code: "-eval", reads: "", valued: "-eval" },
  elixir: { code: "-e", reads: "-v --version", valued: "-e" },
  iex: { code: "-e", reads: "-v", valued: "" },
  ghci: { code: "-e", reads: "--version", valued: "-e" },
  octave: { code: "--eval", reads: "--version", valued: "--eval" },
  dc: { code: "-e", reads: "-V", valued: "-e -f" },
  java: { code: "", reads: "-version --version --help", valued: "-jar -cp -classpath" },
};

/** Modules that `python -m` runs, and what they come to. */
const MODULES: readonly (readonly [RegExp, Outcome | string])[] = [
  [/^pip3?$/, "pip"],
  [
    /^(?:json\.tool|platform|site|sysconfig|calendar|this|timeit|tabnanny|ast|dis|tokenize|zipfile|tarfile|py_compile|compileall|unittest|pytest|mypy|flake8|black|ruff|isort|pylint|bandit|doctest|coverage|tox|nox|build|venv|virtualenv|ensurepip|http\.server|cProfile|trace)$/,
    outcome("write", "a tool that comes with Python"),
  ],
];

const language: Handler = (args, running, name) => {
  const grammar = LANGUAGES[name] ?? { code: "-e", reads: "", valued: "" };
  const valued = new Set(grammar.valued.split(" "));
  const { options, operands } = parseOptions(args, {
    valued,
    stopsAtOperand: true,
    dashLong: /^(?:java|scala|erl|gdb)$/.test(name),
  });
  const reads = grammar.reads.split(" ");
  if (
    options.some((option) => reads.includes(option.name)) &&
    !options.some((option) => grammar.code.split(" ").includes(option.name))
  )
    return outcome("read");
  const module = options.find((option) => option.name === "-m" && /^(?:python|pypy)/.test(name))?.value;
  if (module !== undefined) return ofModule(module, args, running);
  const codes = options
    .filter((option) => grammar.code.split(" ").includes(option.name))
    .map(({ value }) => value ?? UNKNOWN);
  if (codes.length > 0) {
    const inPlace = options.some((option) => /^-i/.test(option.name));
    if (
      name === "perl" &&
      codes.every((code) => isPureEdit(code)) &&
      options.some((option) => /^-[np]$/.test(option.name))
    )
      return inPlace ? edited(operands, running.scope.folder) : outcome("read");
    if (inPlace) return outcome("opaque", `code of ${name} that changes files`);
    return codes.every((code) => isPureCode(code))
      ? outcome("write", `code of ${name} that only prints`)
      : outcome("opaque", `code of ${name}`);
  }
  if (operands.length > 0 && name === "gdb" && running.stdin.kind === "terminal") running.nest(name);
  if (operands.length > 0) return outcome("opaque", `a script of ${name}, whose content is not in the text`);
  if (running.stdin.kind !== "terminal")
    return outcome("opaque", `${name} runs what it reads from elsewhere`);
  if (name === "java") return outcome("opaque");
  running.nest(name);
  return outcome("write", `starts ${name}, which reads what comes next`);
};

function ofModule(module: string, args: readonly Arg[], running: Running): Outcome {
  const [, found] = MODULES.find(([pattern]) => pattern.test(module)) ?? [];
  const at = args.findIndex(({ text }) => text === module || text === `-m${module}`);
  const own = args[at];
  if (typeof found === "string" && own !== undefined) {
    running.command([{ ...own, text: found }, ...args.slice(at + 1)]);
    return outcome("read");
  }
  if (module === "json.tool") return outcome("read");
  return found === undefined || typeof found === "string"
    ? outcome("opaque", `runs the module ${module}`)
    : found;
}

/** One substitution, or printing the lines that match: what perl -ne and -pe are mostly used for. */
function isPureEdit(code: string): boolean {
  return /^(?:\s*(?:s([/|,#])(?:(?!\1)[^\\`$@]|\\.|\$(?!\())*\1(?:(?!\1)[^\\`@(]|\\.)*\1[gimsx]*|print(?:\s+(?:if|unless)\s+(?:\/(?:[^/\\(]|\\.)*\/i?|\$\.\s*[<>=]=?\s*\d+))?)\s*;?)+$/.test(
    code,
  );
}

/** Texts that the shell itself runs. */
const evaluates: Handler = (args, running) => {
  if (args.length === 0) return outcome("read");
  running.shellText(joined(args), spanOf(args), running.stdin, true);
  return args.some(({ text }) => text.includes(UNKNOWN))
    ? outcome("opaque", "runs a text that is made while it runs")
    : outcome("read");
};

const trap: Handler = (args, running) => {
  const [action] = args.filter(({ text }) => !/^-[lp]$/.test(text) && text !== "--");
  if (args.length < 2 || action === undefined || action.text === "-" || action.text === "")
    return outcome("read");
  running.shellText(action.text, spanOf([action]), running.stdin);
  return outcome("write", "runs a text later");
};

/** Files that a login runs anyway, or that only set variables. */
const KNOWN_FILES =
  /^(?:~\/\.(?:bashrc|bash_profile|profile|zshrc|zprofile|cargo\/env|nvm\/nvm\.sh|bash_aliases)|\/etc\/(?:profile|bash\.bashrc|os-release|lsb-release|bash_completion)|(?:.*\/)?bin\/activate)$/;

const source: Handler = (args) => {
  const [file] = args.filter(({ text }) => text !== "--");
  if (file === undefined) return outcome("read");
  if (KNOWN_FILES.test(file.text)) return outcome("write", "reads a known start-up file again");
  return outcome("opaque", "runs a file in this shell, whose content is not in the text");
};

const at: Handler = (args, running) => {
  const { options } = parseOptions(args, { valued: new Set(["-f", "-q", "-t", "-d", "-r", "-c"]) });
  const has = (...names: string[]) => options.some((option) => names.includes(option.name));
  if (has("-l", "-c", "-V")) return outcome("read");
  if (has("-r", "-d")) return outcome("irreversible", "removes jobs");
  return worse(fed(running, args), outcome("opaque", "runs commands at another time"));
};

const su: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, {
    valued: new Set(
      "-c -s -g -G -w -u --command --shell --group --supp-group --session-command --user".split(" "),
    ),
  });
  const text = options.find((option) =>
    ["-c", "--command", "--session-command"].includes(option.name),
  )?.value;
  if (text !== undefined) {
    running.shellText(text, spanOf(args), running.stdin);
    return outcome("read");
  }
  const rest = operands.filter((arg) => arg.text !== "-");
  if (
    name === "runuser" &&
    options.some((option) => option.name === "-u" || option.name === "--user") &&
    rest.length > 0
  ) {
    running.command(rest, running.stdin);
    return outcome("read");
  }
  // Behind the user come arguments of the shell: `su root script`.
  if (rest.length > 1) return outcome("opaque", "runs a script as another user");
  if (running.stdin.kind !== "terminal") return fed(running, args);
  running.nest("a shell of another user");
  return outcome("opaque", "starts a shell of another user, which reads what comes next");
};

const SSH_VALUED = new Set("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -P -Q -R -S -W -w -B".split(" "));

const ssh: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, { valued: SSH_VALUED, stopsAtOperand: true });
  const [host, ...command] = operands;
  if (options.some(({ name }) => ["-V", "-Q", "-G"].includes(name))) return outcome("read");
  const runs = options.some(
    ({ name, value }) =>
      name === "-o" &&
      /^(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand|match)\b(?!\s*=?\s*none)/i.test(
        value ?? "",
      ),
  );
  if (runs) return outcome("opaque", "an option of ssh that runs a command here");
  const file = options.find(({ name }) => name === "-F")?.value ?? "none";
  if (!/^(?:none|\/dev\/null|~\/\.ssh\/.+|\/etc\/ssh\/.+|\/(?:home\/[^/]+|root)\/\.ssh\/.+)$/.test(file))
    return outcome("opaque", "reads options that may run a command");
  if (options.some(({ name }) => name === "-O")) return outcome("write");
  if (host === undefined) return outcome("read");
  if (command.length > 0) {
    running.through(wayTo(name, args, command[0]), () =>
      running.shellText(joined(command), spanOf(command), running.stdin),
    );
    return outcome("read");
  }
  if (options.some(({ name }) => name === "-N" || name === "-f")) return outcome("write", "opens a tunnel");
  if (running.stdin.kind !== "terminal") {
    let result = FED;
    running.through(wayTo(name, args, undefined), () => {
      result = fed(running, args);
    });
    return result;
  }
  running.nest("ssh");
  return outcome("write", "opens a shell on another host, which reads what comes next");
};

export const SHELL_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...SHELLS.split(" ").map((name): [string, Handler] => [name, shell]),
  ...OTHER_SHELLS.split(" ").map((name): [string, Handler] => [name, otherShell]),
  ...Object.keys(LANGUAGES).map((name): [string, Handler] => [name, language]),
  ["eval", evaluates],
  ["trap", trap],
  ["source", source],
  [".", source],
  ["at", at],
  ["batch", at],
  ["su", su],
  ["runuser", su],
  ["ssh", ssh],
  ["autossh", ssh],
  ["slogin", ssh],
]);
