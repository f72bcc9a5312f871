import { hostFor } from "../../real/kit/host.ts";
import { startSshd } from "../../real/kit/sshd.ts";
import { acquireTestUsers } from "../../real/kit/users.ts";
import { type Rig, rigFor } from "../../real/rig.ts";
import { SHELLS } from "./grammar.ts";
import { stateRun } from "./run-states.ts";

/** Sessions at once: mostly they wait. */
const AT_ONCE = 6;
/** Of a hundred states, so many may have a command that was not run: a session that refuses all would claim nothing wrong. */
const MOST_NOT_RUN = 2;

export interface StatesRun {
  readonly faults: string[];
  readonly results: number;
  readonly notRun: readonly string[];
  /** A row for each shell: states, commands that did what a script does, not run, wrong. */
  readonly figures: readonly string[];
}

/** Runs `count` generated states over a rig with a host for each shell; each fault names the seed and the command that runs it alone. */
export async function runStates(
  rig: Rig,
  from: number,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<StatesRun> {
  const faults: string[] = [];
  const notRun: string[] = [];
  const shells = new Map<string, { states: number; matched: number; notRun: number; wrong: number }>();
  let results = 0;
  let next = from;
  let done = 0;
  const work = async () => {
    while (next < from + count) {
      const seed = next++;
      const run = await stateRun(rig, seed);
      const alone = `npm run seeds -- --states --from ${seed} --seeds 1`;
      const shell = shells.get(run.shell) ?? { states: 0, matched: 0, notRun: 0, wrong: 0 };
      shells.set(run.shell, shell);
      shell.states++;
      shell.matched += run.outcomes - run.faults.length;
      shell.notRun += run.notRun.length;
      shell.wrong += run.faults.length;
      results += run.outcomes;
      faults.push(...run.faults.map((fault) => `seed ${seed} (${alone}): ${fault}`));
      notRun.push(...run.notRun.map((said) => `seed ${seed} (${alone}): not run: ${said}`));
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
  // One of few proves nothing.
  if (notRun.length > Math.max(1, (count * MOST_NOT_RUN) / 100)) faults.push(...notRun);
  const figures = [...shells].map(
    ([name, { states, matched, notRun, wrong }]) =>
      `${name}: ${states} states, ${matched} commands as in a script, ${notRun} not run, ${wrong} wrong`,
  );
  return { faults, results, notRun, figures: figures.sort() };
}

/** Runs them behind a server of its own, with throw-away accounts. @throws when not root. */
export async function stateSeeds(
  from: number,
  count: number,
  progress: (done: number) => void,
): Promise<StatesRun> {
  const users = await acquireTestUsers();
  try {
    const server = await startSshd();
    const rig = rigFor(Object.keys(SHELLS).map((name) => hostFor(server, name)));
    try {
      return await runStates(rig, from, count, progress);
    } finally {
      await rig.close();
      await server.stop();
    }
  } finally {
    await users.release();
  }
}
