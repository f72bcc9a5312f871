import { hostFor } from "../../real/kit/host.ts";
import { delayProxy } from "../../real/kit/proxy.ts";
import { startSshd } from "../../real/kit/sshd.ts";
import { acquireTestUsers } from "../../real/kit/users.ts";
import { BOURNE } from "../../real/own-states.ts";
import { rigFor } from "../../real/rig.ts";
import { pick, seeded } from "../random.ts";
import { SLOW_CASES, type SlowCase } from "./slow-cases.ts";

/** Milliseconds from a byte to what answers it. */
const DELAY = 100;
/** Sessions at once: mostly they wait. */
const AT_ONCE = 10;

/** So many cases, of each kind as many, drawn by seed; all of them where there are no more. */
export function slowSample(seed: number, count: number): readonly SlowCase[] {
  if (count >= SLOW_CASES.length) return SLOW_CASES;
  const random = seeded(seed);
  const kinds = [...new Set(SLOW_CASES.map(({ kind }) => kind))];
  const drawn = new Set<SlowCase>();
  for (let at = 0; drawn.size < count; at++) {
    const left = SLOW_CASES.filter((one) => one.kind === kinds[at % kinds.length] && !drawn.has(one));
    if (left.length > 0) drawn.add(pick(random, left as [SlowCase, ...SlowCase[]]));
  }
  return [...drawn];
}

/** Runs cases on real shells behind 100 ms of delay; a test's accounts must exist. */
export async function runSlow(
  cases: readonly SlowCase[],
  seed: number,
  progress: (done: number) => void = () => {},
): Promise<{ faults: string[]; results: number }> {
  const server = await startSshd();
  const proxy = await delayProxy({ target: server, rttMs: DELAY });
  const rig = rigFor(BOURNE.map((name) => hostFor(proxy, name)));
  const faults: string[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let one = cases[next++]; one !== undefined; one = cases[next++]) {
      const { kind, name } = one;
      await one.run({ rig, server: proxy }, seed + SLOW_CASES.indexOf(one)).catch((error: unknown) => {
        const alone = `npm run seeds -- --slow --from ${seed} --only "${name.replaceAll(/["$`\\\\]/g, "\\\\$&")}"`;
        faults.push(
          `seed ${seed} (${alone}): ${kind}: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
      progress(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, cases.length) }, work));
  } finally {
    await rig.close();
    await proxy.close();
    await server.stop();
  }
  return { faults, results: cases.length };
}

/** All of them, or those with `only` in their name, with throw-away accounts of its own. @throws when not root. */
export async function slowSeeds(
  seed: number,
  only: string | undefined,
  progress: (done: number) => void,
): Promise<{ faults: string[]; results: number }> {
  const users = await acquireTestUsers();
  try {
    const cases = SLOW_CASES.filter(({ name }) => only === undefined || name.includes(only));
    return await runSlow(cases, seed, progress);
  } finally {
    await users.release();
  }
}
