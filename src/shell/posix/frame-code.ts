import type { ShellFamily } from "../record/shell-level.ts";

/**
 * The one function that frames commands, `__m VERB …`, for each family of shells, and what it prints with. One function
 * and not several: where it is gone no command is begun. Verbs:
 *
 * - `-a ID STATUS` before the eval, in shells that read an eval whole: what was printed so far is the line's echo
 * - `-b ID [STATUS] [FLAGS]` in the eval, directly before the command: begin mark; returns the status of the command before
 * - `-e ID KEY [STATUS]` in the eval, directly behind the command: end mark; returns 0, so that an ERR trap counts a failure once
 * - `-x ID STATUS` behind the eval: a mark that says how far it came, where `-e` was not reached
 * - `-l ID STATUS BYTES CHARS` reads a long command from the terminal into `__mv`, which is empty unless all of it came
 * - `-p` an end mark for the last command, with the status that stands
 * - `-s` returns the status that `-e` or `-x` left
 *
 * Builtins only, their names out of reach of aliases and, where the shell can, of functions; every expansion quoted.
 */
export function frameCode(family: ShellFamily, label: string, key: string): string[] {
  const format = `'\\033]7717;${label};%s;${key};%s\\007'`;
  switch (family) {
    case "bash":
    case "restricted":
      return bashFrame(format, family === "restricted");
    case "zsh":
      return zshFrame(format);
    case "fish":
      return fishFrame(format);
    default:
      return shFrame(format, label, key);
  }
}

/** What a line of a long command may hold behind its `#`; see `longLines`. */
const STRANGE = "[!a-zA-Z0-9\\ ._/=:,+@\\\\-]";

function bashFrame(format: string, restricted: boolean): string[] {
  const elsewhere = restricted ? '__mw "$@" >&2' : '{ __mw "$@" >/dev/tty;} 2>/dev/null||__mw "$@" >&0';
  const quiet = restricted ? "" : " >/dev/null 2>&1";
  const back = (status: string) => `\\builtin return "${status}";\\return "${status}"`;
  return [
    // Arrays are never exported, not by `set -a` either. 0: id; 1: how far; 2: status; 3: scratch; 4: format; 5: `$?`;
    // 6: `builtin printf` works, asked before each command until it does not: what then prints is part of the echo; 7: `$?$-`
    // before `set +T`; 8: the command's own `$-`, and `!` where `builtin` is none.
    `__mi=(0 0 0 '' ${format} 0 k '' '');__mv=()`,
    // A function of the user's may stand for `builtin`: then the bare name is called.
    '__mw(){ __mi[3]=;if [[ ${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ ${__mi[3]} ]];then \\builtin printf "${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k' +
      quiet +
      ';[[ ${__mi[3]} ]];then \\printf "${__mi[4]}" "$@";else /usr/bin/printf "${__mi[4]}" "$@";fi;}',
    `__mo(){ if [[ -t 1 ]];then __mw "$@";else ${elsewhere};fi;}`,
    `__ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*${STRANGE}*)break;;` +
      `*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}`,
    "__m(){ __mi[5]=$?;case $1 in",
    '-b)if [[ ${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=${3:-${__mi[2]}};__mi[8]=${4-};__mv=;case ${__mi[6]}${__mi[2]}${4-} in 0|k0)__mo C "$2";;' +
      'k*T)__mo C "$2";\\builtin set -T;\\builtin return "${__mi[2]}";;k*)__mo C "$2";\\builtin return "${__mi[2]}";;' +
      '*T)__mo C "$2";\\set -T;\\return "${__mi[2]}";;*)__mo C "$2";\\return "${__mi[2]}";esac;;',
    '-e)__mi[1]=2;if [[ ${4-} ]];then __mi[2]=${__mi[7]%%[!0-9]*};__mi[8]=${__mi[7]#"${__mi[2]}"};else __mi[2]=${__mi[5]};__mi[8]=$-;fi;if [[ ${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;[[ ${__mi[6]} ]]||__mi[8]+=!;__mo D "$2;${__mi[2]};${__mi[8]};$PWD";;',
    '-x)case ${__mi[0]}:${__mi[1]} in "$2:2");;"$2:1")__mi[2]=$3;__mo N "$2;$3;1;$PWD";;*)__mi[2]=$3;__mo N "$2;$3;0;$PWD";esac;;',
    `-l)__mi[2]=$3;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;`,
    `-p)__mo D "\${__mi[0]};\${__mi[5]};$-;$PWD";${back("${__mi[5]}")};;`,
    `*)__mk "\${__mi[2]}";__mb;${back("${__mi[2]}")};esac;}`,
  ];
}

function zshFrame(format: string): string[] {
  const printf = `$__mx printf ${format} "$@"`;
  return [
    // A function of the user's may stand for `builtin`: then the bare names are called.
    // Arrays are never exported.
    `\\builtin typeset -ga __mi __mx __mz;__mz=(${format});__mi=(0 0 0);__mx=();__mv=;__mr=;__mf=;__mc=`,
    `__mo(){ if [[ -t 1 ]];then ${printf};else { ${printf} >/dev/tty;} 2>/dev/null||${printf} >&0;fi;}`,
    `__ml(){ __mv=;while IFS= $__mx read -r -t 20 __mc;do case $__mc in '#.'|[!#]*|'#'*${STRANGE}*)$__mx break;;` +
      "*)$__mx eval \"__mv+=\\$'${__mc#?}'\";esac;done;}",
    `__mw(){ __mr=$?;__mx=(builtin);__mf=;if ((\${+functions[builtin]}));then __mx=();__mf='!';fi;}`,
    // What the user's options and IFS make of arrays, words and traces stays outside; quoted, no word is a global alias.
    `__m(){ __mw;"\${__mx[@]}" set -- "$__mr" "$-" "$@";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;case $3 in`,
    `-a)__mi=("$4" 0 "$5");__mo 'A' "$4";;`,
    `-b)__mi[2]=1;__mv=;__mo 'C' "$4";$__mx return "$__mi[3]";;`,
    `-e)__mi[2]=2;__mi[3]=$1;__mo 'D' "$4;$1;$2$__mf;$PWD";;`,
    `-x)case $__mi[1]:$__mi[2] in "$4:2");;*)__mi[3]=$5;__mo 'N' "$4;$5;$__mi[2];$PWD";esac;;`,
    `-l)__mi=("$4" 0 "$5");__mo 'K' "$4";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$6" || \${#__mv} = "$7" ]]||__mv=;__mo 'A' "$4";;`,
    `-p)__mo 'D' "$__mi[1];$1;$2$__mf;$PWD";$__mx return "$1";;`,
    `*)__mk "$__mi[3]";__mb;$__mx return "$__mi[3]";esac;}`,
  ];
}

function shFrame(format: string, label: string, key: string): string[] {
  const has = (program: string) => `(PATH=/dev/null;\\command ${program} x) >/dev/null 2>&1`;
  // A function of the user's may stand for `command`: then the bare name is called.
  // Once it is known to, it is not called again: it may print.
  const prints = (how: string, otherwise = "") =>
    `__mw(){ case $__mc in k)\\command ${how};;*)${otherwise}\\${how};esac;}`;
  const raw = `"$__mE]7717;${label};$1;${key};$2$__mB"`;
  const read =
    '__ml(){ __mv=;while __mc=;case $__md in \'\')IFS= \\command read -r ${__mt:+"$__mt"} __mc;;*)IFS= \\read -r ${__mt:+"$__mt"} __mc;esac;do case $__mc in';
  return [
    `__mi=0;__mj=0;__ms=0;__mv=;__mc=;__md=;__mE=$(\\printf '\\033');__mB=$(\\printf '\\007')`,
    `if ${has("printf")};then ${prints(`printf ${format} "$@"`, `case $(\\printf k) in k);;*)/usr/bin/printf ${format} "$@";return;esac;`)}`,
    `elif ${has("print")};then ${prints(`print -nr -- ${raw}`, `case $(\\print k) in k);;*)/usr/bin/printf ${format} "$@";return;esac;`)}`,
    `else ${prints(`echo -n ${raw}`)};fi`,
    // `[` can be no function's name here. Where output goes elsewhere, a shell of its own prints: what a function named
    // `command` prints would be in the file, and where no descriptor is free, ash would end and dash lose its output.
    '__mo(){ if \\[ -t 1 ];then __mf "$@";else (__mg "$@");fi;}',
    // An eval would be shown by `set -v`.
    '__mf(){ __mc=x;case $__md in "")\\command unset __mc;esac;__mc=${__mc-k};__mw "$@";}',
    '__mg(){ \\unset -f command printf print echo 2>/dev/null||:;__md=;{ __mf "$@" >/dev/tty;} 2>/dev/null||__mf "$@" >&0;}',
    "(\\command read -r -t1 __mc </dev/null) 2>/dev/null;case $? in [01])__mt=-t20;;*)__mt=;esac",
    `case $'\\101' in A)__ma=1;${read} ''|'#.'|[!#]*|'#'*${STRANGE}*)break;;*)\\eval "__mv=\\$__mv\\$'\${__mc#?}'";esac;done;};;`,
    // dash, posh and yash have no `$'…'`: what they are sent is quoted as it is, a line feed by this variable.
    `*)__ma=0;__mn='\n';${read} '#+'*)__mv=$__mv\${__mc#??};;'#-'*)__mv=$__mv\${__mc#??}$__mn;;` +
      `'#*'*)__mc=$(\\command printf "\${__mc#??}x");__mv=$__mv\${__mc%x};;*)break;esac;done;};esac`,
    "__m(){ __mk=$?;case $1 in",
    `-a)__mi=$2;__mj=0;__ms=$3;__mo A "$2";;`,
    `-b)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};fi;__mi=$2;__mj=1;__ms=\${3:-$__ms};__mv=;case $__ms in 0)__mo C "$2";;*)__mo C "$2";\\return "$__ms";esac;;`,
    `-e)__mj=2;__ms=$4;__mo D "$2;$__ms;$-;$PWD";;`,
    `-x)case $__mi:$__mj in "$2:2");;"$2:1")__ms=$3;__mo N "$2;$3;1;$PWD";;*)__ms=$3;__mo N "$2;$3;0;$PWD";esac;;`,
    `-l)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};elif (\\command eval exit 0;\\exit 1) >/dev/null 2>&1;then __md=;fi;__mi=$2;__mj=0;__ms=$3;__mo K "$2";if \\[ -t 0 ];then __ml;else __ml </dev/tty;fi;case \${#__mv} in "$4"|"$5");;*)__mv=;esac;__mo A "$2";;`,
    `-p)__mo D "$__mi;$__mk;$-;$PWD";\\return "$__mk";;`,
    `*)__mk "$__ms";__mb;\\return "$__ms";esac;}`,
  ];
}

/** A quoted word in fish holds no escapes; here every word that matters is one of ours or in quotes. */
function fishFrame(format: string): string[] {
  const printf = `builtin printf ${format} $argv`;
  return [
    `set -g __mi 0 0 0; set -g __mz ${format}`,
    `function __mo; if builtin test -t 1; ${printf}; else; begin; ${printf} >/dev/tty; end 2>/dev/null; or ${printf} >&0; end; end`,
    "function __m; set -l s $status; switch $argv[1]",
    "case -a; set -g __mi $argv[2] 0 $argv[3]; __mo A $argv[2]",
    "case -b; set -g __mi[2] 1; __mo C $argv[2]; return $__mi[3]",
    'case -e; set -g __mi[2] 2; set -g __mi[3] $s; __mo D "$argv[2];$s;;$PWD"',
    'case -x; if builtin test "$__mi[1]:$__mi[2]" != $argv[2]:2; set -g __mi[3] $argv[3]; __mo N "$argv[2];$argv[3];$__mi[2];$PWD"; end; return 0',
    // `read` of fish is a line editor: a long command takes stty and head, if they are there.
    "case -l; set -g __mi $argv[2] 0 $argv[3]; set -g __mv; if command -sq stty; and command -sq head",
    "set -l t (command stty -g </dev/tty); command stty raw -echo min 0 time 200 </dev/tty; __mo K $argv[2]",
    "set -g __mv (command head -c $argv[4] </dev/tty | string collect -N); command stty $t </dev/tty",
    'builtin test (string length -- "$__mv") = $argv[5]; or set -g __mv; end; __mo A $argv[2]',
    'case -p; __mo D "$__mi[1];$s;;$PWD"; return $s',
    "case -s; __mk $__mi[3]; return $__mi[3]",
    "end; end",
  ];
}
