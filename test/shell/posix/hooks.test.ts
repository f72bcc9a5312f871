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
        "eval '__=${BASH_VERSION-}$-/${ZSH_VERSION-}/${KSH_VERSION-}/$0'||set __ $FISH_VERSION;" +
        `printf "\\33]7717;${LABEL};I;$__\\7";` +
        'eval \'__="$(\\head -c4736)";eval "${__##*J}";:\'||head -c4736|source;\\stty icanon echo min 1\r',
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
      "J{
      \\unset __
      __m0(){
      __mi=(0 0 0 '' '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' 0 k '' '' '' '' '' 0 '\${__mi+"__ms"}&&((1))' '\${__mi+"__mp"}');__mv=()
      __mw(){ __mi[3]=;if [[ \${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ \${__mi[3]} ]];then \\builtin printf "\${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k >/dev/null 2>&1;[[ \${__mi[3]} ]];then \\printf "\${__mi[4]}" "$@";else /usr/bin/printf "\${__mi[4]}" "$@";fi;}
      __mo(){ if [[ -t 1 ]];then __mw "$@";else { __mw "$@" >/dev/tty;} 2>/dev/null||__mw "$@" >&0;fi;}
      __md(){ __mi[10]=\${PWD-};if ! [[ \${__mi[10]} = /* && . -ef \${__mi[10]} ]];then __mi[10]=$(\\builtin pwd -P 2>/dev/null;((1)) );[[ . -ef \${__mi[10]} ]]||__mi[10]=;fi;if [[ \${__mi[10]} = *[[:cntrl:]]* ]];then \\builtin printf -v "__mi[10]" %q "\${__mi[10]}"||((1));[[ \${__mi[10]} != *[[:cntrl:]]* ]]||__mi[10]=;fi;__mo "$1" "$2;\${__mi[10]}";}
      __ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}
      __mj(){ __mi[6]=;\\builtin printf -v "__mi[6]" k||((1)); }
      __mn(){ [[ ! \${__mi[6]} ]]||\\builtin return 0 2>/dev/null;\\return 0 2>/dev/null;__mi[11]=r; }
      __mc(){ __mi[6]=k;__mj 2>/dev/null;__mi[11]=;__mn;__mi[3]=;{ [[ \${__mi[6]} ]]&&\\builtin eval '__mi[3]=e'||\\eval '__mi[3]=e';} 2>/dev/null;[[ \${__mi[3]} ]]||__mi[8]+=%; }
      __m(){ __mi[5]=$?;case $1 in
      -b)if [[ \${__mi[6]} ]];then __mj;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=\${3:-\${__mi[2]}};__mi[8]=\${4-};__mv=;case \${__mi[6]}\${4-} in k*%*)\\builtin enable -n eval;;*%*)\\enable -n eval;esac;case \${__mi[11]}\${__mi[6]}\${__mi[2]}\${4-} in 0|k0)__mo C "$2";;k*T*)__mo C "$2";\\builtin set -T;\\builtin return "\${__mi[2]}";;k*)__mo C "$2";\\builtin return "\${__mi[2]}";;r*)__mo C "$2";(\\exit "\${__mi[2]}");;*T*)__mo C "$2";\\set -T;\\return "\${__mi[2]}";;*)__mo C "$2";\\return "\${__mi[2]}";esac;;
      -e)__mi[1]=2;[[ $# = 3 ]]||__mi[9]=$4;case \${5-} in *T*)__mi[2]=\${__mi[7]%%[!0-9]*};__mi[8]=\${__mi[7]#"\${__mi[2]}"};;*)__mi[2]=\${__mi[5]};__mi[8]=$-;esac;case \${5-} in *E*)__mc;;*)[[ ! \${__mi[6]} ]]||__mj;esac;[[ \${__mi[6]} ]]||__mi[8]+=!;__md D "$2;\${__mi[2]};\${__mi[8]}";;
      -x)case \${__mi[0]}:\${__mi[1]} in "$2:2");;"$2:"*)__mi[2]=$3;__md N "$2;$3;\${__mi[1]}";;*)__mi[2]=$3;__md N "$2;$3;0";esac;;
      -l)__mi[2]=$3;[[ $# = 5 ]]||__mi[9]=$6;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;
      -p)__md D "\${__mi[0]};\${__mi[5]};$-";if [[ \${__mi[11]} ]];then (\\exit "\${__mi[5]}");else [[ ! \${__mi[6]} ]]||\\builtin return "\${__mi[5]}";\\return "\${__mi[5]}";fi;;
      -q);;
      *)__mk "\${__mi[2]}";__mb;if [[ \${__mi[11]} ]];then (\\exit "\${__mi[2]}");else [[ ! \${__mi[6]} ]]||\\builtin return "\${__mi[2]}";\\return "\${__mi[2]}";fi;esac;}
      __mk(){ case $1 in 129|13[1-9]|1[45]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __ms(){ __mi[12]=$?;if [[ \${__mi[11]} ]];then (\\exit "\${__mi[12]}");else [[ ! \${__mi[6]} ]]||\\builtin return "\${__mi[12]}";\\return "\${__mi[12]}";fi;}
      __mp(){ __mk "\${__mi[12]}";__mb;if __mr;then __md Q "\${__mi[0]};\${__mi[12]}";else __mq;fi;[[ \${__mi[8]-} != *T* ]]||\\builtin set -T; }
      __mq(){ __md P "\${__mi[0]};\${__mi[12]}"; }
      __mr(){ case \${PS1-} in *'\${__mi+$(__mq)}');;*'$('*|*\\\`*)\\builtin shopt -q promptvars 2>/dev/null&&(PS1=)2>/dev/null&&PS1+='\${__mi+$(__mq)}';;*)[[ ! 1 ]];esac;}
      __mt(){ \\builtin local PROMPT_COMMAND 2>/dev/null; }
      __mH(){ \\builtin local HISTCONTROL 2>/dev/null; }
      __mb(){ case \${HISTCONTROL-} in *ignorespace*|*ignoreboth*);;*)if __mH;then HISTCONTROL=ignorespace:\${HISTCONTROL-};fi;esac;case "\${PROMPT_COMMAND[*]-}" in "\${__mi[13]}"*"\${__mi[14]}");;*)if __mt;then __mu;fi;esac;}
      __mu(){ \\builtin local i;for i in "\${!PROMPT_COMMAND[@]}";do
      PROMPT_COMMAND[i]=\${PROMPT_COMMAND[i]//"\${__mi[13]}"$'\\n'};PROMPT_COMMAND[i]=\${PROMPT_COMMAND[i]//$'\\n'"\${__mi[14]}"};case \${PROMPT_COMMAND[i]} in "\${__mi[14]}")\\builtin unset "PROMPT_COMMAND[$i]";;esac;done
      PROMPT_COMMAND[0]=\${__mi[13]}$'\\n'\${PROMPT_COMMAND[0]-}
      if ((1<\${#PROMPT_COMMAND[@]}));then PROMPT_COMMAND+=("\${__mi[14]}");else PROMPT_COMMAND+=$'\\n'\${__mi[14]};fi;}
      case $- in *T*)\\builtin set +T;__mi[8]=T;esac
      [[ $(builtin history 1 2>/dev/null) =~ ([0-9]+).*0123456789abL1 ]]&&builtin history -d "\${BASH_REMATCH[1]}"||:
      __mb
      }
      case $- in *a*)\\set +a;__m0;\\set -a;;*)__m0;;esac;\\unset -f __m0
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$(__mv=$'\\n"([^\\\\\\\\^]|[\\\\\\\\]["\\\\\\\\])[^\\n]*": ([^sm]|s[^e]|se[^l]|m[^a]|ma[^g])';[[ $'\\n'"$(\\builtin bind -p;\\builtin bind -s;\\builtin bind -X)" =~ $__mv ]] 2>/dev/null&&\\builtin echo 2||\\builtin echo 1)""\${__mi[8]}" "" ""
      }"
    `);
  });

  it("of zsh differs from bash's in these lines", () => {
    const bash = hookCode("bash", LABEL, KEY, false).split("\n");
    const zsh = hookCode("zsh", LABEL, KEY, false).split("\n");
    const own = zsh.filter((line) => line !== "" && !bash.includes(line));
    expect(own.join("\n")).toMatchInlineSnapshot(`
      "\\builtin typeset -ga __mi __mx __mO __mz __mr __mf __mg __mu __mN __mD __my
      () { \\builtin emulate -L zsh;__mz=('\\033]7717;0123456789abL1;%s;89abcdef;%s\\007');__mi=(0 0 0 '');__mx=();__mu=('' '');__mN=(printf return set emulate setopt eval builtin zle read break pwd);__mD=();__mv=;__mc=;__my=(); }
      __mo(){ if [[ -t 1 ]];then "\${__mO[@]}" printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";else { "\${__mO[@]}" printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@" >/dev/tty;} 2>/dev/null||"\${__mO[@]}" printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@" >&0;fi;}
      __md(){ __mi[4]=\${PWD-};[[ $__mi[4] = /* && . -ef $__mi[4] ]]||__mi[4]="$($__mx pwd -r 2>/dev/null;[[ 1 ]])";[[ . -ef $__mi[4] ]]||__mi[4]=;[[ $__mi[4] != *[[:cntrl:]]* ]]||__mi[4]=\${(qqqq)__mi[4]};__mo "$1" "$2;$__mi[4]";}
      __ml(){ __mv=;while IFS= $__mx read -r -t 20 __mc;do case $__mc in '#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)$__mx break;;*)$__mx eval "__mv+=\\$'\${__mc#?}'";esac;done;}
      __mw(){ __mr=($?);__mx=(builtin);__mf=();if ((\${+functions[builtin]}||!\${+builtins[builtin]}));then __mx=();__mf=('!');fi;__mO=("\${__mx[@]}");((\${#__mx}||!\${+functions[printf]}))||__mO=(command);if [[ -n "\${(k)dis_builtins}" ]];then ((\${+dis_builtins[emulate]}))&&__mD=(emulate);{ "\${__mx[@]}" enable emulate;} 2>/dev/null;__mC;fi;}
      __mC(){ "\${__mx[@]}" emulate -L zsh;__mD+=("\${(@)\${(@k)dis_builtins}:*__mN}");(($#__mD))&&{ "\${__mx[@]}" enable "$__mD[@]";} 2>/dev/null;[[ 1 ]]; }
      __mW(){ if [[ -n "\${__mD-}" ]];then { "\${__mx[@]}" disable "\${__mD[@]}";} 2>/dev/null;__mD=();fi;}
      __m(){ __mw;"\${__mx[@]}" set -- "$__mr" "$-" "$@";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;{ case $3 in
      -a)__mi[1,3]=("$4" 0 "$5");(($#<6))||__mu=("$6" "$6");__mo 'A' "$4";;
      -b)__mi[2]=1;__mv=;__mo 'C' "$4";$__mx return "$__mi[3]";;
      -e)__mi[2]=2;__mi[3]=$1;(($#<6))||__mu=("$6" "$6");__md 'D' "$4;$1;$2$__mf";;
      -x)case $__mi[1]:$__mi[2] in "$4:2");;*)__mi[3]=$5;if [[ $__mi[2] = 0 ]];then __mi[2]=-;$__mx eval '__mi[2]=0' 2>/dev/null;fi;__md 'N' "$4;$5;$__mi[2]";esac;;
      -l)__mi[1,3]=("$4" 0 "$5");(($#<8))||__mu=("$8" "$8");__mo 'K' "$4";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$6" || \${#__mv} = "$7" ]]||__mv=;__mo 'A' "$4";;
      -p)__md 'D' "$__mi[1];$1;$2$__mf";$__mx return "$1";;
      *)__mk "$__mi[3]";__mb;$__mx return "$__mi[3]";esac;} always { [[ $3 = -[al] ]]||__mW;};}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __mp(){ __mw;"\${__mx[@]}" set -- "$__mr";"\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;__mk "$1";__my=("$__mi[1];$1");__mb;__mg=();if [[ -o zle ]]&&__mU;then __md 'Q' "$__my";else __md 'P' "$__my";__my=();fi;__mW; }
      __mb(){ [[ "\${precmd_functions[-1]-}" = __mp ]]||precmd_functions=("\${(@)precmd_functions:#__mp}" __mp); }
      __mU(){ [[ "\${widgets[zle-line-init]-}" = user:__mt ]]||{ $__mx zle -A zle-line-init __mv-before 2>/dev/null;$__mx zle -N zle-line-init __mt;} 2>/dev/null; }
      __mt(){ __mw;if [[ -z "\${__mg[*]-}" ]];then __mg=(1);[[ -n "\${widgets[__mv-before]-}" ]]&&"\${__mx[@]}" zle __mv-before -- "$@";__mg=();[[ "$CONTEXT" = start ]]&&__ms;fi;__mW;[[ 1 ]]; }
      __ms(){ "\${__mx[@]}" emulate -L zsh;$__mx setopt noxtrace;[[ -n "$__my" ]]&&__md 'P' "$__my";__my=(); }
      setopt HIST_IGNORE_SPACE;() { \\builtin emulate -L zsh;: "\${HISTORY_IGNORE:=*0123456789abL1*}";__mb; }
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$(__mv=$'\\n"([^\\\\\\\\^]|[\\\\\\\\]["\\\\\\\\])[^\\n]*" ([^sm]|s[^e]|se[^l]|m[^a]|ma[^g])';[[ $'\\n'"$(\\builtin bindkey)" =~ $__mv ]] 2>/dev/null&&\\builtin echo 2||\\builtin echo 1)" "" """
    `);
  });

  it("of other Bourne shells is these bytes, ksh's the same but for the question about jobs", () => {
    expect(hookCode("sh", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "J{
      \\unset __
      __m0(){
      __mi=0;__mj=0;__ms=0;__mv=;__mc=;__md=;__mu=;__mE=$(\\printf '\\033');__mB=$(\\printf '\\007')
      if (PATH=/dev/null;\\command printf x) >/dev/null 2>&1;then __mw(){ case $__mc in k)\\command printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";;*)case $(\\printf k) in k);;*)/usr/bin/printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";return;esac;\\printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";esac;}
      elif (PATH=/dev/null;\\command print x) >/dev/null 2>&1;then __mw(){ case $__mc in k)\\command print -nr -- "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";;*)case $(\\print k) in k);;*)/usr/bin/printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' "$@";return;esac;\\print -nr -- "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";esac;}
      else __mw(){ case $__mc in k)\\command echo -n "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";;*)\\echo -n "$__mE]7717;0123456789abL1;$1;89abcdef;$2$__mB";esac;};fi
      __mo(){ if \\[ -t 1 ];then __mf "$@";else (__mg "$@");fi;}
      __mf(){ __mc=x;case $__md in "")\\command unset __mc;esac;__mc=\${__mc-k};__mw "$@";}
      __mg(){ \\unset -f command printf print echo 2>/dev/null||:;__md=;{ __mf "$@" >/dev/tty;} 2>/dev/null||__mf "$@" >&0;}
      if (\\[ / -ef / ]) 2>/dev/null;then __mN(){ \\[ . -ef "$__mx" ]; };else __mN(){ \\[ "$(\\cd -P -- "$__mx"&&\\command pwd -P)" = "$(\\command pwd -P)" ]; };fi
      __me(){ __mx=\${PWD-};case $__mx in /*)__mN;;*)\\[ ];esac||{ __mx=$(\\command pwd -P 2>/dev/null);__mN||__mx=;};case $__mx in *[[:cntrl:]]*)__mx=;esac;__mo "$1" "$2;$__mx";}
      __mt=;if (\\command read -r -t1 __mc <<__m
      k
      __m
      ) 2>/dev/null;then __mt=-t20;fi
      case $'\\101' in A)__ma=1;__ml(){ __mv=;while __mc=;case $__md in '')IFS= \\command read -r \${__mt:+"$__mt"} __mc;;*)IFS= \\read -r \${__mt:+"$__mt"} __mc;esac;do case $__mc in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\eval "__mv=\\$__mv\\$'\${__mc#?}'";esac;done;};;
      *)__ma=0;__mn='
      ';__ml(){ __mv=;while __mc=;case $__md in '')IFS= \\command read -r \${__mt:+"$__mt"} __mc;;*)IFS= \\read -r \${__mt:+"$__mt"} __mc;esac;do case $__mc in '#+'*)__mv=$__mv\${__mc#??};;'#-'*)__mv=$__mv\${__mc#??}$__mn;;'#*'*)__mc=$(\\command printf "\${__mc#??}x");__mv=$__mv\${__mc%x};;*)break;esac;done;};esac
      __m(){ \\set -- "$?" "$-" "$@";case $2 in *a*)\\set +a;esac;case $3 in
      -a)__mi=$4;__mj=0;__ms=$5;case $# in 6)__mu=$6;esac;__mo A "$4";;
      -b)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};fi;__mi=$4;__mj=1;__ms=\${5:-$__ms};__mv=;case $2:$__ms in *a*:0)__mo C "$4";\\unset __mh;\\set -a;;*a*)__mo C "$4";\\unset __mh;\\set -a;\\return "$__ms";;*:0)__mo C "$4";;*)__mo C "$4";\\return "$__ms";esac;;
      -e)__mj=2;__ms=$6;case $# in 7)__mu=$7;esac;__mx=;__me D "$4;$__ms;$2$__mx";;
      -x)case $__mi:$__mj in "$4:2");;"$4:1")__ms=$5;__me N "$4;$5;1";;*)__ms=$5;__me N "$4;$5;0";esac;;
      -l)__md=1;if \\[ -t 1 ];then \\command unset __md;__md=\${__md-};elif (\\command eval exit 0;\\exit 1) >/dev/null 2>&1;then __md=;fi;__mi=$4;__mj=0;__ms=$5;case $# in 8)__mu=$8;esac;case \${IFS+x} in x)IFS=$IFS;;*)IFS=;\\unset IFS;esac;__mo K "$4";if \\[ -t 0 ];then __ml;else __ml </dev/tty;fi;case \${#__mv} in "$6"|"$7");;*)__mv=;esac;__mo A "$4";;
      -p)__me D "$__mi;$1;$2";case $2 in *a*)\\set -a;esac;\\return "$1";;
      -s)__mk "$__ms";__mb;case $2 in *a*)\\set -a;esac;\\return "$__ms";esac;case $2 in *a*)\\set -a;esac;}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1);; esac; }
      __mp(){ __mk "$__mh";__mo(){ __mg "$@";};__me P "$__mi;$__mh"; }
      __mb(){ case $__mr\${PS1-} in y*'$(__mp 2>/dev/null)')return;;y*)(PS1=)2>/dev/null&&{ __mq=\${PS1-};PS1='\${__mz#[z$((__mh=$?))]}'"\${PS1-}"'$(__mp 2>/dev/null)';};;esac; }
      __mz=z;__mh=0;__mr=y;__mb
      }
      case $- in *a*)\\set +a;__m0;\\set -a;;*)__m0;;esac;\\unset -f __m0
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" "$__ma" "" ""
      }"
    `);
    // Only what statuses the terminal's modes are put back behind is its own.
    const ksh = hookCode("ksh", LABEL, KEY, false).trimEnd();
    const asks = /(?<=__mx=;)case \$#\$__md in 7\).*?kill -0 %\+.*?fi;esac;/;
    expect(ksh).toMatch(asks);
    expect(ksh.replace("129|13[1-9]|1[45]?|257|259|2[678]?)", "129|1[345]?)").replace(asks, "")).toBe(
      hookCode("sh", LABEL, KEY, false).trimEnd(),
    );
  });

  it("of a restricted shell opens no file for writing", () => {
    const code = hookCode("restricted", LABEL, KEY, false);
    expect(code.trimEnd()).toMatchInlineSnapshot(`
      "J{
      \\unset __
      __m0(){
      __mi=(0 0 0 '' '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' 0 k '' '' '' '' '' 0 '\${__mi+"__ms"}&&((1))' '\${__mi+"__mp"}');__mv=()
      __mw(){ __mi[3]=;if [[ \${__mi[6]} ]];then \\builtin printf -v "__mi[3]" k;fi;if [[ \${__mi[3]} ]];then \\builtin printf "\${__mi[4]}" "$@";elif \\printf -v "__mi[3]" k;[[ \${__mi[3]} ]];then \\printf "\${__mi[4]}" "$@";else /usr/bin/printf "\${__mi[4]}" "$@";fi;}
      __mo(){ if [[ -t 1 ]];then __mw "$@";else __mw "$@" >&2;fi;}
      __md(){ __mi[10]=\${PWD-};if ! [[ \${__mi[10]} = /* && . -ef \${__mi[10]} ]];then __mi[10]=$(\\builtin pwd -P;((1)) );[[ . -ef \${__mi[10]} ]]||__mi[10]=;fi;if [[ \${__mi[10]} = *[[:cntrl:]]* ]];then \\builtin printf -v "__mi[10]" %q "\${__mi[10]}"||((1));[[ \${__mi[10]} != *[[:cntrl:]]* ]]||__mi[10]=;fi;__mo "$1" "$2;\${__mi[10]}";}
      __ml(){ __mv=;while __mi[3]=;IFS= \\builtin read -r -t 20 '__mi[3]';do case \${__mi[3]} in ''|'#.'|[!#]*|'#'*[!a-zA-Z0-9\\ ._/=:,+@\\\\-]*)break;;*)\\builtin eval "__mv+=\\$'\${__mi[3]#?}'";esac;done;}
      __mj(){ __mi[6]=;\\builtin printf -v "__mi[6]" k||((1)); }
      __mn(){ [[ ! \${__mi[6]} ]]||\\builtin return 0;\\return 0;__mi[11]=r; }
      __mc(){ __mi[6]=k;__mj;__mi[11]=;__mn;__mi[3]=;{ [[ \${__mi[6]} ]]&&\\builtin eval '__mi[3]=e'||\\eval '__mi[3]=e';};[[ \${__mi[3]} ]]||__mi[8]+=%; }
      __m(){ __mi[5]=$?;case $1 in
      -b)if [[ \${__mi[6]} ]];then __mj;fi;__mi[0]=$2;__mi[1]=1;__mi[2]=\${3:-\${__mi[2]}};__mi[8]=\${4-};__mv=;case \${__mi[6]}\${4-} in k*%*)\\builtin enable -n eval;;*%*)\\enable -n eval;esac;case \${__mi[11]}\${__mi[6]}\${__mi[2]}\${4-} in 0|k0)__mo C "$2";;k*T*)__mo C "$2";\\builtin set -T;\\builtin return "\${__mi[2]}";;k*)__mo C "$2";\\builtin return "\${__mi[2]}";;r*)__mo C "$2";(\\exit "\${__mi[2]}");;*T*)__mo C "$2";\\set -T;\\return "\${__mi[2]}";;*)__mo C "$2";\\return "\${__mi[2]}";esac;;
      -e)__mi[1]=2;[[ $# = 3 ]]||__mi[9]=$4;case \${5-} in *T*)__mi[2]=\${__mi[7]%%[!0-9]*};__mi[8]=\${__mi[7]#"\${__mi[2]}"};;*)__mi[2]=\${__mi[5]};__mi[8]=$-;esac;case \${5-} in *E*)__mc;;*)[[ ! \${__mi[6]} ]]||__mj;esac;[[ \${__mi[6]} ]]||__mi[8]+=!;__md D "$2;\${__mi[2]};\${__mi[8]}";;
      -x)case \${__mi[0]}:\${__mi[1]} in "$2:2");;"$2:"*)__mi[2]=$3;__md N "$2;$3;\${__mi[1]}";;*)__mi[2]=$3;__md N "$2;$3;0";esac;;
      -l)__mi[2]=$3;[[ $# = 5 ]]||__mi[9]=$6;__mo K "$2";if [[ -t 0 ]];then __ml;else __ml </dev/tty;fi;[[ \${#__mv} = "$4" || \${#__mv} = "$5" ]]||__mv=;;
      -p)__md D "\${__mi[0]};\${__mi[5]};$-";if [[ \${__mi[11]} ]];then (\\exit "\${__mi[5]}");else [[ ! \${__mi[6]} ]]||\\builtin return "\${__mi[5]}";\\return "\${__mi[5]}";fi;;
      -q);;
      *)__mk "\${__mi[2]}";__mb;if [[ \${__mi[11]} ]];then (\\exit "\${__mi[2]}");else [[ ! \${__mi[6]} ]]||\\builtin return "\${__mi[2]}";\\return "\${__mi[2]}";fi;esac;}
      __mk(){ case $1 in 129|1[345]?) (\\command stty icanon echo isig icrnl opost onlcr </dev/tty);; esac; }
      __mb(){ :; };__mp(){ __mi[5]=$?;__mk "\${__mi[5]}";__md P "\${__mi[0]};\${__mi[5]}"; }
      __mq=\${PS1-};PS1="\${PS1-}"'$(__mp)'
      }
      case $- in *a*)\\set +a;__m0;\\set -a;;*)__m0;;esac;\\unset -f __m0
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s;%s\\007' $$ "$(tty)" 1 "" ""
      }"
    `);
    expect(code).not.toMatch(/>\s*\/dev/);
  });

  it("of fish is these bytes", () => {
    expect(hookCode("fish", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "begin
      set -e __
      set -g __mi 0 0 0; set -g __mz '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007'
      function __mo; if builtin test -t 1; builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv; else; begin; builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv >/dev/tty; end 2>/dev/null; or builtin printf '\\033]7717;0123456789abL1;%s;89abcdef;%s\\007' $argv >&0; end; end
      function __md; set -g __mx $PWD; set -l r (builtin realpath . 2>/dev/null); set -l p $PWD; builtin test "$r" = "$p"; or set p (builtin realpath $PWD 2>/dev/null); builtin test "$r" = "$p"; or set -g __mx (builtin string join \\n -- $r)[1]
      if builtin string match -qr '[[:cntrl:]]' -- "$__mx"; set -g __mx %(builtin string escape --style=url -- "$__mx"); end; __mo $argv[1] "$argv[2];$__mx"; end
      function __m; set -l s $status; switch $argv[1]
      case -a; set -g __mi $argv[2] 0 $argv[3]; __mo A $argv[2]
      case -b; set -g __mi[2] 1; __mo C $argv[2]; return $__mi[3]
      case -e; set -g __mi[2] 2; set -g __mi[3] $s; set -l j; builtin jobs -q; and set j "j$last_pid"; __md D "$argv[2];$s;$j"
      case -x; if builtin test "$__mi[1]:$__mi[2]" != $argv[2]:2; set -g __mi[3] $argv[3]; __md N "$argv[2];$argv[3];$__mi[2]"; end; return 0
      case -l; set -g __mi $argv[2] 0 $argv[3]; set -g __mv; if command -sq stty; and command -sq head
      set -l t (command stty -g </dev/tty); command stty raw -echo min 0 time 200 </dev/tty; __mo K $argv[2]
      set -g __mv (command head -c $argv[4] </dev/tty | string collect -N); command stty $t </dev/tty
      builtin test (string length -- "$__mv") = $argv[5]; or set -g __mv; end; __mo A $argv[2]
      case -p; __md D "$__mi[1];$s;"; return $s
      case -s; __mk $__mi[3]; return $__mi[3]
      end; end
      function __mk; if builtin test $argv[1] -gt 128 -a $argv[1] -lt 160; command stty icanon echo isig icrnl opost onlcr </dev/tty >/dev/null 2>&1; end; end
      function __mp --on-event fish_prompt; set -l s $status; __mk $s; __md P "$__mi[1];$s"; return $s; end
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

it("the letter that the hook code begins with is nowhere else in it: what is before the last one is left out", () => {
  for (const family of FAMILIES.filter((name) => name !== "fish")) {
    const code = hookCode(family, LONGEST_LABEL, KEY, true);
    expect(code.startsWith("J{\n")).toBe(true);
    expect(code.slice(1)).not.toContain("J");
  }
});

describe("the shell that answered", () => {
  it.each<[string, ShellFamily, string]>([
    ["5.2.15(1)-releasehimBHs///-bash", "bash", "bash 5.2.15"],
    ["5.2.15(1)-release///-bash", "bash", "bash 5.2.15"],
    ["5.3.0(1)-beta2himrBHs///-rbash", "restricted", "restricted shell"],
    ["569XZilms/5.9//-zsh", "zsh", "zsh 5.9"],
    ["//Version AJM 93u+m/1.0.4 2022-10-22/-ksh93", "ksh", "ksh93"],
    ["//@(#)MIRBSD KSH R59 2020/10/31 +Debian/-mksh", "ksh", "mksh"],
    ["//@(#)MIRBSD KSH R59/-sh", "ksh", "ksh (sh)"],
    ["smi///-dash", "sh", "dash"],
    ["///ash", "sh", "ash"],
    ["////bin/sh", "sh", "sh"],
    ["///", "sh", "sh"],
    ["3.6.0", "fish", "fish 3.6.0"],
    ["4.0b1-12-gabcdef", "fish", "fish 4.0b1-12-gabcdef"],
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
