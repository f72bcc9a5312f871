import { hostFor } from "../../real/kit/host.ts";
import { startSshd } from "../../real/kit/sshd.ts";
import { acquireTestUsers } from "../../real/kit/users.ts";
import { rigFor } from "../../real/rig.ts";
import { SHELLS } from "./grammar.ts";
import { stateRun } from "./run-states.ts";

/** Sessions at once: mostly they wait. */
const AT_ONCE = 6;

/** Runs `count` generated states on real shells behind a server of its own, with throw-away accounts. @throws when not root. */
export async function stateSeeds(
  from: number,
  count: number,
  progress: (done: number) => void,
): Promise<{ faults: string[]; results: number }> {
  const users = await acquireTestUsers();
  try {
    const server = await startSshd();
    const rig = rigFor(Object.keys(SHELLS).map((name) => hostFor(server, name)));
    const faults: string[] = [];
    let results = 0;
    let next = from;
    let done = 0;
    const work = async () => {
      while (next < from + count) {
        const seed = next++;
        const run = await stateRun(rig, seed);
        results += run.outcomes;
        const alone = `npm run seeds -- --states --from ${seed} --seeds 1`;
        faults.push(...run.faults.map((fault) => `seed ${seed} (${alone}): ${fault}`));
        progress(++done);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
    } finally {
      await rig.close();
      await server.stop();
    }
    return { faults, results };
  } finally {
    await users.release();
  }
}
