import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser, testUser } from "./kit/users.ts";
import { type Opened, rigFor } from "./rig.ts";
import { expectDone } from "./scenarios.ts";
import { words } from "./words.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(async () => {
  await server?.stop();
});

const W = words(20_261_128);
/** What of ours could have been typed. */
const OURS = /7717|head -c|stty|no cli session|__m/;

type Platform = "auto" | "posix";

/** Everything the terminal has shown. */
async function shown(session: Opened): Promise<string> {
  const view = session.view();
  return (await view.text(0, view.end)).lines.join("\n");
}

interface Account {
  readonly shell: string;
  readonly files: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

async function login(account: Account, work: (session: Opened) => Promise<void>): Promise<void> {
  const user = await addTestUser(account);
  const rig = rigFor([hostFor(server, user, { platform: account.platform ?? "posix" })]);
  try {
    await work(await rig.open(user.login));
  } finally {
    await rig.close();
    await user.remove();
  }
}

/** A start-up file asks: nothing is typed, the answer goes to it alone, and then there is a framed shell. */
function asksFirst(account: Account): Promise<void> {
  return login(account, async (session) => {
    expect(session.first.outcome.state).toBe("asking");
    expect(await shown(session)).not.toMatch(OURS);
    const answer = W.word();
    expect((await session.type(answer, { timeoutMs: 15_000 })).outcome).toMatchObject({ state: "done" });
    expectDone(await session.run("cat answer; echo after"), 0, `${answer}\nafter`);
  });
}

/** Start-up code that asks with `row` and keeps the answer. */
const ask = (row: string) => `printf '%s' '${row}'; read x; echo "$x" >~/answer\n`;
const BACK = ". ~/.bashrc\n";

const SHELLS: readonly (readonly [shell: string, file: string, behind: string])[] = [
  ["/bin/bash", ".bash_profile", BACK],
  ["/usr/bin/zsh", ".zshrc", ""],
  ["/bin/dash", ".profile", ""],
  ["/usr/bin/ksh93", ".profile", ""],
  ["/bin/mksh", ".profile", ""],
];

const ROWS = [
  "Budget in $ ",
  "Discount in % ",
  "~ > ",
  "Region [us]$ ",
  "Path [~/prod] > ",
  `${W.title()} in $ `,
  `${W.title()} [${W.word()}]$ `,
  `~/${W.word()} > `,
  `${W.word()} % `,
  `/${W.word()}/${W.word()} # `,
];

describe("a question of a start-up file gets nothing typed into it", () => {
  for (const platform of ["auto", "posix"] as const)
    for (const [at, row] of ROWS.entries()) {
      const [shell, file, behind] = SHELLS[(at + (platform === "auto" ? 0 : 2)) % SHELLS.length] ?? [
        "/bin/dash",
        ".profile",
        "",
      ];
      it.concurrent(`${row}in ${file} of ${shell}, platform ${platform}`, () =>
        asksFirst({ shell, files: { [file]: ask(row) + behind }, platform }));
    }

  for (const platform of ["auto", "posix"] as const) {
    it.concurrent(`read -e in bash, platform ${platform}`, () =>
      asksFirst({
        shell: "/bin/bash",
        files: { ".bash_profile": `read -e -p '${W.word()} $ ' x; echo "$x" >~/answer\n${BACK}` },
        platform,
      }));
    it.concurrent(`read -p in bash, platform ${platform}`, () =>
      asksFirst({
        shell: "/bin/bash",
        files: { ".bash_profile": `read -p '[${W.word()}] $ ' x; echo "$x" >~/answer\n${BACK}` },
        platform,
      }));
    it.concurrent(`vared in zsh, platform ${platform}`, () =>
      asksFirst({
        shell: "/usr/bin/zsh",
        files: { ".zshrc": `x=; vared -p '${W.word()} %% ' x; print -r -- $x >~/answer\n` },
        platform,
      }));
    it.concurrent(`a progress figure and a question behind it, platform ${platform}`, () =>
      asksFirst({
        shell: "/bin/dash",
        files: {
          ".profile": `printf '10%%\\r'; sleep 0.2; printf '100%%\\n'\n${ask(`${W.title()} [/] # `)}`,
        },
        platform,
      }));
    it.concurrent(`a select menu, platform ${platform}`, () =>
      asksFirst({
        shell: "/bin/bash",
        files: {
          ".bash_profile": `PS3='$ '; select c in ${W.word()} ${W.word()}; do echo "$REPLY" >~/answer; break; done\n${BACK}`,
        },
        platform,
      }));
    it.concurrent(`a question of python, platform ${platform}`, () =>
      asksFirst({
        shell: "/bin/bash",
        files: {
          ".bash_profile": `python3 -c 'open("answer","w").write(input("~/${W.word()} $ ") + "\\n")'\n${BACK}`,
        },
        platform,
      }));
  }

  it.concurrent("dialog, as whiptail draws, is a screen or a question", () =>
    login(
      {
        shell: "/bin/bash",
        files: { ".bash_profile": `dialog --yesno '${W.word()} $' 7 30; clear; echo $? >~/answer\n${BACK}` },
      },
      async (session) => {
        expect(["asking", "screen"]).toContain(session.first.outcome.state);
        expect(session.view().screen().rows.join("\n")).not.toMatch(OURS);
        expect((await session.keys("<Enter>", { timeoutMs: 15_000 })).outcome.state).toBe("done");
      },
    ));
});

it("a menu from ForceCommand in the shell's own read gets nothing typed into it", async () => {
  const forced = await startSshd({
    config: [
      `Match User ${testUser("dash").login},${testUser("bash").login}`,
      `  ForceCommand if [ -n "$SSH_ORIGINAL_COMMAND" ]; then exec sh -c "$SSH_ORIGINAL_COMMAND"; fi; printf '1) shell 2) ${W.word()}\\n[~]$ '; read x; exec "$SHELL" -l`,
      "Match all",
    ],
  });
  const rig = rigFor([hostFor(forced, "dash"), hostFor(forced, "bash")]);
  try {
    for (const host of ["dash", "bash"]) {
      const session = await rig.open(host);
      expect(session.first.outcome).toMatchObject({ state: "asking", evidence: "kernel" });
      expect(await shown(session)).not.toMatch(OURS);
      expect((await session.type("1", { timeoutMs: 15_000 })).outcome).toMatchObject({ state: "done" });
      expectDone(await session.run("echo framed"), 0, "framed");
    }
  } finally {
    await rig.close();
    await forced.stop();
  }
});

it("a login shell that starts tmux is a screen, nothing is typed into its pane, and behind it is the shell", () =>
  login(
    { shell: "/bin/bash", files: { ".bash_profile": `tmux -L ${W.word()} new-session -A -s main\n${BACK}` } },
    async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "screen" });
      expect(session.view().screen().rows.join("\n")).not.toMatch(OURS);
      await session.type("tmux kill-server", { timeoutMs: 15_000 });
      await session.settle();
      expectDone(await session.run("echo behind"), 0, "behind");
    },
  ));

it("a start-up file that takes long is waited for, whatever it has printed", () =>
  login(
    {
      shell: "/bin/bash",
      files: { ".bash_profile": `printf '${W.word()}@web:~$ '; sleep 4; echo\n${BACK}` },
    },
    async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
      expectDone(await session.run("echo ready"), 0, "ready");
    },
  ));

it("bash whose prompt names nobody is not typed into until the caller says that it is a prompt", () =>
  login(
    { shell: "/bin/bash", files: { ".bashrc": `PS1='${W.word()} \\$ '\n`, ".bash_profile": BACK } },
    async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking", evidence: "kernel" });
      expect(session.first.outcome.notes.join(" ")).toContain('here: "prompt"');
      expect(await shown(session)).not.toMatch(OURS);
      await expect(session.run("echo no")).rejects.toMatchObject({ code: "not_ready" });
      expectDone(await session.run("echo said; false", { here: "prompt" }), 1, "said");
      expectDone(await session.run("echo framed"), 0, "framed");
    },
  ));

it("several logins at once on one connection each find their own shell", async () => {
  const rig = rigFor([hostFor(server, "dash"), hostFor(server, "zsh")]);
  try {
    const sessions = await Promise.all(
      ["dash", "zsh"].flatMap((host) => [1, 2, 3, 4].map((n) => rig.open(host, `${host}-${n}`))),
    );
    for (const session of sessions) {
      expect(session.first.outcome).toMatchObject({ state: "done" });
      expect((await session.run("cat", { timeoutMs: 5000 })).outcome).toMatchObject({
        state: "asking",
        evidence: "kernel",
      });
    }
  } finally {
    await rig.close();
  }
});

it("start-up files that print for commands without a terminal are told once", () =>
  login(
    { shell: "/bin/bash", files: { ".bashrc": `echo ${W.word()}\nPS1='\\u \\$ '\n`, ".bash_profile": BACK } },
    async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done" });
      expect(session.first.outcome.notes.join(" ")).toContain("start-up files print");
      expect((await session.run("cat", { timeoutMs: 5000 })).outcome.notes.join(" ")).not.toContain(
        "start-up files print",
      );
    },
  ));
