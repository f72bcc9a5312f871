// npm run seeds: sessions at random, each as its seed says. arguments.ts has the options and what is run.
import { burstSeeds } from "../contract/bursts.ts";
import { realSeeds } from "../contract/real.ts";
import { warmUp } from "../contract/rig.ts";
import { runSeeds as twoCallerSeeds } from "../contract/two-callers.ts";
import { type SeedArguments, seedArguments, USAGE } from "./arguments.ts";
import { runSeeds } from "./runs.ts";
import { stateSeeds } from "./shells/seeds.ts";
import { slowSeeds } from "./shells/slow.ts";
import { SLOW_CASES } from "./shells/slow-cases.ts";
import { shownSeeds } from "./shown.ts";

/** What one kind of session came to. */
interface Ran {
  readonly name: string;
  readonly faults: readonly string[];
  readonly results: number;
  readonly seconds: number;
}

// What is awaited does not keep Node alive by itself.
const alive = setInterval(() => {}, 1000);
const given = argumentsOrUsage();
if (typeof given === "number") process.exit(given);
const ran: Ran[] = [];
for (const device of given.devices)
  ran.push(
    await measured(device, given, async (progress) => {
      const { faults, outcomes } = await runSeeds(device, given.from, given.seeds, progress);
      return { faults, results: outcomes };
    }),
  );
if (given.framings.length > 0) await warmUp();
const trace = given.trace ? (moment: string) => void process.stdout.write(`${moment}\n`) : undefined;
for (const framing of given.framings)
  ran.push(
    await measured(`two callers, ${framing}`, given, (progress) =>
      (given.real ? realSeeds : twoCallerSeeds)(framing, given.from, given.seeds, progress, trace),
    ),
  );
if (!given.real)
  for (const framing of given.framings)
    ran.push(
      await measured(`bursts, ${framing}`, given, (progress) =>
        burstSeeds(framing, given.from, given.seeds, progress, trace),
      ),
    );
if (!given.real && given.framings.length > 0)
  ran.push(
    await measured("shown results", given, (progress) => shownSeeds(given.from, given.seeds, progress)),
  );
if (given.states)
  ran.push(
    await measured("states", given, async (progress) => {
      const run = await stateSeeds(given.from, given.seeds, progress);
      for (const said of run.notRun.slice(0, given.faults)) process.stdout.write(`${said}\n`);
      for (const row of run.figures) process.stdout.write(`  ${row}\n`);
      return run;
    }),
  );
if (given.slow)
  ran.push(
    await measured("slow", { ...given, seeds: SLOW_CASES.length }, (progress) =>
      slowSeeds(given.from, given.only, progress),
    ),
  );
process.stdout.write("\n");
for (const { name, faults, results, seconds } of ran) {
  const wrong =
    faults.length === 0 ? "0 faults" : `${some(faults.length, "fault")} in ${some(seedsOf(faults), "seed")}`;
  const figures = [some(given.slow ? 1 : given.seeds, "seed"), some(results, "result"), wrong].join(", ");
  process.stdout.write(`${name}: ${figures} (${seconds.toFixed(0)} s)\n`);
}
clearInterval(alive);
process.exit(ran.every(({ faults }) => faults.length === 0) ? 0 : 1);

/** The arguments, or the exit code where there is nothing to run. */
function argumentsOrUsage(): SeedArguments | number {
  try {
    const read = seedArguments(process.argv.slice(2));
    if (read !== "help") return read;
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`seeds: ${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write("npm run seeds -- --help lists the options.\n");
    return 2;
  }
}

/** Runs one kind of session, prints how far it is, then the first faults and how often each kind of fault came. */
async function measured(
  name: string,
  { seeds, faults: most }: SeedArguments,
  run: (progress: (done: number) => void) => Promise<Pick<Ran, "faults" | "results">>,
): Promise<Ran> {
  const begun = performance.now();
  const { faults, results } = await run((done) => {
    if (done % 100 === 0) process.stdout.write(`${name}: ${done} of ${seeds}\n`);
  });
  for (const fault of faults.slice(0, most)) process.stdout.write(`${fault}\n`);
  if (faults.length > most) process.stdout.write(`… and ${faults.length - most} more\n`);
  for (const [kind, times] of kindsOf(faults)) process.stdout.write(`  ${times} × ${kind}\n`);
  return { name, faults, results, seconds: (performance.now() - begun) / 1000 };
}

/** The oracle's kinds of fault, the most frequent first. */
function kindsOf(faults: readonly string[]): readonly (readonly [string, number])[] {
  const kinds = new Map<string, number>();
  for (const fault of faults) {
    const kind = /\): ([a-z' ]+):/.exec(fault)?.[1];
    if (kind === undefined) continue;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].sort((one, other) => other[1] - one[1]);
}

function seedsOf(faults: readonly string[]): number {
  return new Set(faults.map((fault) => /^seed \d+/.exec(fault)?.[0])).size;
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
