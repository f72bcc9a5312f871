import { pick } from "../random.ts";

type Random = () => number;

const NAMES = ["printf", "string", "head", "stty", "print", "local", "grep", "kill", "tty"] as const;

/** Lines that make a state of fish, with a word of the state's. */
const STATES: readonly ((word: string) => string)[] = [
  () => "set -gx PATH /opt/none",
  () => "set -e PATH",
  (w) => `set -gx ${w} 1`,
  (w) => `function fish_prompt; echo -n '${w}> '; end`,
  () => "function fish_prompt; end",
  (w) => `function fish_prompt; echo; echo '${w} two rows'; echo -n '> '; end`,
  (w) => `function fish_right_prompt; echo '${w}'; end`,
  () => "function hook --on-event fish_preexec; set -g n 1; end",
  () => "function hook --on-event fish_postexec; false; end",
  () => "function hook --on-event fish_prompt; false; end",
  (w) => `function hook --on-variable PWD; echo ${w}; end`,
  () => "set -g IFS 0",
  () => "set -g IFS _m",
  () => "umask 077",
  () => "ulimit -n 16",
  // Its own status is 1 in a script, and 0 where there is a line editor.
  () => "fish_vi_key_bindings; true",
  () => "set -g fish_autosuggestion_enabled 0",
  ...NAMES.map((name) => (w: string) => `function ${name}; echo fn-${w}; end`),
  ...NAMES.map((name) => () => `function ${name}; end`),
  ...NAMES.map((name) => (w: string) => `alias ${name} 'echo al-${w}'`),
  ...NAMES.map((name) => (w: string) => `abbr -a ${name} echo ab-${w}`),
];

export function fishLines(random: Random, word: string): string[] {
  const lines = new Set<string>();
  const wanted = 1 + Math.floor(random() * 4);
  while (lines.size < wanted) lines.add(pick(random, STATES as [(w: string) => string])(word));
  return [...lines];
}

/** Commands of builtins alone, in fish's own words. */
export function fishCommand(random: Random, words: readonly [string, ...string[]]): string {
  const [word, other] = [pick(random, words), pick(random, words)];
  const status = pick(random, [0, 1, 2, 3, 7, 17, 70, 100, 127, 130, 255]);
  return pick(random, [
    `echo ${word}`,
    `echo '${word}  ${other}'`,
    "true",
    "false",
    'echo "st=$status"',
    `set -l x ${word}; echo "$x-${other}"`,
    `function f; echo "f:$argv"; return ${status}; end; f ${word}`,
    `for i in 1 2 3; echo "$i ${word}"; end`,
    `if true; echo ${word}; else; echo no; end`,
    `while true; echo ${word}; break; end; false`,
    `switch ${word}; case ${word}; echo "is ${word}"; end`,
    `echo one ${word}\necho two ${other}\nfalse`,
    `set x '${"long ".repeat(400)}${word}'; count $x; echo ${word}`,
    `echo "${word}" # ${other}`,
    "true; and false",
    `begin; echo ${word}; false; end`,
    "not true",
    `set -e x; echo "$x-${word}"`,
    `echo 'Grüße ${word} ✓'`,
    `echo ${word} >f_${other}; echo made`,
    `echo ${word} >>g_${other}; false`,
    `set x (echo ${word}); echo "<$x>"`,
    `echo ${word} >&2`,
  ]);
}
