import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bootstrapLine,
  commandLine,
  escapePayload,
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
      " command stty -icanon -echo;" +
        `eval 'printf "\\033]7717;%s;I;%s\\007" ${LABEL} "\${BASH_VERSION-}/\${ZSH_VERSION-}/\${KSH_VERSION-}/$0"' 2>/dev/null` +
        `||printf "\\033]7717;%s;I;%s\\007" ${LABEL} "fish$FISH_VERSION";` +
        'eval "$(command head -c 2048)"\r',
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
      "__mz=z;__mi=0
      __mo(){ { \\builtin printf "$@" >/dev/tty; } 2>/dev/null||\\builtin printf "$@" >&0; }
      __mk(){ case $1 in 12[89]|1[3-9]?|2??) command stty icanon echo isig icrnl opost onlcr </dev/tty 2>/dev/null;; esac; }
      __m(){ set -- $? "$1";__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;\\builtin printf "$2";return $1; }
      __me(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;D;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mp(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;P;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mr(){ set -- $? $1 "$(command stty -g </dev/tty)";command stty raw -echo </dev/tty;__mo '\\033]7717;0123456789abL1;K;89abcdef;%s\\007' $__mi;command head -c $2 </dev/tty;command stty "$3" </dev/tty;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;return $1; }
      command stty icanon echo
      (HISTCONTROL=)2>/dev/null&&HISTCONTROL=ignorespace:\${HISTCONTROL-}
      __mh(){ case "$*" in *0123456789abL1*) builtin history -d \${1%\\*}||:;; esac; }
      __mh $(builtin history 1) 2>/dev/null;unset -f __mh
      (PROMPT_COMMAND=)2>/dev/null&&PROMPT_COMMAND="__mp 2>/dev/null\${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s\\007' $$ "$(tty)" "" """
    `);
  });

  it("of zsh differs from bash's in these lines", () => {
    const bash = hookCode("bash", LABEL, KEY, false).split("\n");
    const zsh = hookCode("zsh", LABEL, KEY, false).split("\n");
    const own = zsh.filter((line) => line !== "" && !bash.includes(line));
    expect(zsh.slice(0, 3)).toEqual(bash.slice(0, 3));
    expect(own.join("\n")).toMatchInlineSnapshot(`
      "__mv=
      if \\builtin printf -v __mv x 2>/dev/null
      then __m(){ set -- "\${__mv//[!0-9]/}" "$1" "$2";__mi=$2;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;\\builtin printf -v __mv "$3";return $1; }
      else __m(){ set -- "\${__mv//[!0-9]/}" "$1" "$2";__mi=$2;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;__mv="$(\\builtin printf "$3")";return $1; }
      fi
      setopt HIST_IGNORE_SPACE;: "\${HISTORY_IGNORE:=*0123456789abL1*}";precmd_functions=(__mp $precmd_functions)"
    `);
  });

  it("of other Bourne shells is these bytes, ksh's the same", () => {
    expect(hookCode("sh", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "__mz=z;__mi=0
      __mo(){ { \\command printf "$@" >/dev/tty; } 2>/dev/null||\\command printf "$@" >&0; }
      __mk(){ case $1 in 12[89]|1[3-9]?|2??) command stty icanon echo isig icrnl opost onlcr </dev/tty 2>/dev/null;; esac; }
      __m(){ set -- $? "$1";__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;\\command printf "$2";return $1; }
      __me(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;D;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mp(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;P;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mr(){ set -- $? $1 "$(command stty -g </dev/tty)";command stty raw -echo </dev/tty;__mo '\\033]7717;0123456789abL1;K;89abcdef;%s\\007' $__mi;command head -c $2 </dev/tty;command stty "$3" </dev/tty;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;return $1; }
      command stty icanon echo
      __mq=\${PS1-};(PS1=)2>/dev/null&&PS1='$(__mp 2>/dev/null)'"\${PS1-}"
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s\\007' $$ "$(tty)" "" """
    `);
    expect(hookCode("ksh", LABEL, KEY, false)).toBe(hookCode("sh", LABEL, KEY, false));
  });

  it("of a restricted shell opens no file for writing", () => {
    const code = hookCode("restricted", LABEL, KEY, false);
    expect(code.trimEnd()).toMatchInlineSnapshot(`
      "__mz=z;__mi=0
      __mo(){ \\command printf "$@" >&2; }
      __mk(){ case $1 in 12[89]|1[3-9]?|2??) command stty icanon echo isig icrnl opost onlcr </dev/tty;; esac; }
      __m(){ set -- $? "$1";__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;\\command printf "$2";return $1; }
      __me(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;D;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mp(){ set -- $?;__mk $1;__mo '\\033]7717;0123456789abL1;P;89abcdef;%s;%s;%s\\007' $__mi $1 "$PWD";return $1; }
      __mr(){ set -- $? $1 "$(command stty -g </dev/tty)";command stty raw -echo </dev/tty;__mo '\\033]7717;0123456789abL1;K;89abcdef;%s\\007' $__mi;command head -c $2 </dev/tty;command stty "$3" </dev/tty;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;return $1; }
      command stty icanon echo
      __mq=\${PS1-};PS1='$(__mp)'"\${PS1-}"
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s\\007' $$ "$(tty)" "" """
    `);
    expect(code).not.toMatch(/>\s*\/dev/);
  });

  it("of fish is these bytes", () => {
    expect(hookCode("fish", LABEL, KEY, false).trimEnd()).toMatchInlineSnapshot(`
      "set -g __mi 0
      function __mo; begin; builtin printf $argv >/dev/tty; end 2>/dev/null; or builtin printf $argv >&0; end
      function __mk; if test $argv[1] -ge 128; command stty icanon echo isig icrnl opost onlcr </dev/tty 2>/dev/null; end; end
      function __m; set -l s $status;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;builtin printf $argv[1];return $s; end
      function __me; set -l s $status;__mk $s;__mo '\\033]7717;0123456789abL1;D;89abcdef;%s;%s;%s\\007' $__mi $s $PWD;return $s; end
      function __mp --on-event fish_prompt; set -l s $status;__mk $s;__mo '\\033]7717;0123456789abL1;P;89abcdef;%s;%s;%s\\007' $__mi $s $PWD;return $s; end
      function __mr; set -l s $status;set -l t (command stty -g </dev/tty);command stty raw -echo </dev/tty;__mo '\\033]7717;0123456789abL1;K;89abcdef;%s\\007' $__mi;command head -c $argv[1] </dev/tty;command stty $t </dev/tty;__mo '\\033]7717;0123456789abL1;C;89abcdef;%s\\007' $__mi;return $s; end
      command stty icanon echo
      printf '\\033]7717;0123456789abL1;R;89abcdef;%s;%s;%s;%s\\007' $fish_pid (tty) "" """
    `);
  });

  it("names user and host where requested", () => {
    expect(hookCode("bash", LABEL, KEY, true)).toContain(
      `R;89abcdef;%s;%s;%s;%s\\007' $$ "$(tty)" "$(id -un)" "$(uname -n)"`,
    );
    expect(hookCode("fish", LABEL, KEY, true)).toContain("$fish_pid (tty) (id -un) (uname -n)");
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

describe("a framed command", () => {
  const variableLine =
    " { __mv=\"(exit $?)\";__m 7 'echo \\047hi\\047'&&:;} 2>/dev/null;" +
    '\\eval "$__mv";{ __me&&:;} 2>/dev/null\r';

  it.each<[ShellFamily, string]>([
    [
      "bash",
      " \\eval \"${__mz#[z$((__mi=7))]}$({ __m 'echo \\047hi\\047';} 2>/dev/null)\";{ __me&&:;} 2>/dev/null\r",
    ],
    ["zsh", variableLine],
    [
      "ksh",
      " \\eval \"${__mz#[z$((__mi=7))]}$({ __m 'echo \\047hi\\047';} 2>/dev/null)\";{ __me&&:;} 2>/dev/null\r",
    ],
    [
      "sh",
      " \\eval \"${__mz#[z$((__mi=7))]}$({ __m 'echo \\047hi\\047';} 2>/dev/null)\";{ __me&&:;} 2>/dev/null\r",
    ],
    ["restricted", " \\eval \"${__mz#[z$((__mi=7))]}$(__m 'echo \\047hi\\047')\";__me&&:\r"],
    ["fish", " set -g __mi 7;eval \"$(__m 'echo \\047hi\\047')\";__me\r"],
  ])("in %s is these bytes", (family, line) => {
    expect(commandLine(family, 7, "echo 'hi'")).toEqual({ line });
  });

  it.each<[ShellFamily, number]>([
    ["bash", 1000],
    ["zsh", 1000],
    ["fish", 1000],
    ["restricted", 1000],
    ["ksh", 400],
    ["sh", 400],
  ])("in %s is typed whole up to %i escaped bytes, and read raw beyond", (family, limit) => {
    expect(commandLine(family, 1, "x".repeat(limit)).payload).toBeUndefined();
    const long = commandLine(family, 12, "x".repeat(limit + 1));
    expect(long.payload?.toString()).toBe("x".repeat(limit + 1));
    expect(long.line).toMatch(new RegExp(`__mr ${limit + 1}[;)]`));
    expect(long.line.length).toBeLessThan(100);
  });

  it("counts a raw payload in bytes", () => {
    const text = "é🚀".repeat(300);
    const { line, payload } = commandLine("sh", 3, text);
    expect(payload?.length).toBe(1800);
    expect(line).toContain("__mr 1800;");
  });

  it("is one line of printable ASCII whatever the command holds", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(fc.constantFrom(...FAMILIES), fc.nat(), text, (family, id, command) => {
        const { line } = commandLine(family, id, command);
        expect(line).toMatch(TYPEABLE);
        // The line discipline takes 4095 bytes in line mode.
        expect(line.length).toBeLessThan(1100);
      }),
      { seed: 7717, numRuns: 500 },
    );
  });
});

describe("the payload escape", () => {
  it.each([
    ["plain text stays", "ls -la /tmp/a_b.c,d:e=f@g+h", "ls -la /tmp/a_b.c,d:e=f@g+h"],
    ["a first dash would be an option to printf", "-n x", "\\055n x"],
    ["percent and backslash would be directives", "%s\\n", "\\045s\\134n"],
    ["quotes, dollar, exclamation mark", "'\"$!", "\\047\\042\\044\\041"],
    ["line feed and tab", "a\nb\tc", "a\\012b\\011c"],
    ["UTF-8 byte by byte", "é🚀", "\\303\\251\\360\\237\\232\\200"],
    ["a digit behind an escape is not part of it", "\u00011", "\\0011"],
  ])("%s", (_, text, escaped) => {
    expect(escapePayload(text)).toBe(escaped);
  });

  it("decodes by printf's rules to the bytes that went in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const decoded = escapePayload(text).replace(/\\([0-7]{3})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        );
        expect(Buffer.from(decoded, "latin1").equals(Buffer.from(text))).toBe(true);
      }),
      { seed: 7717, numRuns: 1500 },
    );
  });
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
    expect(PING_LINE).toBe(" __me\r");
    expect(UNHOOK_LINE).toBe(' [ "$PS1" = "$__mq" ]||PS1=$__mq;__me\r');
  });
});
