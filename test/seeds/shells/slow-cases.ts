import assert from "node:assert/strict";
import { type Dialled, hostFor } from "../../real/kit/host.ts";
import { addTestUser } from "../../real/kit/users.ts";
import { BOURNE, OWN_STATES } from "../../real/own-states.ts";
import { type Opened, type Result, type Rig, rigFor } from "../../real/rig.ts";
import { type Words, words } from "../../real/words.ts";

/** One thing that a session over a slow link must do right; it throws where it does not. */
export interface SlowCase {
  readonly kind: "state" | "question" | "in front" | "no shell";
  readonly name: string;
  run(where: SlowPlace, seed: number): Promise<void>;
}

export interface SlowPlace {
  /** Has a host for each shell, behind the delay. */
  readonly rig: Rig;
  readonly server: Dialled;
}

/** What of ours could have been typed. */
const OURS = /7717|head -c|stty|no cli session|__m/;
const PATIENCE = { timeoutMs: 20_000 };

async function withSession(rig: Rig, host: string, work: (session: Opened) => Promise<void>): Promise<void> {
  const session = await rig.open(host);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

function isDone({ outcome, text }: Result, exit: number, output: string): void {
  assert.deepEqual({ state: outcome.state, exit: outcome.exit, text }, { state: "done", exit, text: output });
}

/** A shell in a state of the user's own: output and status are the command's, short or long. */
const STATES: readonly SlowCase[] = OWN_STATES.flatMap(([what, shells, state]) =>
  shells.map((shell) => ({
    kind: "state",
    name: `${shell} with ${what}`,
    run: ({ rig }, seed) =>
      withSession(rig, shell, async (session) => {
        const W = words(seed);
        const [one, two] = [W.word(), W.word()];
        await session.run(state, PATIENCE);
        isDone(await session.run(`echo ${one}; false`), 1, one);
        isDone(await session.run(`x='${"y".repeat(1200)}'; echo "\${#x} ${two}"`), 0, `1200 ${two}`);
        isDone(await session.run("true"), 0, "");
      }),
  })),
);

const START_UP: readonly (readonly [shell: string, file: string, behind: string])[] = [
  ["/bin/bash", ".bash_profile", ". ~/.bashrc\n"],
  ["/usr/bin/zsh", ".zshrc", ""],
  ["/bin/dash", ".profile", ""],
  ["/usr/bin/ksh93", ".profile", ""],
  ["/bin/mksh", ".profile", ""],
];

const QUESTIONS: readonly (readonly [what: string, row: (W: Words) => string])[] = [
  ["a sum in dollars", (W) => `${W.title()} in $ `],
  ["a share in percent", (W) => `${W.title()} in % `],
  ["a choice with a default", (W) => `${W.title()} [${W.word()}]$ `],
  ["a path", (W) => `${W.title()} [~/${W.word()}] > `],
  ["a home-like path", (W) => `~/${W.word()} > `],
  ["a root-like path", (W) => `/${W.word()}/${W.word()} # `],
  ["one word and a percent sign", (W) => `${W.word()} % `],
  ["two words and a dollar sign", (W) => `${W.word()} ${W.word()}$ `],
];

/** A start-up file asks: nothing is typed into it, the answer goes to it alone, and then there is a framed shell. */
const ASKED: readonly SlowCase[] = (["auto", "posix"] as const).flatMap((platform) =>
  QUESTIONS.flatMap(([what, row]) =>
    START_UP.map(
      ([shell, file, behind]): SlowCase => ({
        kind: "question",
        name: `${what}, asked by ${file} of ${shell}, platform ${platform}`,
        async run({ server }, seed) {
          const W = words(seed);
          const asks = `printf '%s' '${row(W)}'; read x; echo "$x" >~/answer\n${behind}`;
          const user = await addTestUser({ shell, files: { [file]: asks } });
          const rig = rigFor([hostFor(server, user, { platform })]);
          try {
            const session = await rig.open(user.login);
            const view = session.view();
            assert.equal(session.first.outcome.state, "asking");
            assert.doesNotMatch((await view.text(0, view.end)).lines.join("\n"), OURS);
            const answer = W.word();
            assert.equal((await session.type(answer, PATIENCE)).outcome.state, "done");
            isDone(await session.run("cat answer; echo after"), 0, `${answer}\nafter`);
          } finally {
            await rig.close();
            await user.remove();
          }
        },
      }),
    ),
  ),
);

const OPENS: readonly (readonly [hosts: readonly string[], command: (W: Words) => string, closes?: true])[] =
  [
    [BOURNE, () => "bash --norc +o history"],
    [BOURNE, () => "exec zsh -f", true],
    [BOURNE, () => "script -q -e -c sh /dev/null"],
    [
      BOURNE,
      (W) => {
        const name = `${W.word()}_in`;
        return `${name}() { command mksh; }; ${name}`;
      },
    ],
    [BOURNE, (W) => `env ${W.word()}=1 busybox ash`],
    [BOURNE, () => "nice dash"],
    [BOURNE, () => "sh -c 'exec ksh93'"],
  ];

/** A shell in front is joined by what the kernel sees, works, and is left again. */
const IN_FRONT: readonly SlowCase[] = OPENS.flatMap(([hosts, command, closes]) =>
  hosts.map((host) => ({
    kind: "in front",
    name: `${host}: ${command(words(1)).slice(0, 60)}`,
    run: ({ rig }, seed) =>
      withSession(rig, host, async (session) => {
        const W = words(seed);
        const { outcome } = await session.run(command(W), PATIENCE);
        const { state, level } = outcome;
        assert.deepEqual(
          { state, level, asked: state === "asking" && outcome.asked },
          { state: "asking", level: 2, asked: "shell" },
        );
        const word = W.word();
        isDone(await session.run(`echo ${word}; false`), 1, word);
        const left = await session.run("exit 6");
        if (closes) {
          assert.equal(left.outcome.state, "closed");
          return;
        }
        isDone(left, 6, left.text);
        isDone(await session.run("echo outside"), 0, "outside");
      }),
  })),
);

const LOOKS: readonly (readonly [hosts: readonly string[], command: (row: string) => string])[] = [
  [["bash"], (row) => `read -e -p '${row}' x`],
  [["bash", "dash", "ash"], (row) => `(read -p '${row}' x)`],
  [BOURNE, (row) => `printf '%s' '${row}'; read x`],
  [BOURNE, (row) => `printf '%s' '${row}'; (read x)`],
  [BOURNE, (row) => `sh -c "printf '%s' '${row}'; read x"`],
  [BOURNE, (row) => `bash -c "read -e -p '${row}' x"`],
  [BOURNE, (row) => `zsh -fc "x=; vared -p '${row}' x"`],
];

/** What only looks like a shell in front is a question; the answer goes to it. */
const NO_SHELL: readonly SlowCase[] = LOOKS.flatMap(([hosts, command]) =>
  hosts.map((host) => ({
    kind: "no shell",
    name: `${host}: ${command("ROW")}`,
    run: ({ rig }, seed) =>
      withSession(rig, host, async (session) => {
        const W = words(seed);
        const { outcome } = await session.run(command(`~/${W.word()} $ `), PATIENCE);
        assert.deepEqual({ state: outcome.state, level: outcome.level }, { state: "asking", level: 1 });
        assert.doesNotMatch(session.view().screen().rows.join("\n"), OURS);
        assert.equal((await session.type(W.word(), PATIENCE)).outcome.state, "done");
        isDone(await session.run("echo outside"), 0, "outside");
      }),
  })),
);

export const SLOW_CASES: readonly SlowCase[] = [...STATES, ...ASKED, ...IN_FRONT, ...NO_SHELL];
