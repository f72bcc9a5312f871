import type { ShellFamily } from "../record/shell-level.ts";

/**
 * What is typed into a POSIX-like shell, byte for byte. Every trick here survived seven shells; test/shell/posix-hooks
 * pins the bytes. Marks are described in docs/framing.md.
 */
/** Bytes of hook code the bootstrap line reads with echo off; hook code is padded with newlines to exactly this. */
export const HOOK_BYTES = 2048;

/** Escaped payloads longer than this go through a raw read instead: line editors of small shells are short. */
const LINE_LIMIT: Record<ShellFamily, number> = {
  bash: 1000,
  zsh: 1000,
  fish: 1000,
  restricted: 1000,
  ksh: 400,
  sh: 400,
};

/**
 * The one line typed at an unknown prompt. It works unchanged in the Bourne family and in fish, is refused whole by csh,
 * and stays under 256 bytes for small line editors. Leading space: most shells then keep it out of their history.
 */
export function bootstrapLine(label: string): string {
  const mark = (format: string, value: string) => `printf "\\033]7717;%s;I;%s\\007" ${format} ${value}`;
  return (
    ` command stty -icanon -echo;eval '${mark(label, '"${BASH_VERSION-}/${ZSH_VERSION-}/${KSH_VERSION-}/$0"')}' 2>/dev/null` +
    `||${mark(label, '"fish$FISH_VERSION"')};eval "$(command head -c ${HOOK_BYTES})"\r`
  );
}

/** Which hooks fit the shell that answered the bootstrap's identity mark. */
export function familyOf(identity: string): ShellFamily {
  // The fallback branch of the bootstrap line ran without fish being there: `2>/dev/null` was refused (rbash).
  if (identity.startsWith("fish")) return identity === "fish" ? "restricted" : "fish";
  const [bash, zsh, ksh] = identity.split("/");
  if (bash) return "bash";
  if (zsh) return "zsh";
  if (ksh) return "ksh";
  return "sh";
}

/** A readable name: `bash 5.2.15`, `zsh 5.9`, `ksh`, `dash`, `sh`, `fish 3.6.0`. */
export function shellName(identity: string): string {
  if (identity === "fish") return "restricted shell";
  if (identity.startsWith("fish")) return `fish ${identity.slice(4)}`;
  const [bash, zsh, ksh, ...argv0] = identity.split("/");
  if (bash) return `bash ${/^[\d.]+/.exec(bash)?.[0] ?? ""}`.trim();
  if (zsh) return `zsh ${zsh}`;
  const name = (argv0.at(-1) ?? "").replace(/^-/, "") || "sh";
  return ksh && !/ksh/.test(name) ? `ksh (${name})` : name;
}

/** Hook code, padded to HOOK_BYTES. `describe`: report user and host too (three forks; worth it for nested shells). */
export function hookCode(family: ShellFamily, label: string, key: string, describe: boolean): string {
  const code = family === "fish" ? fishHooks(label, key) : posixHooks(family, label, key);
  const run = (command: string) => (family === "fish" ? `(${command})` : `"$(${command})"`);
  const pid = family === "fish" ? "$fish_pid" : "$$";
  const who = describe ? `${run("id -un")} ${run("uname -n")}` : '"" ""';
  const full = `${code}\nprintf '\\033]7717;${label};R;${key};%s;%s;%s;%s\\007' ${pid} ${run("tty")} ${who}\n`;
  if (full.length > HOOK_BYTES) throw new RangeError(`hook code for ${family} has ${full.length} bytes`);
  return full.padEnd(HOOK_BYTES, "\n");
}

/** After a signal killed the command, the line discipline may still be raw: back to line mode, the rest untouched. */
const LINE_MODE = "command stty icanon echo isig icrnl opost onlcr </dev/tty 2>/dev/null";

function posixHooks(family: ShellFamily, label: string, key: string): string {
  // zsh's `command` means "external only"; `builtin` exists in bash and zsh, `command` reaches builtins elsewhere.
  const printf = family === "bash" || family === "zsh" ? "\\builtin printf" : "\\command printf";
  const mark = (kind: string, format: string) => `'\\033]7717;${label};${kind};${key};${format}\\007'`;
  // A restricted shell may duplicate descriptors but not open files for writing, /dev/null included.
  const restricted = family === "restricted";
  const toTerminal = restricted
    ? `${printf} "$@" >&2;`
    : `{ ${printf} "$@" >/dev/tty; } 2>/dev/null||${printf} "$@" >&0;`;
  const lineMode = restricted ? LINE_MODE.replace(" 2>/dev/null", "") : LINE_MODE;
  return [
    "__mz=z;__mi=0",
    `__mo(){ ${toTerminal} }`,
    `__mk(){ case $1 in 12[89]|1[3-9]?|2??) ${lineMode};; esac; }`,
    family === "zsh"
      ? commandInVariable(printf, mark("C", "%s"))
      : `__m(){ set -- $? "$1";__mo ${mark("C", "%s")} $__mi;${printf} "$2";return $1; }`,
    `__me(){ set -- $?;__mk $1;__mo ${mark("D", "%s;%s;%s")} $__mi $1 "$PWD";return $1; }`,
    `__mp(){ set -- $?;__mk $1;__mo ${mark("P", "%s;%s;%s")} $__mi $1 "$PWD";return $1; }`,
    `__mr(){ set -- $? $1 "$(command stty -g </dev/tty)";command stty raw -echo </dev/tty;__mo ${mark("K", "%s")} $__mi;` +
      `command head -c $2 </dev/tty;command stty "$3" </dev/tty;__mo ${mark("C", "%s")} $__mi;return $1; }`,
    "command stty icanon echo",
    promptHook(family, label),
  ].join("\n");
}

/**
 * zsh decodes the payload into a variable, without a fork, which costs it 0.4 ms; before 5.3 its printf had no -v. The line
 * has left the last status there; a shell without these functions finds nothing else to run. Not for bash: behind a syntax
 * error in an eval it does not know a line that begins with a brace.
 */
function commandInVariable(printf: string, mark: string): string {
  const begin = `set -- "\${__mv//[!0-9]/}" "$1" "$2";__mi=$2;__mo ${mark} $__mi`;
  return [
    "__mv=",
    `if ${printf} -v __mv x 2>/dev/null`,
    `then __m(){ ${begin};${printf} -v __mv "$3";return $1; }`,
    `else __m(){ ${begin};__mv="$(${printf} "$3")";return $1; }`,
    "fi",
  ].join("\n");
}

/** How the prompt mark gets in. The subshell tries the assignment first: a readonly variable would end the hook code. */
function promptHook(family: ShellFamily, label: string): string {
  switch (family) {
    case "bash":
      // `2>/dev/null`: a child shell that inherits an exported PROMPT_COMMAND has no __mp and must not complain.
      return [
        "(HISTCONTROL=)2>/dev/null&&HISTCONTROL=ignorespace:${HISTCONTROL-}",
        // Only our own line, by its own number: where ignorespace was already set, the newest entry is the user's.
        `__mh(){ case "$*" in *${label}*) builtin history -d \${1%\\*}||:;; esac; }`,
        "__mh $(builtin history 1) 2>/dev/null;unset -f __mh",
        '(PROMPT_COMMAND=)2>/dev/null&&PROMPT_COMMAND="__mp 2>/dev/null${PROMPT_COMMAND:+;$PROMPT_COMMAND}"',
      ].join("\n");
    case "zsh":
      // The set-up line itself was entered before HIST_IGNORE_SPACE: it is left out when the history file is written.
      return `setopt HIST_IGNORE_SPACE;: "\${HISTORY_IGNORE:=*${label}*}";precmd_functions=(__mp $precmd_functions)`;
    case "restricted":
      return "__mq=${PS1-};PS1='$(__mp)'\"${PS1-}\"";
    default:
      return "__mq=${PS1-};(PS1=)2>/dev/null&&PS1='$(__mp 2>/dev/null)'\"${PS1-}\"";
  }
}

function fishHooks(label: string, key: string): string {
  const mark = (kind: string, format: string) => `'\\033]7717;${label};${kind};${key};${format}\\007'`;
  return [
    "set -g __mi 0",
    "function __mo; begin; builtin printf $argv >/dev/tty; end 2>/dev/null; or builtin printf $argv >&0; end",
    `function __mk; if test $argv[1] -ge 128; ${LINE_MODE}; end; end`,
    `function __m; set -l s $status;__mo ${mark("C", "%s")} $__mi;builtin printf $argv[1];return $s; end`,
    `function __me; set -l s $status;__mk $s;__mo ${mark("D", "%s;%s;%s")} $__mi $s $PWD;return $s; end`,
    `function __mp --on-event fish_prompt; set -l s $status;__mk $s;__mo ${mark("P", "%s;%s;%s")} $__mi $s $PWD;return $s; end`,
    `function __mr; set -l s $status;set -l t (command stty -g </dev/tty);command stty raw -echo </dev/tty;__mo ${mark("K", "%s")} $__mi;` +
      `command head -c $argv[1] </dev/tty;command stty $t </dev/tty;__mo ${mark("C", "%s")} $__mi;return $s; end`,
    "command stty icanon echo",
  ].join("\n");
}

/** What to type for one command, and the payload to send raw when the shell says it is ready for it. */
export interface TypedCommand {
  readonly line: string;
  readonly payload?: Buffer;
}

/**
 * One framed command. The typed line is printable ASCII, so no completion, history expansion, abbreviation or paste
 * handling can touch it; `$?` of the previous command stays visible to the payload.
 */
export function commandLine(family: ShellFamily, id: number, text: string): TypedCommand {
  const escaped = escapePayload(text);
  if (escaped.length <= LINE_LIMIT[family]) {
    if (family === "zsh") return { line: variableFrame(id, escaped) };
    return { line: frame(family, id, `__m '${escaped}'`) };
  }
  const payload = Buffer.from(text, "utf8");
  return { line: frame(family, id, `__mr ${payload.length}`), payload };
}

/** Behind `&&:` a trap on errors does not take the status that is handed on for a failure. */
function variableFrame(id: number, escaped: string): string {
  return ` { __mv="(exit $?)";__m ${id} '${escaped}'&&:;} 2>/dev/null;\\eval "$__mv";{ __me&&:;} 2>/dev/null\r`;
}

function frame(family: ShellFamily, id: number, call: string): string {
  if (family === "fish") return ` set -g __mi ${id};eval "$(${call})";__me\r`;
  // Traced by `set -x`, our own functions stay quiet; a restricted shell may not redirect to a file.
  const quiet = (command: string) => (family === "restricted" ? command : `{ ${command};} 2>/dev/null`);
  return ` \\eval "\${__mz#[z$((__mi=${id}))]}$(${quiet(call)})";${quiet("__me&&:")}\r`;
}

/** Asks the shell for another end mark with the true `$?`; used where no prompt hook could be set. */
export const PING_LINE = " __me\r";

/** The prompt hook is part of PS1 for these; a shell may show it instead of running it. */
export function hasPromptVariable(family: ShellFamily): boolean {
  return family === "ksh" || family === "sh" || family === "restricted";
}

/** Puts back a prompt that did not run its hook, and asks for an end mark. */
export const UNHOOK_LINE = ' [ "$PS1" = "$__mq" ]||PS1=$__mq;__me\r';

/** Bytes outside the plain set as `\ooo`, so that printf(1) of every shell gives them back unchanged. */
export function escapePayload(text: string): string {
  let escaped = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const char = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9 ._/=:,+@-]/.test(char) && !(escaped === "" && char === "-");
    escaped += plain ? char : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return escaped;
}
