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
 * - `-q` does nothing
 *
 * The last argument of `-a`, `-b`, `-e`, `-l`, `-s` and `-q` is `$_` or becomes it, as if nobody had stood between.
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
      return shFrame(format, label, key, family === "ksh");
  }
}

/** What a line of a long command may hold behind its `#`; see `longLines`. */
const STRANGE = "[!a-zA-Z0-9\\ ._/=:,+@\\\\-]";

function bashFrame(format: string, restricted: boolean): string[] {
  const elsewhere = restricted ? '__mw "$@" >&2' : '{ __mw "$@" >/dev/tty;} 2>/dev/null||__mw "$@" >&0';
  const [none, quiet] = restricted ? ["", ""] : [" 2>/dev/null", " >/dev/null 2>&1"];
  return [
    // Arrays are never exported, not by `set -a` either. 0: id; 1: how far; 2: status; 3: scratch; 4: format; 5: `$?`;
    // 6: `builtin printf` works: what prints while that is asked is part of the echo; 7: `$?$-` before `set +T`; 8: the
    // command's own `$-`, `!` where `builtin` is none, `%` where `eval` is switched off; 9: `$_`; 10: the directory;
    // 11: `return` is switched off; 12: status at the prompt.
    // 13, 14: the first and the last part of PROMPT_COMMAND; a shell within, that inherits it, does nothing there.
    `__mi=(0 0 0 '' ${format} 0 k '' '' '' '' '' 0 '\${__mi+"__ms"}&&((1))' '\${__mi+"__mp"}');__mv=()`,
    // A function of the user's may stand for `builtin`: then the bare name is called.
    '__mw(){ __mi[3]=;if [[ ${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ ${__mi[3]} ]];then \\builtin printf "${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k' +
      quiet +
      ';[[ ${__mi[3]} ]];then \\printf "${__mi[4]}" "$@";else /usr/bin/printf "${__mi[4]}" "$@";fi;}',
    `__mo(){ if [[ -t 1 ]];then __mw "$@";else ${elsewhere};fi;}`,
    // A variable proves nothing: where it names another place than the shell's own, the kernel's answer counts.
    `__md(){ __mi[10]=\${PWD-};if ! [[ \${__mi[10]} = /* && . -ef \${__mi[10]} ]];then __mi[10]=$(\\builtin pwd -P${none};((1)) );[[ . -ef \${__mi[10]} ]]||__mi[10]=;fi;` +
      `if [[ \${__mi[10]} = *[[:cntrl:]]* ]];then \\builtin printf -v "__mi[10]" %q "\${__mi[10]}"||((1));[[ \${__mi[10]} != *[[:cntrl:]]* ]]||__mi[10]=;fi;__mo "$1" "$2;\${__mi[10]}";}`,
    `__ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*${STRANGE}*)break;;` +
      `*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}`,
    `__mj(){ __mi[6]=;\\builtin printf -v "__mi[6]" k||((1)); }`,
    `__mn(){ [[ ! \${__mi[6]} ]]||\\builtin return 0${none};\\return 0${none};__mi[11]=r; }`,
    `__mc(){ __mi[6]=k;__mj${none};__mi[11]=;__mn;__mi[3]=;{ [[ \${__mi[6]} ]]&&\\builtin eval '__mi[3]=e'||\\eval '__mi[3]=e';}${none};[[ \${__mi[3]} ]]||__mi[8]+=%; }`,
    "__m(){ __mi[5]=$?;case $1 in",
    "-b)if [[ ${__mi[6]} ]];then __mj;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=${3:-${__mi[2]}};__mi[8]=${4-};__mv=;case ${__mi[6]}${4-} in k*%*)\\builtin enable -n eval;;*%*)\\enable -n eval;esac;" +
      // Behind the mark comes the command: a trace shows nothing but what hands the status on.
      'case ${__mi[11]}${__mi[6]}${__mi[2]}${4-} in 0|k0)__mo C "$2";;k*T*)__mo C "$2";\\builtin set -T;\\builtin return "${__mi[2]}";;k*)__mo C "$2";\\builtin return "${__mi[2]}";;' +
      'r*)__mo C "$2";(\\exit "${__mi[2]}");;*T*)__mo C "$2";\\set -T;\\return "${__mi[2]}";;*)__mo C "$2";\\return "${__mi[2]}";esac;;',
    '-e)__mi[1]=2;[[ $# = 3 ]]||__mi[9]=$4;case ${5-} in *T*)__mi[2]=${__mi[7]%%[!0-9]*};__mi[8]=${__mi[7]#"${__mi[2]}"};;*)__mi[2]=${__mi[5]};__mi[8]=$-;esac;' +
      'case ${5-} in *E*)__mc;;*)[[ ! ${__mi[6]} ]]||__mj;esac;[[ ${__mi[6]} ]]||__mi[8]+=!;__md D "$2;${__mi[2]};${__mi[8]}";;',
    '-x)case ${__mi[0]}:${__mi[1]} in "$2:2");;"$2:"*)__mi[2]=$3;__md N "$2;$3;${__mi[1]}";;*)__mi[2]=$3;__md N "$2;$3;0";esac;;',
    `-l)__mi[2]=$3;[[ $# = 5 ]]||__mi[9]=$6;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;`,
    `-p)__md D "\${__mi[0]};\${__mi[5]};$-";${back("${__mi[5]}")};;`,
    "-q);;",
    `*)__mk "\${__mi[2]}";__mb;${back("${__mi[2]}")};esac;}`,
  ];
}

/** Hands a status on; where `return` is switched off, by a process. */
export function back(status: string): string {
  return `if [[ \${__mi[11]} ]];then (\\exit "${status}");else [[ ! \${__mi[6]} ]]||\\builtin return "${status}";\\return "${status}";fi`;
}

/** Builtins without which our functions do nothing in zsh. */
const ZSH_NEEDS = "printf return set emulate setopt eval builtin zle read break pwd";

function zshFrame(format: string): string[] {
  // Where functions stand for both, the program prints.
  const printf = `"\${__mO[@]}" printf ${format} "$@"`;
  return [
    // Arrays are never exported. `__mu`: `$_`, twice, as KSH_ARRAYS counts from 0.
    "\\builtin typeset -ga __mi __mx __mO __mz __mr __mf __mg __mu __mN __mD __my",
    `() { \\builtin emulate -L zsh;__mz=(${format});__mi=(0 0 0 '');__mx=();__mu=('' '');__mN=(${ZSH_NEEDS});__mD=();__mv=;__mc=;__my=(); }`,
    `__mo(){ if [[ -t 1 ]];then ${printf};else { ${printf} >/dev/tty;} 2>/dev/null||${printf} >&0;fi;}`,
    // A variable proves nothing: where it names another place than the shell's own, the kernel's answer counts.
    '__md(){ __mi[4]=${PWD-};[[ $__mi[4] = /* && . -ef $__mi[4] ]]||__mi[4]="$($__mx pwd -r 2>/dev/null;[[ 1 ]])";[[ . -ef $__mi[4] ]]||__mi[4]=;[[ $__mi[4] != *[[:cntrl:]]* ]]||__mi[4]=${(qqqq)__mi[4]};__mo "$1" "$2;$__mi[4]";}',
    `__ml(){ __mv=;while IFS= $__mx read -r -t 20 __mc;do case $__mc in '#.'|[!#]*|'#'*${STRANGE}*)$__mx break;;` +
      "*)$__mx eval \"__mv+=\\$'${__mc#?}'\";esac;done;}",
    // What the user has switched off is there while our functions run, and only then.
    "__mw(){ __mr=($?);__mx=(builtin);__mf=();if ((${+functions[builtin]}||!${+builtins[builtin]}));then __mx=();__mf=('!');fi;__mO=(\"${__mx[@]}\");((${#__mx}||!${+functions[printf]}))||__mO=(command);" +
      'if [[ -n "${(k)dis_builtins}" ]];then ((${+dis_builtins[emulate]}))&&__mD=(emulate);{ "${__mx[@]}" enable emulate;} 2>/dev/null;__mC;fi;}',
    '__mC(){ "${__mx[@]}" emulate -L zsh;__mD+=("${(@)${(@k)dis_builtins}:*__mN}");(($#__mD))&&{ "${__mx[@]}" enable "$__mD[@]";} 2>/dev/null;[[ 1 ]]; }',
    '__mW(){ if [[ -n "${__mD-}" ]];then { "${__mx[@]}" disable "${__mD[@]}";} 2>/dev/null;__mD=();fi;}',
    // What the user's options and IFS make of arrays, words and traces stays outside; quoted, no word is a global alias.
    `__m(){ __mw;"\${__mx[@]}" set -- "$__mr" "$-" "$@";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;{ case $3 in`,
    `-a)__mi[1,3]=("$4" 0 "$5");(($#<6))||__mu=("$6" "$6");__mo 'A' "$4";;`,
    `-b)__mi[2]=1;__mv=;__mo 'C' "$4";$__mx return "$__mi[3]";;`,
    `-e)__mi[2]=2;__mi[3]=$1;(($#<6))||__mu=("$6" "$6");__md 'D' "$4;$1;$2$__mf";;`,
    `-x)case $__mi[1]:$__mi[2] in "$4:2");;*)__mi[3]=$5;if [[ $__mi[2] = 0 ]];then __mi[2]=-;$__mx eval '__mi[2]=0' 2>/dev/null;fi;__md 'N' "$4;$5;$__mi[2]";esac;;`,
    `-l)__mi[1,3]=("$4" 0 "$5");(($#<8))||__mu=("$8" "$8");__mo 'K' "$4";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$6" || \${#__mv} = "$7" ]]||__mv=;__mo 'A' "$4";;`,
    `-p)__md 'D' "$__mi[1];$1;$2$__mf";$__mx return "$1";;`,
    "-q);;",
    `*)__mk "$__mi[3]";__mb;$__mx return "$__mi[3]";esac;} always { [[ $3 = -[al] ]]||__mW;};}`,
  ];
}

function shFrame(format: string, label: string, key: string, ksh: boolean): string[] {
  const has = (program: string) => `(PATH=/dev/null;\\command ${program} x) >/dev/null 2>&1`;
  // A function of the user's may stand for `command`: then the bare name is called.
  // Once it is known to, it is not called again: it may print.
  const prints = (how: string, otherwise = "") =>
    `__mw(){ case $__mc in k)\\command ${how};;*)${otherwise}\\${how};esac;}`;
  const raw = `"$__mE]7717;${label};$1;${key};$2$__mB"`;
  const read =
    '__ml(){ __mv=;while __mc=;case $__md in \'\')IFS= \\command read -r ${__mt:+"$__mt"} __mc;;*)IFS= \\read -r ${__mt:+"$__mt"} __mc;esac;do case $__mc in';
  const back = '\\return "$__ms"';
  // A stopped job has no status of its own there: is there any job?
  const jobs = ksh
    ? "__mx=;case $#$__md in 7)if \\command kill -0 %+ 2>/dev/null;then __mx=j${!-};fi;esac;"
    : "__mx=;";
  return [
    `__mi=0;__mj=0;__ms=0;__mv=;__mc=;__md=;__mu=;__mE=$(\\printf '\\033');__mB=$(\\printf '\\007')`,
    `if ${has("printf")};then ${prints(`printf ${format} "$@"`, `case $(\\printf k) in k);;*)/usr/bin/printf ${format} "$@";return;esac;`)}`,
    `elif ${has("print")};then ${prints(`print -nr -- ${raw}`, `case $(\\print k) in k);;*)/usr/bin/printf ${format} "$@";return;esac;`)}`,
    `else ${prints(`echo -n ${raw}`)};fi`,
    // `[` can be no function's name here. Where output goes elsewhere, a shell of its own prints: what a function named
    // `command` prints would be in the file, and where no descriptor is free, ash would end and dash lose its output.
    '__mo(){ if \\[ -t 1 ];then __mf "$@";else (__mg "$@");fi;}',
    // An eval would be shown by `set -v`.
    '__mf(){ __mc=x;case $__md in "")\\command unset __mc;esac;__mc=${__mc-k};__mw "$@";}',
    '__mg(){ \\unset -f command printf print echo 2>/dev/null||:;__md=;{ __mf "$@" >/dev/tty;} 2>/dev/null||__mf "$@" >&0;}',
    // A variable proves nothing: where it names another place than the shell's own, the kernel's answer counts.
    // posh has no `-ef`.
    'if (\\[ / -ef / ]) 2>/dev/null;then __mN(){ \\[ . -ef "$__mx" ]; };else __mN(){ \\[ "$(\\cd -P -- "$__mx"&&\\command pwd -P)" = "$(\\command pwd -P)" ]; };fi',
    '__me(){ __mx=${PWD-};case $__mx in /*)__mN;;*)\\[ ];esac||{ __mx=$(\\command pwd -P 2>/dev/null);__mN||__mx=;};case $__mx in *[[:cntrl:]]*)__mx=;esac;__mo "$1" "$2;$__mx";}',
    "__mt=;if (\\command read -r -t1 __mc <<__m\nk\n__m\n) 2>/dev/null;then __mt=-t20;fi",
    `case $'\\101' in A)__ma=1;${read} ''|'#.'|[!#]*|'#'*${STRANGE}*)break;;*)\\eval "__mv=\\$__mv\\$'\${__mc#?}'";esac;done;};;`,
    // dash, posh and yash have no `$'…'`: what they are sent is quoted as it is, a line feed by this variable.
    `*)__ma=0;__mn='\n';${read} '#+'*)__mv=$__mv\${__mc#??};;'#-'*)__mv=$__mv\${__mc#??}$__mn;;` +
      `'#*'*)__mc=$(\\command printf "\${__mc#??}x");__mv=$__mv\${__mc%x};;*)break;esac;done;};esac`,
    // Under `set -a` whatever is assigned is exported: it is off while our function runs.
    '__m(){ \\set -- "$?" "$-" "$@";case $2 in *a*)\\set +a;esac;case $3 in',
    `-a)__mi=$4;__mj=0;__ms=$5;case $# in 6)__mu=$6;esac;__mo A "$4";;`,
    `-b)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};fi;__mi=$4;__mj=1;__ms=\${5:-$__ms};__mv=;case $2:$__ms in *a*:0)__mo C "$4";\\unset __mh;\\set -a;;*a*)__mo C "$4";\\unset __mh;\\set -a;${back};;*:0)__mo C "$4";;*)__mo C "$4";${back};esac;;`,
    `-e)__mj=2;__ms=$6;case $# in 7)__mu=$7;esac;${jobs}__me D "$4;$__ms;$2$__mx";;`,
    `-x)case $__mi:$__mj in "$4:2");;"$4:1")__ms=$5;__me N "$4;$5;1";;*)__ms=$5;__me N "$4;$5;0";esac;;`,
    // Where IFS is readonly the line ends here, before any more of it is asked for.
    `-l)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};elif (\\command eval exit 0;\\exit 1) >/dev/null 2>&1;then __md=;fi;__mi=$4;__mj=0;__ms=$5;case $# in 8)__mu=$8;esac;case \${IFS+x} in x)IFS=$IFS;;*)IFS=;\\unset IFS;esac;__mo K "$4";if \\[ -t 0 ];then __ml;else __ml </dev/tty;fi;case \${#__mv} in "$6"|"$7");;*)__mv=;esac;__mo A "$4";;`,
    `-p)__me D "$__mi;$1;$2";case $2 in *a*)\\set -a;esac;\\return "$1";;`,
    `-s)__mk "$__ms";__mb;case $2 in *a*)\\set -a;esac;${back};esac;case $2 in *a*)\\set -a;esac;}`,
  ];
}

/** A quoted word in fish holds no escapes; here every word that matters is one of ours or in quotes. */
function fishFrame(format: string): string[] {
  const printf = `builtin printf ${format} $argv`;
  return [
    `set -g __mi 0 0 0; set -g __mz ${format}`,
    `function __mo; if builtin test -t 1; ${printf}; else; begin; ${printf} >/dev/tty; end 2>/dev/null; or ${printf} >&0; end; end`,
    // fish lets nobody assign PWD, but a directory is renamed and removed under it.
    'function __md; set -g __mx $PWD; set -l r (builtin realpath . 2>/dev/null); set -l p $PWD; builtin test "$r" = "$p"; or set p (builtin realpath $PWD 2>/dev/null); builtin test "$r" = "$p"; or set -g __mx (builtin string join \\n -- $r)[1]',
    'if builtin string match -qr \'[[:cntrl:]]\' -- "$__mx"; set -g __mx %(builtin string escape --style=url -- "$__mx"); end; __mo $argv[1] "$argv[2];$__mx"; end',
    "function __m; set -l s $status; switch $argv[1]",
    "case -a; set -g __mi $argv[2] 0 $argv[3]; __mo A $argv[2]",
    "case -b; set -g __mi[2] 1; __mo C $argv[2]; return $__mi[3]",
    // A stopped job has no status of its own: is there any job?
    'case -e; set -g __mi[2] 2; set -g __mi[3] $s; set -l j; builtin jobs -q; and set j "j$last_pid"; __md D "$argv[2];$s;$j"',
    'case -x; if builtin test "$__mi[1]:$__mi[2]" != $argv[2]:2; set -g __mi[3] $argv[3]; __md N "$argv[2];$argv[3];$__mi[2]"; end; return 0',
    // `read` of fish is a line editor: a long command takes stty and head, if they are there.
    "case -l; set -g __mi $argv[2] 0 $argv[3]; set -g __mv; if command -sq stty; and command -sq head",
    "set -l t (command stty -g </dev/tty); command stty raw -echo min 0 time 200 </dev/tty; __mo K $argv[2]",
    "set -g __mv (command head -c $argv[4] </dev/tty | string collect -N); command stty $t </dev/tty",
    'builtin test (string length -- "$__mv") = $argv[5]; or set -g __mv; end; __mo A $argv[2]',
    'case -p; __md D "$__mi[1];$s;"; return $s',
    "case -s; __mk $__mi[3]; return $__mi[3]",
    "end; end",
  ];
}
