import { DEVICE_CASES, runDeviceCase } from "./device-cases.ts";
import { DIALOGUES } from "./devices/all.ts";
import { play } from "./devices/stage.ts";
import { iosRun } from "./ios.ts";
import { routerOsRun } from "./routeros.ts";

type Run = (seed: number) => Promise<{ faults: readonly string[]; outcomes: number }>;

export type DeviceName = "ios" | "routeros" | "cases" | "tools";
export const DEVICES: readonly DeviceName[] = ["ios", "routeros", "cases", "tools"];

/** One session per seed, by device. */
const RUNS: Readonly<Record<DeviceName, Run>> = {
  ios: iosRun,
  routeros: routerOsRun,
  cases: casesRun,
  tools: toolsRun,
};

/** Every dialogue once, each with a pace of its own. */
async function casesRun(seed: number): Promise<{ faults: readonly string[]; outcomes: number }> {
  const faults: string[] = [];
  let outcomes = 0;
  for (const [index, one] of DEVICE_CASES.entries()) {
    const ran = await runDeviceCase(one, seed * DEVICE_CASES.length + index);
    faults.push(...ran.faults);
    outcomes += ran.outcomes;
  }
  return { faults, outcomes };
}

/** Dialogues of one seed: a thousand seeds play each of them fifty times. */
export const PLAYED_AT_ONCE = 3;

/** The next few dialogues at the tools, each with a pace of its own. */
async function toolsRun(seed: number): Promise<{ faults: readonly string[]; outcomes: number }> {
  const faults: string[] = [];
  let outcomes = 0;
  for (let at = (seed - 1) * PLAYED_AT_ONCE; at < seed * PLAYED_AT_ONCE; at++) {
    const dialogue = DIALOGUES[at % DIALOGUES.length];
    if (dialogue === undefined) continue;
    const played = await play(dialogue, at + 1);
    faults.push(...played.faults);
    outcomes += played.outcomes;
  }
  return { faults, outcomes };
}

/** Sessions at once: mostly they wait. With many more, the simulated devices of one process would pause for each other. */
const AT_ONCE = 12;

/** Runs `count` seeds; each fault names the seed and the command that runs it alone. */
export async function runSeeds(
  name: DeviceName,
  from: number,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<{ faults: string[]; outcomes: number }> {
  const run = RUNS[name];
  const faults: string[] = [];
  let outcomes = 0;
  let next = from;
  let done = 0;
  const work = async () => {
    while (next < from + count) {
      const seed = next++;
      const found = await run(seed).catch((error: unknown) => ({ faults: [String(error)], outcomes: 0 }));
      outcomes += found.outcomes;
      const alone = `npm run seeds -- --device ${name} --from ${seed} --seeds 1`;
      faults.push(...found.faults.map((fault) => `seed ${seed} (${alone}): ${fault}`));
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
  return { faults, outcomes };
}
