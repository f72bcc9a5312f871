import { describe, expect, it } from "vitest";
import {
  bootstrapLine,
  familyOf,
  HOOK_BYTES,
  hasPromptVariable,
  hookCode,
  PING_LINE,
  shellName,
  UNHOOK_LINE,
} from "../../../src/shell/posix/hooks.ts";
import type { ShellFamily } from "../../../src/shell/record/shell-level.ts";

const KEY = "89abcdef";
const LABEL = "0123456789abL1";
/** The longest label there can be: a mark's level has at most three digits. */
const LONGEST_LABEL = "0123456789abL999";
const FAMILIES: readonly ShellFamily[] = ["bash", "zsh", "ksh", "sh", "restricted", "fish"];
/** Nothing that completes, expands, beeps or asks in any line editor. */
const TYPEABLE = /^ [ -~]*\r$/;

describe("the bootstrap line", () => {
  it("is these bytes", () => {
    expect(bootstrapLine(LABEL)).toBe(
      " \\stty cbreak -echo min 0 time 50;" +
        `eval 'printf "\\33]7717;${LABEL};I;%s\\7" "\${BASH_VERSION-}/\${ZSH_VERSION-}/\${KSH_VERSION-}/$0"' 2>/dev/null` +
        `||printf "\\33]7717;${LABEL};I;fish$FISH_VERSION\\7";` +
        'eval "$(\\head -c3584)";\\stty icanon echo min 1\r',
    );
  });

  it("fits the 256 bytes of a small line editor, at any level", () => {
    expect(Buffer.byteLength(bootstrapLine(LONGEST_LABEL))).toBeLessThanOrEqual(255);
  });

  it("is one line of printable ASCII behind a blank, so that history leaves it out and no editor reacts to it", () => {
    expect(bootstrapLine(LABEL)).toMatch(TYPEABLE);
  });
});

describe("the hook code", () => {
  it("of bash is these bytes", () => {
    expect(hookCode("bash", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "{
      __mi=(0 0 0 '' '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' 0 k '' '');__mv=()
      __mw(){ __mi[3]=;if [[ \${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ \${__mi[3]} ]];then \\builtin printf "\${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k >/dev/null 2>&1;[[ \${__mi[3]} ]];then \\printf "\${__mi[4]}" "$@";else /usr/bin/printf "\${__mi[4]}" "$@";fi;}
      __mo(){ if [[ -t 1 ]];then __mw "$@";else { __mw "$@" >/dev/tty;} 2>/dev/null||__mw "$@" >&0;fi;}
      __ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}
      __m(){ __mi[5]=$?;case $1 in
      -b)if [[ \${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=\${3:-\${__mi[2]}};__mi[8]=\${4-};__mv=;case \${__mi[6]}\${__mi[2]}\${4-} in 0|k0)__mo C "$2";;k*T)__mo C "$2";\\builtin set -T;\\builtin return "\${__mi[2]}";;k*)__mo C "$2";\\builtin return "\${__mi[2]}";;*T)__mo C "$2";\\set -T;\\return "\${__mi[2]}";;*)__mo C "$2";\\return "\${__mi[2]}";esac;;
      -e)__mi[1]=2;if [[ \${4-} ]];then __mi[2]=\${__mi[7]%%[!0-9]*};__mi[8]=\${__mi[7]#"\${__mi[2]}"};else __mi[2]=\${__mi[5]};__mi[8]=$-;fi;if [[ \${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;[[ \${__mi[6]} ]]||__mi[8]+=!;__mo D "$2;\${__mi[2]};\${__mi[8]};$PWD";;
      -x)case \${__mi[0]}:\${__mi[1]} in "$2:2");;"$2:1")__mi[2]=$3;__mo N "$2;$3;1;$PWD";;*)__mi[2]=$3;__mo N "$2;$3;0;$PWD";esac;;
      -l)__mi[2]=$3;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;
      -p)__mo D "\${__mi[0]};\${__mi[5]};$-;$PWD";\\builtin return "\${__mi[5]}";\\return "\${__mi[5]}";;
      *)__mk "\${__mi[2]}";__mb;\\builtin return "\${__mi[2]}";\\return "\${__mi[2]}";esac;}
      __mk(){ case $1 in 129|13[1-9]|1[45]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __ms(){ __mi[6]=$?;\\builtin return "\${__mi[6]}"; }
      __mp(){ __mk "\${__mi[6]-0}";__mb;__mr&&__mo Q "\${__mi[0]};\${__mi[6]-0};$PWD"||__mq;[[ \${__mi[8]-} != *T* ]]||\\builtin set -T; }
      __mq(){ __mo P "\${__mi[0]};\${__mi[6]-0};$PWD"; }
      __mr(){ case \${PS1-} in *'\${__mi+$(__mq)}');;*'$('*|*\\\`*)\\builtin shopt -q promptvars&&(PS1=)2>/dev/null&&PS1+='\${__mi+$(__mq)}';;*)\\builtin return 1;esac;}
      __mt(){ \\builtin local PROMPT_COMMAND 2>/dev/null; }
      __mb(){ case "\${PROMPT_COMMAND[*]-}" in '\${__mi+"__ms"}&&:'*'\${__mi+"__mp"}')\\builtin return;;esac
      __mt||\\builtin return 0;\\builtin local i;for i in "\${!PROMPT_COMMAND[@]}";do
      PROMPT_COMMAND[i]=\${PROMPT_COMMAND[i]//'\${__mi+"__ms"}&&:'$'\\n'};PROMPT_COMMAND[i]=\${PROMPT_COMMAND[i]//$'\\n''\${__mi+"__mp"}'};case \${PROMPT_COMMAND[i]} in '\${__mi+"__mp"}')\\builtin unset "PROMPT_COMMAND[$i]";;esac;done
      PROMPT_COMMAND[0]='\${__mi+"__ms"}&&:'$'\\n'\${PROMPT_COMMAND[0]-}
      if ((1<\${#PROMPT_COMMAND[@]}));then PROMPT_COMMAND+=('\${__mi+"__mp"}');else PROMPT_COMMAND+=$'\\n''\${__mi+"__mp"}';fi;}
      (HISTCONTROL=)2>/dev/null&&HISTCONTROL=ignorespace:\${HISTCONTROL-}
      __mh(){ case "$*" in *0123456789abL1*) builtin history -d \${1%\\*}||:;; esac; }
      __mh $(builtin history 1) 2>/dev/null;unset -f __mh
      __mb
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$(__mv=$'\\n"([^\\\\\\\\^]|[\\\\\\\\]["\\\\\\\\])[^\\n]*": ([^sm]|s[^e]|se[^l]|m[^a]|ma[^g])';[[ $'\\n'"$(\\builtin bind -p;\\builtin bind -s;\\builtin bind -X)" =~ $__mv ]] 2>/dev/null&&\\builtin echo 2||\\builtin echo 1)" "" ""
      }"
    `);
  });

  it("of zsh differs from bash's in these lines", () => {
    const bash = hookCode("bash", LABEL, KEY, false).split("\n");
    const zsh = hookCode("zsh", LABEL, KEY, false).split("\n");
    const own = zsh.filter((line) => line !== "" && !bash.includes(line));
    expect(own.join("\n")).toMatchInlineSnapshot(`
      "\\builtin typeset -ga __mi __mx __mz;__mz=('\\033]7717;0123456789abL1;%s;89abcdef;%s\\007');__mi=(0 0 0);__mx=();__mv=;__mr=;__mf=;__mc=
      __mo(){ if [[ -t 1 ]];then $__mx printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";else { $__mx printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@" >/dev/tty;} 2>/dev/null||$__mx printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@" >&0;fi;}
      __ml(){ __mv=;while IFS= $__mx read -r -t 20 __mc;do case $__mc in '#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)$__mx break;;*)$__mx eval "__mv+=\\$'\${__mc#?}'";esac;done;}
      __mw(){ __mr=$?;__mx=(builtin);__mf=;if ((\${+functions[builtin]}));then __mx=();__mf='!';fi;}
      __m(){ __mw;"\${__mx[@]}" set -- "$__mr" "$-" "$@";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;case $3 in
      -a)__mi=("$4" 0 "$5");__mo 'A' "$4";;
      -b)__mi[2]=1;__mv=;__mo 'C' "$4";$__mx return "$__mi[3]";;
      -e)__mi[2]=2;__mi[3]=$1;__mo 'D' "$4;$1;$2$__mf;$PWD";;
      -x)case $__mi[1]:$__mi[2] in "$4:2");;*)__mi[3]=$5;__mo 'N' "$4;$5;$__mi[2];$PWD";esac;;
      -l)__mi=("$4" 0 "$5");__mo 'K' "$4";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$6" || \${#__mv} = "$7" ]]||__mv=;__mo 'A' "$4";;
      -p)__mo 'D' "$__mi[1];$1;$2$__mf;$PWD";$__mx return "$1";;
      *)__mk "$__mi[3]";__mb;$__mx return "$__mi[3]";esac;}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __mp(){ __mw;"\${__mx[@]}" set -- "$__mr";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;__mk "$1";__my="$__mi[1];$1;$PWD";__mb;__mg=;if [[ -o zle ]]&&__mu;then __mo 'Q' "$__my";else __mo 'P' "$__my";__my=;fi; }
      __mb(){ [[ "\${precmd_functions[-1]-}" = __mp ]]||precmd_functions=("\${(@)precmd_functions:#__mp}" __mp); }
      __mu(){ [[ "\${widgets[zle-line-init]-}" = user:__mt ]]||{ $__mx zle -A zle-line-init __mv-before 2>/dev/null;$__mx zle -N zle-line-init __mt;} 2>/dev/null; }
      __mt(){ __mw;[[ -n "$__mg" ]]&&"\${__mx[@]}" return 0;__mg=1;[[ -n "\${widgets[__mv-before]-}" ]]&&"\${__mx[@]}" zle __mv-before -- "$@";__mg=;[[ "$CONTEXT" = start ]]&&__ms;"\${__mx[@]}" return 0; }
      __ms(){ "\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;[[ -n "$__my" ]]&&__mo 'P' "$__my";__my=; }
      setopt HIST_IGNORE_SPACE;: "\${HISTORY_IGNORE:=*0123456789abL1*}";__my=;__mb
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$(__mv=$'\\n"([^\\\\\\\\^]|[\\\\\\\\]["\\\\\\\\])[^\\n]*" ([^sm]|s[^e]|se[^l]|m[^a]|ma[^g])';[[ $'\\n'"$(\\builtin bindkey)" =~ $__mv ]] 2>/dev/null&&\\builtin echo 2||\\builtin echo 1)" "" """
    `);
  });

  it("of other Bourne shells is these bytes, ksh's the same", () => {
    expect(hookCode("sh", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "{
      __mi=0;__mj=0;__ms=0;__mv=;__mc=;__md=;__mE=$(\\printf '\\033');__mB=$(\\printf '\\007')
      if (PATH=/dev/null;\\command printf x) >/dev/null 2>&1;then __mw(){ case $__mc in k)\\command printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";;*)case $(\\printf k) in k);;*)/usr/bin/printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";return;esac;\\printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";esac;}
      elif (PATH=/dev/null;\\command print x) >/dev/null 2>&1;then __mw(){ case $__mc in k)\\command print -nr -- "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";;*)case $(\\print k) in k);;*)/usr/bin/printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";return;esac;\\print -nr -- "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";esac;}
      else __mw(){ case $__mc in k)\\command echo -n "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";;*)\\echo -n "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";esac;};fi
      __mo(){ if \\[ -t 1 ];then __mf "$@";else (__mg "$@");fi;}
      __mf(){ __mc=x;case $__md in "")\\command unset __mc;esac;__mc=\${__mc-k};__mw "$@";}
      __mg(){ \\unset -f command printf print echo 2>/dev/null||:;__md=;{ __mf "$@" >/dev/tty;} 2>/dev/null||__mf "$@" >&0;}
      (\\command read -r -t1 __mc </dev/null) 2>/dev/null;case $? in [01])__mt=-t20;;*)__mt=;esac
      case $'\\101' in A)__ma=1;__ml(){ __mv=;while __mc=;case $__md in '')IFS= \\command read -r \${__mt:+"$__mt"} __mc;;*)IFS= \\read -r \${__mt:+"$__mt"} __mc;esac;do case $__mc in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\eval "__mv=\\$__mv\\$'\${__mc#?}'";esac;done;};;
      *)__ma=0;__mn='
      ';__ml(){ __mv=;while __mc=;case $__md in '')IFS= \\command read -r \${__mt:+"$__mt"} __mc;;*)IFS= \\read -r \${__mt:+"$__mt"} __mc;esac;do case $__mc in '#+'*)__mv=$__mv\${__mc#??};;'#-'*)__mv=$__mv\${__mc#??}$__mn;;'#*'*)__mc=$(\\command printf "\${__mc#??}x");__mv=$__mv\${__mc%x};;*)break;esac;done;};esac
      __m(){ __mk=$?;case $1 in
      -a)__mi=$2;__mj=0;__ms=$3;__mo A "$2";;
      -b)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};fi;__mi=$2;__mj=1;__ms=\${3:-$__ms};__mv=;case $__ms in 0)__mo C "$2";;*)__mo C "$2";\\return "$__ms";esac;;
      -e)__mj=2;__ms=$4;__mo D "$2;$__ms;$-;$PWD";;
      -x)case $__mi:$__mj in "$2:2");;"$2:1")__ms=$3;__mo N "$2;$3;1;$PWD";;*)__ms=$3;__mo N "$2;$3;0;$PWD";esac;;
      -l)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};elif (\\command eval exit 0;\\exit 1) >/dev/null 2>&1;then __md=;fi;__mi=$2;__mj=0;__ms=$3;__mo K "$2";if \\[ -t 0 ];then __ml;else __ml </dev/tty;fi;case \${#__mv} in "$4"|"$5");;*)__mv=;esac;__mo A "$2";;
      -p)__mo D "$__mi;$__mk;$-;$PWD";\\return "$__mk";;
      *)__mk "$__ms";__mb;\\return "$__ms";esac;}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __mp(){ __mk "$__mh";__mg P "$__mi;$__mh;$PWD"; }
      __mb(){ case $__mr\${PS1-} in y*'$(__mp 2>/dev/null)')return;;y*)(PS1=)2>/dev/null&&{ __mq=\${PS1-};PS1='\${__mz#[z$((__mh=$?))]}'"\${PS1-}"'$(__mp 2>/dev/null)';};;esac; }
      __mz=z;__mh=0;__mr=y;__mb
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$__ma" "" ""
      }"
    `);
    // Only what statuses the terminal's modes are put back behind is its own.
    const ksh = hookCode("ksh", LABEL, KEY, false).trimEnd();
    expect(ksh.replace("129|13[1-9]|1[45]?|257|259|2[678]?)", "129|1[345]?)")).toBe(
      hookCode("sh", LABEL, KEY, false).trimEnd(),
    );
  });

  it("of a restricted shell opens no file for writing", () => {
    const code = hookCode("restricted", LABEL, KEY, false);
    expect(code.trimEnd()).toMatchInlineSnapshot(`
      "{
      __mi=(0 0 0 '' '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' 0 k '' '');__mv=()
      __mw(){ __mi[3]=;if [[ \${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ \${__mi[3]} ]];then \\builtin printf "\${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k;[[ \${__mi[3]} ]];then \\printf "\${__mi[4]}" "$@";else /usr/bin/printf "\${__mi[4]}" "$@";fi;}
      __mo(){ if [[ -t 1 ]];then __mw "$@";else __mw "$@" >&2;fi;}
      __ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}
      __m(){ __mi[5]=$?;case $1 in
      -b)if [[ \${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=\${3:-\${__mi[2]}};__mi[8]=\${4-};__mv=;case \${__mi[6]}\${__mi[2]}\${4-} in 0|k0)__mo C "$2";;k*T)__mo C "$2";\\builtin set -T;\\builtin return "\${__mi[2]}";;k*)__mo C "$2";\\builtin return "\${__mi[2]}";;*T)__mo C "$2";\\set -T;\\return "\${__mi[2]}";;*)__mo C "$2";\\return "\${__mi[2]}";esac;;
      -e)__mi[1]=2;if [[ \${4-} ]];then __mi[2]=\${__mi[7]%%[!0-9]*};__mi[8]=\${__mi[7]#"\${__mi[2]}"};else __mi[2]=\${__mi[5]};__mi[8]=$-;fi;if [[ \${__mi[6]} ]];then __mi[6]=;\\builtin printf -v "__mi[6]" k;fi;[[ \${__mi[6]} ]]||__mi[8]+=!;__mo D "$2;\${__mi[2]};\${__mi[8]};$PWD";;
      -x)case \${__mi[0]}:\${__mi[1]} in "$2:2");;"$2:1")__mi[2]=$3;__mo N "$2;$3;1;$PWD";;*)__mi[2]=$3;__mo N "$2;$3;0;$PWD";esac;;
      -l)__mi[2]=$3;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;
      -p)__mo D "\${__mi[0]};\${__mi[5]};$-;$PWD";\\builtin return "\${__mi[5]}";\\return "\${__mi[5]}";;
      *)__mk "\${__mi[2]}";__mb;\\builtin return "\${__mi[2]}";\\return "\${__mi[2]}";esac;}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty);; esac; }
      __mb(){ :; };__mp(){ __mi[5]=$?;__mk "\${__mi[5]}";__mo P "\${__mi[0]};\${__mi[5]};$PWD"; }
      __mq=\${PS1-};PS1="\${PS1-}"'$(__mp)'
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" 1 "" ""
      }"
    `);
    expect(code).not.toMatch(/>\s*\/dev/);
  });

  it("of fish is these bytes", () => {
    expect(hookCode("fish", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "begin
      set -g __mi 0 0 0; set -g __mz '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007'
      function __mo; if builtin test -t 1; builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv; else; begin; builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv >/dev/tty; end 2>/dev/null; or builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv >&0; end; end
      function __m; set -l s $status; switch $argv[1]
      case -a; set -g __mi $argv[2] 0 $argv[3]; __mo A $argv[2]
      case -b; set -g __mi[2] 1; __mo C $argv[2]; return $__mi[3]
      case -e; set -g __mi[2] 2; set -g __mi[3] $s; __mo D "$argv[2];$s;;$PWD"
      case -x; if builtin test "$__mi[1]:$__mi[2]" != $argv[2]:2; set -g __mi[3] $argv[3]; __mo N "$argv[2];$argv[3];$__mi[2];$PWD"; end; return 0
      case -l; set -g __mi $argv[2] 0 $argv[3]; set -g __mv; if command -sq stty; and command -sq head
      set -l t (command stty -g </dev/tty); command stty raw -echo min 0 time 200 </dev/tty; __mo K $argv[2]
      set -g __mv (command head -c $argv[4] </dev/tty | string collect -N); command stty $t </dev/tty
      builtin test (string length -- "$__mv") = $argv[5]; or set -g __mv; end; __mo A $argv[2]
      case -p; __mo D "$__mi[1];$s;;$PWD"; return $s
      case -s; __mk $__mi[3]; return $__mi[3]
      end; end
      function __mk; if builtin test $argv[1] -gt 128 -a $argv[1] -lt 160; command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1; end; end
      function __mp --on-event fish_prompt; set -l s $status; __mk $s; __mo P "$__mi[1];$s;$PWD"; return $s; end
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $fish_pid (tty) (if builtin count (abbr -l) >/dev/null; or builtin string match -qr -- '^bind (-\\S+ \\w+ )*[^\\\\\\\\-]' (builtin bind --user); builtin echo 2; else; builtin echo 1; end) "" ""
      end"
    `);
  });

  it("names user and host where requested", () => {
    expect(hookCode("restricted", LABEL, KEY, true)).toContain(
      `R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" 1 "$(id -un)" "$(uname -n)"`,
    );
    expect(hookCode("fish", LABEL, KEY, true)).toContain("(id -un) (uname -n)");
  });

  for (const family of FAMILIES) {
    it(`of ${family} has exactly the bytes the raw read accepts, printable ASCII but for line feeds`, () => {
      for (const describe of [true, false]) {
        const code = hookCode(family, LONGEST_LABEL, KEY, describe);
        expect(Buffer.byteLength(code)).toBe(HOOK_BYTES);
        expect(code).toMatch(/^[ -~\n]*\n$/);
      }
    });

    it(`of ${family} keeps a blank before each \`2>\` behind a brace, which is one word to a shell otherwise`, () => {
      expect(hookCode(family, LABEL, KEY, true)).not.toMatch(/\}\d?>/);
    });
  }
});

describe("the shell that answered", () => {
  it.each<[string, ShellFamily, string]>([
    ["5.2.15(1)-release///-bash", "bash", "bash 5.2.15"],
    ["/5.9//-zsh", "zsh", "zsh 5.9"],
    ["//Version AJM 93u+m/1.0.4 2022-10-22/-ksh93", "ksh", "ksh93"],
    ["//@(#)MIRBSD KSH R59 2020/10/31 +Debian/-mksh", "ksh", "mksh"],
    ["//@(#)MIRBSD KSH R59/-sh", "ksh", "ksh (sh)"],
    ["///-dash", "sh", "dash"],
    ["///ash", "sh", "ash"],
    ["////bin/sh", "sh", "sh"],
    ["///", "sh", "sh"],
    ["fish3.6.0", "fish", "fish 3.6.0"],
    ["fish", "restricted", "restricted shell"],
  ])("%s is %s, shown as %s", (identity, family, name) => {
    expect(familyOf(identity)).toBe(family);
    expect(shellName(identity)).toBe(name);
  });

  it("carries its prompt hook in PS1 unless it has a better place", () => {
    expect(FAMILIES.filter(hasPromptVariable)).toEqual(["ksh", "sh", "restricted"]);
  });
});

describe("the lines that ask for an end mark", () => {
  it("are these bytes", () => {
    expect(PING_LINE).toBe(" __m -p\r");
    expect(UNHOOK_LINE).toBe(' [ "$PS1" = "$__mq" ]||PS1=$__mq;__mr=;__m -p\r');
  });
});
