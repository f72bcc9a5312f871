import { afterAll, beforeAll, describe, it } from "vitest";
import type { Account } from "./kit/accounts.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser } from "./kit/users.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";
import { words } from "./words.ts";

/** Keys that print and do something else in the line editor: a command is what was given all the same. */

const W = words(1_201_826);
const BACK = ". ~/.bashrc\n";
const PS1 = "PS1='\\u@\\h:\\w\\$ '\n";

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(["bash", "zsh", "fish", "mksh"].map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "keys");

async function login(account: Omit<Account, "name">, work: (session: Opened) => Promise<void>) {
  const user = await addTestUser(account);
  const own = rigFor([hostFor(server, user)]);
  try {
    await work(await own.open(user.login));
  } finally {
    await own.close();
    await user.remove();
  }
}

/** Two letters within a word, as people bind them to leave the insert mode of vi; none that our own line is made of. */
const pairIn = (word: string) =>
  /[^_](?:[cdghjkoqwyz].|.[cdghjkoqwyz])/.exec(word)?.[0].slice(1) ?? word.slice(1);
/** A letter of it that is in no line of ours. */
const letterIn = (word: string) => /[cdghjkoqwyz]/.exec(word)?.[0] ?? "q";

/** Each of them as it is, with keys behind the pair that an editor would act on. */
async function arrives(session: Opened, word: string): Promise<void> {
  for (const text of [word, `${word}i${word}`, `x${word}A.../${word}`, `co ${word}`])
    expectDone(await session.run(`echo ${text}`), 0, text);
  expectDone(await session.run(`sh -c 'exit 7' ${word}`), 7, "");
}

describe("two letters that leave vi's insert mode, and what else a start-up file binds, change no command", () => {
  for (const [what, account] of [
    [
      "abbreviations in bash",
      (word: string) => ({
        shell: "/bin/bash",
        files: {
          ".bashrc": PS1,
          ".bash_profile": BACK,
          ".inputrc": `set editing-mode vi\nset keymap vi-insert\n"${pairIn(word)}": vi-movement-mode\n"co ": "commit "\n`,
        },
      }),
    ],
    [
      "dots that become a path and a space that takes the word before it in zsh",
      (word: string) => ({
        shell: "/usr/bin/zsh",
        files: {
          ".zshrc": `PROMPT='%n@%m %~ %# '
bindkey -v; bindkey ${pairIn(word)} vi-cmd-mode
dots() { [[ $LBUFFER = *.. ]] && LBUFFER+=/..; LBUFFER+=. }; zle -N dots; bindkey . dots
space() { LBUFFER=\${LBUFFER%${word}}; zle self-insert }; zle -N space; bindkey ' ' space
`,
        },
      }),
    ],
    [
      "abbreviations in fish",
      (word: string) => ({
        shell: "/usr/bin/fish",
        files: {
          ".config/fish/config.fish": `fish_vi_key_bindings
bind -M insert -m default ${pairIn(word)} backward-char force-repaint
abbr -a --position anywhere ${word} 'rm x'
`,
        },
      }),
    ],
  ] as const)
    it.concurrent(what, () => {
      const word = W.word();
      return login(account(word), (session) => arrives(session, word));
    });
});

describe("keys that a command binds change none behind it", () => {
  for (const [host, bind] of [
    ["bash", (key: string) => `bind '"${key}": "x"'`],
    ["zsh", (key: string) => `bindkey -s ${key} x`],
    ["fish", (key: string) => `bind ${key} 'commandline -i x'`],
    ["mksh", (key: string) => `bind '${key}=search-history'`],
  ] as const)
    it.concurrent(`in ${host}`, () =>
      withSession(host, async (session) => {
        const word = W.word();
        expectDone(await session.run(bind(letterIn(word))), 0);
        expectDone(await session.run(`echo ${word}`), 0, word);
      }));

  it.concurrent("in a line that was entered by keys", () =>
    withSession("bash", async (session) => {
      const word = W.word();
      await session.keys(`bind '"${letterIn(word)}": "x"'<Enter>`);
      expectDone(await session.run(`echo ${word}`), 0, word);
    }));
});
