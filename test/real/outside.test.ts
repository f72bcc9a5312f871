import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Account } from "./kit/accounts.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser } from "./kit/users.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone, works } from "./scenarios.ts";
import { words } from "./words.ts";

/** Start-up files, hooks and programs from public reports of other tools that drive terminals. */

const W = words(29_112_026);
const BACK = ". ~/.bashrc\n";
const SOON = { timeoutMs: 10_000 };

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(["bash", "zsh"].map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

async function login(
  account: Omit<Account, "name"> & { readonly platform?: "auto" | "posix" },
  work: (session: Opened) => Promise<void>,
): Promise<void> {
  const user = await addTestUser(account);
  const own = rigFor([hostFor(server, user, { platform: account.platform ?? "posix" })]);
  try {
    await work(await own.open(user.login));
  } finally {
    await own.close();
    await user.remove();
  }
}

const withSession = sessionsOf(() => rig, "outside");

/** Framed, and nothing of ours or of the prompt's in any result. */
async function worksWhole(session: Opened): Promise<void> {
  expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
  const word = W.word();
  const first = await works(session, word);
  expect(first.outcome.notes.join(" ")).not.toMatch(/7717|head -c|VERSION/);
  expectDone(await session.run("(exit 7)"), 7, "");
  expectDone(await session.run('for i in 1 2\ndo\necho "$i"\ndone'), 0, "1\n2");
  expectDone(await session.run("printf abc"), 0, "abc");
  await session.run("sleep 20", { timeoutMs: 300 });
  expect((await session.keys("<C-c>", SOON)).outcome).toMatchObject({ state: "done", exit: 130 });
  await works(session, word);
}

const PREEXEC = `PS1='\\u@\\h:\\w\\$ '
__in=
__bp_precmd() { __last=$?; local f; for f in "\${precmd_functions[@]}"; do (exit $__last); "$f"; done; __in=on; return $__last; }
__bp_debug() { [[ $__in == on ]] || return; [[ $BASH_COMMAND == __bp_* ]] && return; __in=; local f; for f in "\${preexec_functions[@]}"; do "$f" "$BASH_COMMAND"; done; }
before() { printf '\\e]133;C\\a\\e]0;%s\\a' run; }
after() { printf '\\e]133;D;%s\\a\\e]133;A\\a\\e]7;file://h/tmp\\a' $?; }
preexec_functions+=(before); precmd_functions+=(after)
trap '__bp_debug "$_"' DEBUG
PROMPT_COMMAND=$'__bp_precmd\\n:'
PS1="$PS1"'\\[\\e]133;B\\a\\]'
`;

const INSTANT = `print -rn -- $'\\e[1;32m%n@host\\e[0m ~ ❯ '
exec {__fd}>&1 1>/dev/null 2>&1
sleep 0.3
setopt prompt_subst; PROMPT=$'%F{green}╭─%n@%m%f %~\\n╰─❯ '; RPROMPT='%t'
__restore() { exec 1>&$__fd 2>&$__fd; print -rn -- $'\\r\\e[J'; precmd_functions=(\${precmd_functions:#__restore}) }
precmd_functions+=(__restore)
__line_init() { print -rn -- $'\\e[?1l' }
zle -N zle-line-init __line_init
`;

describe("start-up files of public reports give a framed shell", () => {
  const bash = (rc: string, more: Record<string, string> = {}) => ({
    shell: "/bin/bash",
    files: { ".bashrc": `PS1='\\u@\\h:\\w\\$ '\n${rc}`, ".bash_profile": BACK, ...more },
  });
  for (const [what, account] of [
    [
      "a prompt that is printed before the start-up files have run",
      { shell: "/usr/bin/zsh", files: { ".zshrc": INSTANT } },
    ],
    [
      "a DEBUG trap under extdebug that skips one command",
      bash('shopt -s extdebug\nmy() { [[ $BASH_COMMAND != "..." ]]; }\ntrap my DEBUG\n'),
    ],
    ["hooks by a DEBUG trap, and marks of other terminals", bash(PREEXEC)],
    [
      "a line editor that scrolls sideways, in vi mode",
      bash("", {
        ".inputrc":
          "set editing-mode vi\nset show-mode-in-prompt on\nset horizontal-scroll-mode on\nset enable-bracketed-paste off\n",
      }),
    ],
    [
      "zsh in vi mode that draws its prompt anew",
      {
        shell: "/usr/bin/zsh",
        files: {
          ".zshrc":
            "bindkey -v; export KEYTIMEOUT=1\nzle-keymap-select() { RPS1=$KEYMAP; zle reset-prompt }; zle -N zle-keymap-select\nPROMPT='%n@%m %~ %# '\n",
        },
      },
    ],
    [
      "a prompt of three rows",
      {
        shell: "/bin/bash",
        files: { ".bashrc": "PS1='\\n┌─[\\u@\\h]─[\\t]\\n│ \\w\\n└─╼ \\$ '\n", ".bash_profile": BACK },
      },
    ],
    [
      "echo switched off",
      { shell: "/bin/dash", files: { ".profile": "stty -echo erase ^H\nPS1='$LOGNAME@h $ '\n" } },
    ],
    [
      "another shell in its place",
      {
        shell: "/bin/bash",
        files: { ".bash_profile": "exec zsh -l\n", ".zshrc": "PROMPT='%n@%m %~ %# '\n" },
      },
    ],
    [
      "a prompt framework whose helper has a terminal of its own",
      {
        shell: "/usr/bin/zsh",
        files: {
          ".zshrc":
            "zmodload zsh/zpty; helper() { local x; while read -r x; do :; done }; zpty -b helper helper\nPROMPT=$'\\n%n@%m %~\\n❯ '\n",
        },
      },
    ],
    [
      "a prompt that ends in an arrow of the powerline fonts",
      bash("PS1=$'\\\\u@\\\\h \\ue0b1 \\\\w \\ue0b0 '\n"),
    ],
    [
      "a prompt that asks where the cursor is",
      bash(
        "at() { local p; printf '\\033[6n' >/dev/tty; IFS= read -rs -t 0.5 -d R p </dev/tty; }\nPS1='$(at)\\u@\\h:\\w\\$ '\n",
      ),
    ],
    [
      "a prompt whose substitution discards what was typed",
      bash(
        "away() { local k; while read -rs -t 0.01 -n 1 k </dev/tty; do :; done; }\nPS1='`away`\\u@\\h:\\w\\$ '\n",
      ),
    ],
    ["names that match no file are an error", bash("shopt -s failglob\n")],
    [
      "names that match no file are an error, and words end at digits",
      bash("shopt -s failglob; IFS=0123456789\n"),
    ],
    [
      "zsh in which what is not set is an error",
      { shell: "/usr/bin/zsh", files: { ".zshrc": "setopt nounset\nPROMPT='%n@%m %~ %# '\n" } },
    ],
    [
      "zsh that expands what a variable holds",
      { shell: "/usr/bin/zsh", files: { ".zshrc": "setopt globsubst\nPROMPT='%n@%m %~ %# '\n" } },
    ],
    [
      "zsh with these and other options at once",
      {
        shell: "/usr/bin/zsh",
        files: {
          ".zshrc": "setopt nounset globsubst ksharrays shwordsplit magicequalsubst\nPROMPT='%n@%m %~ %# '\n",
        },
      },
    ],
    ["warnings of a locale that is not there", bash("export LC_ALL=xx_YY.UTF-8\nmesg n\n")],
    [
      "a recorder in the shell's place",
      {
        shell: "/bin/bash",
        files: {
          ".bashrc": "PS1='\\u@\\h:\\w\\$ '\n",
          ".bash_profile": `[ -n "$REC" ] || { export REC=1; exec script -q -f /dev/null; }\n${BACK}`,
        },
      },
    ],
    ["the time before each command", bash("PS0='\\e[90m[\\t]\\e[0m\\n'\n")],
    [
      "titles by a DEBUG trap that functions inherit",
      bash("title() { printf '\\e]0;%s\\a' \"$BASH_COMMAND\"; }\nset -o functrace\ntrap title DEBUG\n"),
    ],
  ] as const)
    it.concurrent(what, () => login(account, worksWhole));

  it.concurrent("a prompt of two rows that a hook prints, platform auto", () =>
    login(
      {
        shell: "/usr/bin/zsh",
        platform: "auto",
        files: {
          ".zshrc": "precmd() { print -P '\\n %n@%m  %~ ' }\nPROMPT='%F{magenta}❯%f '\nRPROMPT='%*'\n",
        },
      },
      worksWhole,
    ));
});

it.concurrent("a key that a start-up file waits for is read by it, and nothing is said to have been cleared", () =>
  login(
    {
      shell: "/bin/bash",
      files: {
        ".bash_profile": `read -n1 -s -r -p 'Press any key to continue...'; echo\n${BACK}`,
        ".bashrc": "PS1='\\u@\\h \\$ '\n",
      },
    },
    async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking", asked: "pager", submit: "key" });
      const gone = await session.keys("x", SOON);
      expect(gone.outcome.state).toBe("done");
      expect(gone.outcome.notes.join(" ")).not.toContain("NOT run");
      expectDone(await session.run("echo on"), 0, "on");
    },
  ));

it.concurrent("hooks of the user's see the status of the user's command", () =>
  login(
    {
      shell: "/bin/bash",
      files: { ".bashrc": "PS1='\\u@\\h \\$ '\nPROMPT_COMMAND=('echo $? >>~/st')\n", ".bash_profile": BACK },
    },
    async (session) => {
      for (const status of [1, 0, 9]) await session.run(`(exit ${status})`);
      expect((await session.run("tr '\\n' ' ' <~/st")).text.trim()).toMatch(/ 1 0 9$/);
    },
  ));

it.concurrent("a program that draws a screen of its own without asking for one is a screen", () =>
  withSession("bash", async (session) => {
    const draws =
      "import os,sys,termios,tty\nold=termios.tcgetattr(0); tty.setraw(0)\nsys.stdout.write('\\x1b[2J\\x1b[H~ editor\\r\\n~\\r\\n\\x1b[1;1H'); sys.stdout.flush()\nwhile os.read(0,1)!=b'q': pass\ntermios.tcsetattr(0,0,old)";
    expect((await session.run(`python3 -c "${draws}"`, SOON)).outcome).toMatchObject({ state: "screen" });
    expect((await session.keys("q", SOON)).outcome).toMatchObject({ state: "done", exit: 0 });
  }));

describe("a line editor that scrolls our line sideways shows nothing of it as rows from the background", () => {
  for (const state of ["export TERM=dumb", "unset TERM", "setopt singlelinezle", "stty cols 24"])
    it.concurrent(`zsh, ${state}`, () =>
      withSession("zsh", async (session) => {
        await session.run(state);
        for (const command of [
          'for i in 1 2\ndo echo "$i x"\ndone',
          `echo '${"é世".repeat(5)}'`,
          `: '${"x y".repeat(60)}'; echo "$((1+1))"`,
        ]) {
          const { outcome } = await session.run(command);
          expect(outcome).toMatchObject({ state: "done", exit: 0 });
          expect(outcome.notes.filter((note) => note.includes("came from the background"))).toEqual([]);
        }
        const job = await session.run("(sleep 0.2; echo from-a-job) & sleep 0.6");
        expect(job.text).toContain("from-a-job");
      }));
});

it.concurrent("end of input at a prompt ends the shell, and no line is said to have been left", () =>
  withSession("bash", async (session) => {
    const { outcome } = await session.keys("<C-d>", SOON);
    expect(outcome.state).toBe("closed");
    expect(outcome.notes.join(" ")).not.toContain("never entered");
  }));

describe("keys given before the line editor reads are its own, and not the terminal's", () => {
  for (const [shell, file, text] of [
    ["/bin/bash", ".bash_profile", "PROMPT_COMMAND='sleep 0.4'\n"],
    ["/bin/bash", ".bash_profile", "PS1='$(sleep 0.4)\\u@\\h\\$ '\n"],
    ["/bin/zsh", ".zshrc", "precmd() { sleep 0.4 }\n"],
    ["/bin/zsh", ".zshrc", "setopt promptsubst; PS1='$(sleep 0.4)%# '\n"],
    ["/bin/mksh", ".profile", "PS1='$(sleep 0.4)$ '\n"],
    ["/bin/ksh93", ".profile", "PS1='$(sleep 0.4)$ '\n"],
  ] as const)
    it.concurrent(`end of input ends ${shell} whose prompt is late: ${text.trim()}`, () =>
      login({ shell, files: { [file]: text } }, async (session) => {
        await session.run("true");
        const { outcome } = await session.keys("<C-d>", SOON);
        expect(outcome).toMatchObject({ state: "closed", evidence: "exit" });
      }));
});

it.concurrent("an interrupted command's output is never given to the next", () =>
  withSession("bash", async (session) => {
    for (let at = 0; at < 8; at++) {
      const word = W.word();
      await session.run("sleep 30", { timeoutMs: 30 });
      await session.keys("<C-c>", SOON);
      expectDone(await session.run(`echo ${word}${at}`), 0, `${word}${at}`);
    }
  }));

describe("what asks for nothing returns, what asks is reported", () => {
  for (const [command, expected] of [
    ["(sleep 5 >/dev/null 2>&1 &) ; echo started", { state: "done", exit: 0 }],
    [`printf '%s' "$(cat <<'EOF'\n${"A'\"`$x ".repeat(120)}\nEOF\n)" | wc -c`, { state: "done", exit: 0 }],
    ["cat <<'EOF' | sh /dev/stdin 2>&1 | tail -1\necho one\necho two\nEOF", { state: "done", exit: 0 }],
    [
      "git init -q r; cd r; EDITOR=vim git -c user.name=n -c user.email=e@x commit --allow-empty",
      { state: "screen" },
    ],
    ["yes | head -1", { state: "done", exit: 0 }],
    ["echo 'the usual lecture'; sudo -k true", { state: "asking", asked: "password" }],
  ] as const)
    it.concurrent(command.slice(0, 60), () =>
      withSession("bash", async (session) => {
        expect((await session.run(command, SOON)).outcome).toMatchObject(expected);
      }),
    );
});
