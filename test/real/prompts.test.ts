import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

const SHELLS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "fancy", "omz"];
const WORDS = ["lantern", "harbor", "meadow", "copper", "violet", "summit"];

let server: TestServer;
let proxy: DelayProxy;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  proxy = await delayProxy({ target: server, rttMs: 100 });
  rig = rigFor([
    ...SHELLS.map((name) => hostFor(server, name)),
    ...SHELLS.map((name) => ({ ...hostFor(proxy, name), name: `${name}-slow` })),
  ]);
});
afterAll(async () => {
  await rig?.close();
  await proxy?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "prompt");

/** Reads what was typed ahead of the prompt and throws it away. */
const DISCARD = "read -t 0.05 -n 9999 -s __away";
const POSITION = "printf '\\033[6n' >/dev/tty; IFS= read -t 0.3 -d R -s __at </dev/tty";

/** Prompt hooks as people and frameworks have them, installed by a command. */
const HOOKS: readonly { readonly name: string; readonly shell: string; readonly lines: string }[] = [
  { name: "a hook behind ours", shell: "bash", lines: 'PROMPT_COMMAND="$PROMPT_COMMAND; sleep 0.1"' },
  { name: "a hook in ours' place", shell: "bash", lines: "PROMPT_COMMAND='sleep 0.1'" },
  { name: "a hook that ends in a comment", shell: "bash", lines: "PROMPT_COMMAND='sleep 0.05 # wait'" },
  { name: "a hook that ends in a semicolon", shell: "bash", lines: "PROMPT_COMMAND='sleep 0.05;'" },
  { name: "no hook any more", shell: "bash", lines: "unset PROMPT_COMMAND" },
  { name: "an array of hooks", shell: "bash", lines: "PROMPT_COMMAND=('sleep 0.05' : 'sleep 0.05')" },
  { name: "a hook added to the array", shell: "bash", lines: `PROMPT_COMMAND+=('${DISCARD}')` },
  { name: "a hook that discards type-ahead", shell: "bash", lines: `PROMPT_COMMAND='${DISCARD}'` },
  {
    name: "a hook that asks where the cursor is",
    shell: "bash",
    lines: `__where() { ${POSITION}; }\nPROMPT_COMMAND=__where`,
  },
  {
    name: "a hook that sets itself anew",
    shell: "bash",
    lines: "__again() { PROMPT_COMMAND=__again; sleep 0.05; }\nPROMPT_COMMAND=__again",
  },
  {
    name: "a hook that puts itself last",
    shell: "bash",
    lines: `__last() { PROMPT_COMMAND="\${PROMPT_COMMAND//;__last/};__last"; ${DISCARD}; }\nPROMPT_COMMAND="$PROMPT_COMMAND;__last"`,
  },
  {
    name: "a hook under its own options",
    shell: "bash",
    lines: `set -u; IFS=0; PROMPT_COMMAND='${DISCARD}'`,
  },
  { name: "a prompt of two rows", shell: "bash", lines: "PS1='\\n\\w at work\\n> '" },
  { name: "a slow precmd function", shell: "zsh", lines: "precmd() { sleep 0.1 }" },
  {
    name: "a precmd function behind ours",
    shell: "zsh",
    lines: "later() { sleep 0.1 }; precmd_functions+=(later)",
  },
  { name: "other precmd functions", shell: "zsh", lines: "later() { sleep 0.1 }; precmd_functions=(later)" },
  {
    name: "a precmd function that discards type-ahead",
    shell: "zsh",
    lines:
      "away() { while read -t 0 -k 1 -s; do :; done; sleep 0.05; while read -t 0 -k 1 -s; do :; done }; precmd_functions+=(away)",
  },
  {
    name: "a widget at the line's beginning that reads",
    shell: "zsh",
    lines: "zle-line-init() { sleep 0.1; local k; while read -t 0 -k 1 k; do :; done }; zle -N zle-line-init",
  },
  {
    name: "widgets by add-zle-hook-widget",
    shell: "zsh",
    lines:
      "autoload -Uz add-zle-hook-widget; mine() { sleep 0.05 }; zle -N mine; add-zle-hook-widget zle-line-init mine",
  },
  {
    name: "a prompt that asks where the cursor is",
    shell: "zsh",
    lines: `where() { ${POSITION.replace("-d R -s", "-r -d R -s")} }; precmd_functions+=(where)`,
  },
  { name: "a prompt that runs a program", shell: "dash", lines: "PS1='$(sleep 0.1)work> '" },
  { name: "another prompt", shell: "dash", lines: "PS1='other> '" },
  { name: "a prompt that runs a program", shell: "ash", lines: "PS1='$(sleep 0.1)work> '" },
  { name: "another prompt", shell: "ash", lines: "PS1='other> '" },
  { name: "a prompt that runs a program", shell: "ksh", lines: "PS1='$(sleep 0.1)work> '" },
  { name: "another prompt", shell: "ksh", lines: "PS1='other> '" },
  { name: "a prompt that runs a program", shell: "mksh", lines: "PS1='$(sleep 0.1)work> '" },
  { name: "another prompt", shell: "mksh", lines: "PS1='other> '" },
  { name: "a slow prompt", shell: "fish", lines: "function fish_prompt; sleep 0.1; echo 'sea> '; end" },
  { name: "a prompt of two rows", shell: "fish", lines: "function fish_prompt; echo top; echo 'sea> '; end" },
  { name: "another hook in front", shell: "fancy", lines: 'PROMPT_COMMAND="sleep 0.1;$PROMPT_COMMAND"' },
];

describe.each(["", "-slow"])("commands one behind the other, link%s", (link) => {
  for (const { name, shell, lines } of HOOKS)
    it.concurrent(`run whole and once with ${name} in ${shell}`, () =>
      withSession(`${shell}${link}`, async (session) => {
        await session.run(lines);
        const fail = shell === "fish" ? "sh -c 'exit 7'" : "(exit 7)";
        for (const word of WORDS) {
          expectDone(await session.run(`echo ${word}`), 0, word);
          expectDone(await session.run(fail), 7, "");
        }
        const { outcome } = await session.run("sleep 30", { timeoutMs: 300 });
        expect(outcome.state).toBe("running");
        expect((await session.keys("<C-c>")).outcome).toMatchObject({ state: "done", exit: 130 });
        expectDone(await session.run(`echo ${WORDS[0]}`), 0, WORDS[0]);
      }));
});

it.concurrent("half-typed text is cleared for the next command in fish", () =>
  withSession("fish", async (session) => {
    await session.keys("echo half", { timeoutMs: 500 });
    expectDone(await session.run("echo next"), 0, "next");
  }));
