/** A throw-away account: `sshmcp-` and the name make the user. */
export interface Account {
  readonly name: string;
  /** Login shell; `@bin/x` is a program the kit makes itself. */
  readonly shell: string;
  /** Files of the home directory beside Debian's own skeleton. */
  readonly files: Readonly<Record<string, string>>;
}

export const USER_PREFIX = "sshmcp-";

/** bash as many people keep it: a prompt rebuilt before each command, shared history, a DEBUG trap. */
const FANCY_BASHRC = `
shopt -s histappend checkwinsize
__prompt() { local s=$?; PS1="\\[\\e[32m\\]\\u@\\h\\[\\e[0m\\] [\${s}] \\w \\\\$ "; history -a; }
PROMPT_COMMAND=__prompt
__last=
trap '__last=$BASH_COMMAND' DEBUG
`;

const READONLY_BASHRC = `
PS1='\\u locked\\$ '
PROMPT_COMMAND=
HISTCONTROL=ignoredups
readonly PS1 PROMPT_COMMAND HISTCONTROL
`;

const PLAIN_ZSHRC = `
HISTFILE=~/.zsh_history
HISTSIZE=1000
SAVEHIST=1000
PROMPT='%n@%m %~ %# '
`;

/** zsh as prompt frameworks leave it: two lines, a clock that redraws each second, a prompt that shrinks on Enter. */
const OMZ_ZSHRC = `
HISTFILE=~/.zsh_history
HISTSIZE=1000
SAVEHIST=1000
setopt PROMPT_SUBST CORRECT EXTENDED_GLOB SHARE_HISTORY INTERACTIVE_COMMENTS AUTO_CD
autoload -Uz compinit url-quote-magic bracketed-paste-magic add-zsh-hook
compinit -u -d ~/.zcompdump
zle -N self-insert url-quote-magic
zle -N bracketed-paste bracketed-paste-magic
__full=$'%F{cyan}%n%f in %F{yellow}%~%f\\n%(?.%F{green}.%F{red})❯%f '
PROMPT=$__full
RPROMPT='%F{242}%D{%H:%M:%S}%f'
TMOUT=1
TRAPALRM() { [[ -n $WIDGET ]] || zle && zle reset-prompt }
__shrink() { PROMPT='%F{green}❯%f ' RPROMPT= ; zle reset-prompt }
zle -N zle-line-finish __shrink
__grow() { PROMPT=$__full; RPROMPT='%F{242}%D{%H:%M:%S}%f' }
add-zsh-hook precmd __grow
`;

/** bash without its line editor: the kernel echoes what is typed. */
export const NOEDITING_SHELL = `#!/bin/bash
[ "$1" = -c ] && exec /bin/bash "$@"
exec -a -bash /bin/bash --noediting "$@"
`;

export const ACCOUNTS: readonly Account[] = [
  { name: "bash", shell: "/bin/bash", files: {} },
  { name: "zsh", shell: "/usr/bin/zsh", files: { ".zshrc": PLAIN_ZSHRC } },
  { name: "dash", shell: "/bin/dash", files: {} },
  { name: "ash", shell: "@bin/ash", files: {} },
  { name: "ksh", shell: "/usr/bin/ksh93", files: {} },
  { name: "mksh", shell: "/bin/mksh", files: {} },
  { name: "fish", shell: "/usr/bin/fish", files: {} },
  { name: "yash", shell: "/usr/bin/yash", files: {} },
  { name: "posh", shell: "/bin/posh", files: {} },
  { name: "rbash", shell: "/bin/rbash", files: {} },
  { name: "tcsh", shell: "/bin/tcsh", files: {} },
  { name: "noediting", shell: "@bin/noediting", files: {} },
  { name: "fancy", shell: "/bin/bash", files: { ".bashrc": FANCY_BASHRC } },
  { name: "omz", shell: "/usr/bin/zsh", files: { ".zshrc": OMZ_ZSHRC } },
  { name: "readonly", shell: "/bin/bash", files: { ".bashrc": READONLY_BASHRC } },
  // No .zshrc: zsh greets its first login with a menu of single-key choices.
  { name: "zshmenu", shell: "/usr/bin/zsh", files: {} },
];
