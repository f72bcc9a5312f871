import type { ShellFamily } from "../record/shell-level.ts";
import { back, frameCode } from "./frame-code.ts";

/**
 * What is typed into a POSIX-like shell, byte for byte. Every trick here survived seven shells; test/shell/posix-hooks
 * pins the bytes. Marks are described in docs/framing.md.
 */
/** Bytes of hook code the bootstrap line reads with echo off; hook code is padded with newlines to exactly this. */
export const HOOK_BYTES = 4736;

/** Before the hook code, and nowhere in it. */
const BEGINS = "J";

/** How long the set-up line waits for the hook code, and between two bytes of it, tenths of a second: above any round trip. */
const WAITS = 50;

/**
 * The one line typed at an unknown prompt. It works unchanged in the Bourne family and in fish, is refused whole by csh,
 * and stays under 256 bytes for small line editors. Leading space: most shells then keep it out of their history. Where no
 * hook code comes, it ends by itself and leaves line mode and echo on.
 */
export function bootstrapLine(label: string): string {
  // What a trap of the user's prints within the substitution stands before the code's first letter, and is left out. fish takes
  // neither of the quoted parts.
  return (
    ` \\stty cbreak -echo min 0 time ${WAITS};eval '__=\${BASH_VERSION-}$-/\${ZSH_VERSION-}/\${KSH_VERSION-}/$0'||set __ $FISH_VERSION;` +
    `printf "\\33]7717;${label};I;$__\\7";` +
    `eval '__="$(\\head -c${HOOK_BYTES})";eval "\${__##*${BEGINS}}";:'||head -c${HOOK_BYTES}|source;\\stty icanon echo min 1\r`
  );
}

/** Which hooks fit the shell that answered the bootstrap's identity mark. */
export function familyOf(identity: string): ShellFamily {
  if (isFish(identity)) return "fish";
  const [bash = "", zsh, ksh] = identity.split("/");
  if (BASH.test(bash)) return RESTRICTED.test(bash) ? "restricted" : "bash";
  if (zsh) return "zsh";
  if (ksh) return "ksh";
  return "sh";
}

/** Only fish has a version of that name, and nothing of the others. */
export const isFish = (identity: string) => !identity.includes("/");

/** A version; the options alone may begin with digits, too (zsh). */
const BASH = /^\d+\.\d/;
/** `r` among the options, which stand behind bash's version. */
const RESTRICTED = /-(?:release|maint|beta|alpha|rc\d*|devel)[^r]*r/;

/** A readable name: `bash 5.2.15`, `zsh 5.9`, `ksh`, `dash`, `sh`, `fish 3.6.0`. */
export function shellName(identity: string): string {
  if (familyOf(identity) === "restricted") return "restricted shell";
  if (isFish(identity)) return `fish ${identity}`;
  const [bash = "", zsh, ksh, ...argv0] = identity.split("/");
  if (BASH.test(bash)) return `bash ${/^[\d.]+/.exec(bash)?.[0] ?? ""}`.trim();
  if (zsh) return `zsh ${zsh}`;
  const name = (argv0.at(-1) ?? "").replace(/^-/, "") || "sh";
  return ksh && !/ksh/.test(name) ? `ksh (${name})` : name;
}

/**
 * Hook code, padded to HOOK_BYTES, as one compound: a shell that got a part of it runs none. `describe`: report user and host
 * too (three forks; worth it for nested shells).
 */
export function hookCode(family: ShellFamily, label: string, key: string, describe: boolean): string {
  const code = family === "fish" ? fishHooks(label, key) : posixHooks(family, label, key);
  const run = (command: string) => (family === "fish" ? `(${command})` : `"$(${command})"`);
  const pid = family === "fish" ? "$fish_pid" : "$$";
  const traps = family === "bash" ? '"${__mi[8]}"' : "";
  const who = describe ? `${run("id -un")} ${run("uname -n")}` : '"" ""';
  // Only ksh and sh may lack `$'…'`.
  const quotes = family === "ksh" || family === "sh" ? '"$__ma"' : (OWN_KEYS[family] ?? "1");
  const [begin, end] = family === "fish" ? ["begin", "end"] : ["{", "}"];
  const full = `${family === "fish" ? "" : BEGINS}${begin}\n${family === "fish" ? "" : "\\unset __\n"}${code}\nprintf '\\033]7717;${label};R;${key};%s;%s;%s;%s;%s\\007' ${pid} ${run("tty")} ${quotes}${traps} ${who}\n${end}\n`;
  if (full.length > HOOK_BYTES) throw new RangeError(`hook code for ${family} has ${full.length} bytes`);
  return full.padEnd(HOOK_BYTES, "\n");
}

/**
 * After a signal killed the command, the line discipline may still be raw: back to line mode, the rest untouched. Where no
 * descriptor is free, a redirection ends BusyBox ash: in a shell of its own. A function named `command` may print.
 */
const LINE_MODE = "(\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1)";

const FISH_LINE_MODE = LINE_MODE.replace(/^\(\\\\?|\)$/g, "");

/**
 * These put them back themselves behind a job that an interrupt ended. Where no process can be started bash tries for 15 s, and
 * ksh93 without a free descriptor may lose the rest of the line.
 */
const KILLED: Partial<Record<ShellFamily, string>> = {
  bash: "129|13[1-9]|1[45]?",
  // ksh93 counts from 256, and takes a terminal for the shell's own that a job left raw before it looked.
  ksh: "129|13[1-9]|1[45]?|257|259|2[678]?",
};

/**
 * `2` where a key that prints does something else in the line editor, alone or before others (an abbreviation, `jk` for Escape,
 * a pair of quotes), `1` where all insert themselves. magic-space changes only what holds a `!`.
 */
const OWN_KEYS: Partial<Record<ShellFamily, string>> = {
  bash: `"$(${ownKeys('"$(\\builtin bind -p;\\builtin bind -s;\\builtin bind -X)"', ":")})"`,
  zsh: `"$(${ownKeys('"$(\\builtin bindkey)"', "")})"`,
  fish: "(if builtin count (abbr -l) >/dev/null; or builtin string match -qr -- '^bind (-\\S+ \\w+ )*[^\\\\\\\\-]' (builtin bind --user); builtin echo 2; else; builtin echo 1; end)",
};

/** Looks for a row `"KEY"…` whose key prints, and which says neither self-insert nor magic-space. */
function ownKeys(list: string, colon: string): string {
  const row = `$'\\n"([^\\\\\\\\^]|[\\\\\\\\]["\\\\\\\\])[^\\n]*"${colon} ([^sm]|s[^e]|se[^l]|m[^a]|ma[^g])'`;
  return `__mv=${row};[[ $'\\n'${list} =~ $__mv ]] 2>/dev/null&&\\builtin echo 2||\\builtin echo 1`;
}

function posixHooks(family: ShellFamily, label: string, key: string): string {
  // A restricted shell may duplicate descriptors but not open files for writing, /dev/null included.
  const lineMode = family === "restricted" ? LINE_MODE.replace(" >/dev/null 2>&1", "") : LINE_MODE;
  const code = [
    ...frameCode(family, label, key),
    `__mk(){ case $1 in ${KILLED[family] ?? "129|1[345]?"}) ${lineMode};; esac; }`,
    promptMark(family),
    promptHook(family, label),
  ].join("\n");
  if (family === "zsh") return code;
  // Under `set -a` all of it would be exported, in bash the functions, too.
  return `__m0(){\n${code}\n}\ncase $- in *a*)\\set +a;__m0;\\set -a;;*)__m0;;esac;\\unset -f __m0`;
}

/**
 * Puts our part of bash's PROMPT_COMMAND back where it belongs, where the user's hooks came behind it or replaced it: the
 * status is taken first, the mark is printed last. Both forms of the variable, a text and an array. The names in them are
 * quoted: IFS may hold a letter of theirs.
 */
const KEPT_LAST = [
  // A readonly variable can have no local one of its name; a subshell that tries it would be a process.
  "__mt(){ \\builtin local PROMPT_COMMAND 2>/dev/null; }",
  // Hooks of the user's take it away to find the last command in the history (bash-preexec).
  "__mH(){ \\builtin local HISTCONTROL 2>/dev/null; }",
  '__mb(){ case ${HISTCONTROL-} in *ignorespace*|*ignoreboth*);;*)if __mH;then HISTCONTROL=ignorespace:${HISTCONTROL-};fi;esac;case "${PROMPT_COMMAND[*]-}" in "${__mi[13]}"*"${__mi[14]}");;*)if __mt;then __mu;fi;esac;}',
  '__mu(){ \\builtin local i;for i in "${!PROMPT_COMMAND[@]}";do',
  'PROMPT_COMMAND[i]=${PROMPT_COMMAND[i]//"${__mi[13]}"$\'\\n\'};PROMPT_COMMAND[i]=${PROMPT_COMMAND[i]//$\'\\n\'"${__mi[14]}"};case ${PROMPT_COMMAND[i]} in "${__mi[14]}")\\builtin unset "PROMPT_COMMAND[$i]";;esac;done',
  "PROMPT_COMMAND[0]=${__mi[13]}$'\\n'${PROMPT_COMMAND[0]-}",
  "if ((1<${#PROMPT_COMMAND[@]}));then PROMPT_COMMAND+=(\"${__mi[14]}\");else PROMPT_COMMAND+=$'\\n'${__mi[14]};fi;}",
];

/** Expands to nothing, and keeps the status before the prompt's own substitutions. */
const STATUS_FIRST = "${__mz#[z$((__mh=$?))]}";

/** The function that prints the prompt mark. It hands the status on, where what follows looks at it. */
function promptMark(family: ShellFamily): string {
  switch (family) {
    case "bash":
      return [
        `__ms(){ __mi[12]=$?;${back("${__mi[12]}")};}`,
        `__mp(){ __mk "\${__mi[12]}";__mb;if __mr;then __md Q "\${__mi[0]};\${__mi[12]}";else __mq;fi;[[ \${__mi[8]-} != *T* ]]||\\builtin set -T; }`,
        // A prompt that runs something may read the terminal: its mark comes behind that, from the prompt itself.
        `__mq(){ __md P "\${__mi[0]};\${__mi[12]}"; }`,
        "__mr(){ case ${PS1-} in *'${__mi+$(__mq)}');;*'$('*|*\\`*)\\builtin shopt -q promptvars 2>/dev/null&&(PS1=)2>/dev/null&&PS1+='${__mi+$(__mq)}';;*)[[ ! 1 ]];esac;}",
        ...KEPT_LAST,
      ].join("\n");
    case "restricted":
      return `__mb(){ :; };__mp(){ __mi[5]=$?;__mk "\${__mi[5]}";__md P "\${__mi[0]};\${__mi[5]}"; }`;
    case "zsh":
      // zsh itself keeps the status for the hooks behind it; one that fails would set off a trap on errors.
      return [
        `__mp(){ __mw;"\${__mx[@]}" set -- "$__mr";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;__mk "$1";__my=("$__mi[1];$1");__mb;` +
          `__mg=();if [[ -o zle ]]&&__mU;then __md 'Q' "$__my";else __md 'P' "$__my";__my=();fi;__mW; }`,
        '__mb(){ [[ "${precmd_functions[-1]-}" = __mp ]]||precmd_functions=("${(@)precmd_functions:#__mp}" __mp); }',
        // The user's own widget for this moment goes first; whatever was put over ours since is kept below it.
        '__mU(){ [[ "${widgets[zle-line-init]-}" = user:__mt ]]||{ $__mx zle -A zle-line-init __mv-before 2>/dev/null;$__mx zle -N zle-line-init __mt;} 2>/dev/null; }',
        '__mt(){ __mw;if [[ -z "${__mg[*]-}" ]];then __mg=(1);[[ -n "${widgets[__mv-before]-}" ]]&&"${__mx[@]}" zle __mv-before -- "$@";__mg=();[[ "$CONTEXT" = start ]]&&__ms;fi;__mW;[[ 1 ]]; }',
        `__ms(){ "\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;[[ -n "$__my" ]]&&__md 'P' "$__my";__my=(); }`,
      ].join("\n");
    default:
      return [
        // Called in a process of its own.
        '__mp(){ __mk "$__mh";__mo(){ __mg "$@";};__me P "$__mi;$__mh"; }',
        // Where it was replaced, the prompt gets its mark back.
        `__mb(){ case $__mr\${PS1-} in y*'$(__mp 2>/dev/null)')return;;y*)(PS1=)2>/dev/null&&{ __mq=\${PS1-};PS1='${STATUS_FIRST}'"\${PS1-}"'$(__mp 2>/dev/null)';};;esac; }`,
      ].join("\n");
  }
}

/** How the prompt mark gets in. The subshell tries the assignment first: a readonly variable would end the hook code. */
function promptHook(family: ShellFamily, label: string): string {
  switch (family) {
    case "bash":
      // A child shell that inherits an exported PROMPT_COMMAND has no __mi and must not complain.
      return [
        // What traps print that functions inherit would become part of what is captured here; the prompt puts it back.
        "case $- in *T*)\\builtin set +T;__mi[8]=T;esac",
        // Only our own line, by its own number: where ignorespace was already set, the newest entry is the user's.
        // Nothing of it is split or expanded: an option of the user's may make that an error.
        `[[ $(builtin history 1 2>/dev/null) =~ ([0-9]+).*${label} ]]&&builtin history -d "\${BASH_REMATCH[1]}"||:`,
        "__mb",
      ].join("\n");
    case "zsh":
      // The set-up line itself was entered before HIST_IGNORE_SPACE: it is left out when the history file is written.
      return `setopt HIST_IGNORE_SPACE;() { \\builtin emulate -L zsh;: "\${HISTORY_IGNORE:=*${label}*}";__mb; }`;
    case "restricted":
      return "__mq=${PS1-};PS1=\"${PS1-}\"'$(__mp)'";
    default:
      return "__mz=z;__mh=0;__mr=y;__mb";
  }
}

function fishHooks(label: string, key: string): string {
  return [
    "set -e __",
    ...frameCode("fish", label, key),
    `function __mk; if builtin test $argv[1] -gt 128 -a $argv[1] -lt 160; ${FISH_LINE_MODE}; end; end`,
    'function __mp --on-event fish_prompt; set -l s $status; __mk $s; __md P "$__mi[1];$s"; return $s; end',
  ].join("\n");
}

/** Asks the shell for another end mark with the true `$?`; used where no prompt hook could be set. */
export const PING_LINE = " __m -p\r";

/** The prompt hook is part of PS1 for these; a shell may show it instead of running it. */
export function hasPromptVariable(family: ShellFamily): boolean {
  return family === "ksh" || family === "sh" || family === "restricted";
}

/** Puts back a prompt that did not run its hook, and asks for an end mark. */
export const UNHOOK_LINE = ' [ "$PS1" = "$__mq" ]||PS1=$__mq;__mr=;__m -p\r';
