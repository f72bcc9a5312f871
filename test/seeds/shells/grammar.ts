import { pick } from "../random.ts";
import { fishCommand, fishLines } from "./fish.ts";

/** Shells of the generated states: account, and how a script of theirs is run. */
export const SHELLS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  bash: ["bash", "--norc"],
  zsh: ["zsh", "-f"],
  dash: ["dash"],
  ash: ["busybox", "ash"],
  ksh: ["ksh93"],
  mksh: ["mksh"],
  fish: ["fish", "--no-config"],
};

const WORDS = [
  "amber",
  "birch",
  "cobalt",
  "dune",
  "ember",
  "fjord",
  "grove",
  "heron",
  "iris",
  "juniper",
  "kelp",
  "larch",
  "maple",
  "nectar",
  "onyx",
  "plum",
  "quartz",
  "raven",
  "sable",
  "thistle",
  "umber",
  "vesper",
  "willow",
  "yarrow",
  "zephyr",
] as const;

/** One state of a shell and what is run in it. */
export interface ShellState {
  readonly shell: string;
  /** Lines that make the state. */
  readonly state: readonly string[];
  readonly commands: readonly [string, string, string];
  /** Rows that a DEBUG trap prints: it may fire for our own line. */
  readonly debug: string | undefined;
  readonly word: string;
  /** Traces are on: how many `+` there are, and where a row stands, differs between an eval and a script. */
  readonly traced: boolean;
}

type Random = () => number;
interface Atom {
  /** Families it is for; all where it is left out. */
  readonly only?: readonly string[];
  readonly text: (word: string) => string;
  /** No process can be started, or no descriptor be had, in it. */
  readonly alone?: boolean;
  /** Output goes elsewhere. */
  readonly away?: boolean;
  readonly debug?: true;
  readonly traced?: true;
}

const option = (text: string, only?: readonly string[]): Atom => ({
  text: () => text,
  ...(only ? { only } : {}),
});
const KORN = ["ksh", "mksh"];
const WITH_ERR = ["bash", "zsh", "ash", ...KORN];

const OPTIONS: readonly Atom[] = [
  option("set -u"),
  option("set -f"),
  option("set -a"),
  option("set -C"),
  option("set -e"),
  { text: () => "set -x", traced: true },
  option("set -T", ["bash"]),
  option("set -E", ["bash"]),
  option("set -k", ["bash"]),
  option("set -o posix", ["bash"]),
  option("shopt -s nullglob failglob", ["bash"]),
  option("shopt -s extglob nocasematch dotglob", ["bash"]),
  option("shopt -s extdebug", ["bash"]),
  option("shopt -u sourcepath cmdhist", ["bash"]),
  option("BASH_XTRACEFD=1", ["bash"]),
  option("setopt KSH_ARRAYS", ["zsh"]),
  option("setopt NO_UNSET", ["zsh"]),
  option("setopt SH_WORD_SPLIT GLOB_SUBST", ["zsh"]),
  option("setopt NULL_GLOB EXTENDED_GLOB", ["zsh"]),
  option("setopt ALL_EXPORT", ["zsh"]),
  option("setopt POSIX_BUILTINS", ["zsh"]),
  option("setopt LOCAL_OPTIONS LOCAL_TRAPS", ["zsh"]),
  option("setopt C_BASES OCTAL_ZEROES", ["zsh"]),
  option("setopt IGNORE_BRACES", ["zsh"]),
  option("setopt WARN_CREATE_GLOBAL", ["zsh"]),
  option("setopt KSH_GLOB SH_GLOB", ["zsh"]),
  option("setopt RC_QUOTES", ["zsh"]),
  option("setopt NO_MULTIOS NO_EQUALS", ["zsh"]),
  option("setopt CORRECT", ["zsh"]),
];

const TRAPS: readonly Atom[] = [
  { only: WITH_ERR, text: (w) => `trap 'echo err-${w}' ERR` },
  { only: WITH_ERR, text: () => "n=0; trap 'n=$((n+1))' ERR" },
  { only: ["bash"], text: (w) => `trap 'echo ret-${w}' RETURN` },
  { only: ["bash"], text: (w) => `set -T; trap 'echo ret-${w}' RETURN` },
  { only: ["bash"], text: () => "n=0; set -T; trap 'n=$((n+1))' RETURN" },
  { only: ["bash"], text: (w) => `set -E; trap 'echo err-${w}' ERR` },
  { only: ["bash", ...KORN], text: (w) => `trap 'echo dbg-${w}' DEBUG`, debug: true },
  { only: ["bash"], text: (w) => `shopt -s extdebug; trap 'echo dbg-${w}' DEBUG`, debug: true },
  { only: ["zsh"], text: (w) => `TRAPZERR() { echo err-${w}; }` },
  { only: ["zsh"], text: (w) => `TRAPDEBUG() { echo dbg-${w}; }`, debug: true },
  { text: () => "trap '' PIPE USR1" },
];

const FIELDS: readonly Atom[] = ["0", "1", "7", "3", "", ":", "em", "\\", "_ms", "in", "bul", "sp-", "$"].map(
  (ifs) => ({
    text: () => `IFS='${ifs}'`,
  }),
);

const PATHS: readonly Atom[] = [
  { text: () => "PATH=/opt/none" },
  { text: () => "PATH=" },
  { only: ["zsh"], text: (w) => `path=(/opt/${w})` },
  { text: (w) => `unset PATH; export ${w}=1` },
];

const NAMES = [
  "printf",
  "command",
  "builtin",
  "test",
  "set",
  "return",
  "read",
  "eval",
  "stty",
  "head",
  "print",
  "typeset",
  "local",
] as const;
/** What POSIX calls special may be no function in these. */
const SPECIAL = new Set(["set", "return", "eval"]);
const FREE = new Set(["bash", "zsh"]);
/** Words that the commands themselves use cannot be taken away from them. */
const FUNCTIONS: readonly Atom[] = NAMES.flatMap((name) => [
  { ...(SPECIAL.has(name) ? { only: [...FREE] } : {}), text: () => `${name}() { :; }` },
  { ...(SPECIAL.has(name) ? { only: [...FREE] } : {}), text: (w: string) => `${name}() { echo "fn-${w}"; }` },
]);

const ALIASES: readonly Atom[] = NAMES.filter((name) => name !== "return").map((name) => ({
  text: (w: string) => `alias ${name}='echo al-${w}'`,
}));

const LIMITS: readonly Atom[] = [
  { text: () => "ulimit -n 4", alone: true, only: ["bash", "zsh", "dash", "ash", ...KORN] },
  // ksh93 and mksh try for half a minute at each process that they cannot start.
  {
    text: () => "ulimit -u 1 2>/dev/null || ulimit -p 1",
    alone: true,
    only: ["bash", "zsh", "dash", "ash"],
  },
];

const PROMPTS: readonly Atom[] = [
  { text: (w) => `PS1='${w}> '` },
  { text: () => "PS1=" },
  { text: (w) => `PS2='${w}? '` },
  { only: ["bash", "dash", "ash"], text: (w) => `PS4='${w} '` },
  { only: ["bash"], text: (w) => `PS0='${w} '` },
  { only: ["bash"], text: (w) => `PROMPT_COMMAND='echo pc-${w}'` },
  { only: ["bash"], text: (w) => `PROMPT_COMMAND=(true "h=${w}")` },
  { only: ["bash"], text: (w) => `hook() { return 3; }; PROMPT_COMMAND="hook; : ${w}"` },
  { only: ["bash"], text: () => "unset PROMPT_COMMAND" },
  { only: ["zsh"], text: (w) => `precmd() { : ${w}; }` },
  { only: ["zsh"], text: (w) => `hook() { false; }; precmd_functions=(hook); : ${w}` },
  { only: ["zsh"], text: (w) => `preexec() { : ${w}; }` },
  { only: ["zsh", "ksh", "mksh", "dash", "ash"], text: (w) => `PS1='$(echo ${w}) '` },
];

/** Where output goes to a file and no descriptor is to be had, no mark can be printed: never both. */
const DESCRIPTORS: readonly Atom[] = [
  { text: (w) => `exec 2>err_${w}` },
  { text: (w) => `exec 3>three_${w}` },
  { text: () => "exec 2>/dev/null" },
  { text: () => "exec 2>&1" },
  // The line editors of zsh and BusyBox print there as well.
  { text: (w) => `exec >out_${w}`, only: ["bash", "dash", "ksh", "mksh"], away: true },
];

const KINDS = [
  OPTIONS,
  OPTIONS,
  TRAPS,
  TRAPS,
  FIELDS,
  PATHS,
  FUNCTIONS,
  FUNCTIONS,
  ALIASES,
  LIMITS,
  PROMPTS,
  DESCRIPTORS,
] as const;

/** Commands of builtins alone, so that they run in every state; `alone`: none that forks or needs a descriptor. */
function command(random: Random, alone: boolean): string {
  const word = pick(random, WORDS);
  const other = pick(random, WORDS);
  const status = pick(random, [0, 1, 2, 3, 7, 17, 70, 100, 127, 130, 255]);
  const plain: readonly [string, ...string[]] = [
    `echo ${word}`,
    `echo '${word}  ${other}'`,
    "true",
    "false",
    'echo "st=$?"',
    'echo "n=${n-none}"',
    `x=${word}; echo "$x-${other}"`,
    `f() { echo "f:$1"; (:) && return ${status}; }; f ${word}`.replace("(:) && ", ""),
    `for i in 1 2 3; do echo "$i ${word}"; done`,
    `if true; then echo ${word}; else echo no; fi`,
    `while true; do echo ${word}; break; done; false`,
    `case ${word} in ${word}) echo "is ${word}";; esac`,
    `echo one ${word}\necho two ${other}\nfalse`,
    `x='${"long ".repeat(400)}${word}'; echo "\${#x} ${word}"`,
    `echo "${word}" # ${other}`,
    `true && false`,
    `{ echo ${word}; false; }`,
    `! true`,
    `unset x; echo "\${x-${word}}"`,
    `echo 'Grüße ${word} ✓'`,
  ];
  if (alone) return pick(random, plain);
  return pick(random, [
    ...plain,
    `echo ${word}; (exit ${status})`,
    `(exit ${status})`,
    `: >f_${word}`,
    `echo ${word} >f_${other}; echo made`,
    `(echo in ${word}; exit ${status})`,
    `x=$(echo ${word}); echo "<$x>"`,
    `echo ${word} >&2`,
    `echo ${word} >>g_${other}; false`,
  ] as [string, ...string[]]);
}

function fishState(random: Random): ShellState {
  const word = pick(random, WORDS);
  return {
    shell: "fish",
    state: fishLines(random, word),
    commands: [fishCommand(random, WORDS), fishCommand(random, WORDS), fishCommand(random, WORDS)],
    debug: undefined,
    traced: false,
    word,
  };
}

export function shellState(random: Random): ShellState {
  const shell = pick(random, Object.keys(SHELLS) as [string, ...string[]]);
  if (shell === "fish") return fishState(random);
  const atoms: Atom[] = [];
  const wanted = 1 + Math.floor(random() * 4);
  while (atoms.length < wanted) {
    const atom = pick(random, pick(random, KINDS) as readonly [Atom, ...Atom[]]);
    if (atom.only && !atom.only.includes(shell)) continue;
    if (atoms.some((other) => (atom.alone && other.away) || (atom.away && other.alone))) continue;
    // Whether its `printf` is the shell's own can then be found out by a process alone.
    const together = [atom, ...atoms];
    if (
      together.some((one) => one.alone) &&
      together.some((one) => /^(?:command|builtin)\(/.test(one.text("")))
    )
      continue;
    atoms.push(atom);
  }
  const word = pick(random, WORDS);
  // A name that is taken away, and then descriptors, come last: making the rest of the state may need them.
  const rank = (atom: Atom) =>
    atom.alone ? 3 : ALIASES.includes(atom) ? 2 : FUNCTIONS.includes(atom) ? 1 : 0;
  atoms.sort((a, b) => rank(a) - rank(b));
  const alone = atoms.some((atom) => atom.alone);
  const debug = atoms.some((atom) => atom.debug);
  return {
    shell,
    state: atoms.map((atom) => atom.text(word)),
    commands: [command(random, alone), command(random, alone), command(random, alone)],
    debug: debug ? `dbg-${word}` : undefined,
    traced: atoms.some((atom) => atom.traced),
    word,
  };
}
