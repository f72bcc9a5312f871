// npx tsx test/contract/run.ts [--seeds 500] [--from 1] [--framing shell,device] [--faults 20] [--trace] [--real]
// Two callers on one session over a slow link, as each seed says, on a clock of its own: what the far end executed is
// compared with what each caller gave and was told. `--real`: in real time over SSH on loopback, 20 seeds. Exits 1 when
// one is wrong.
import { parseArgs } from "node:util";
import { realSeeds } from "./real.ts";
import { FRAMINGS, warmUp } from "./rig.ts";
import { runSeeds } from "./two-callers.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string" },
    framing: { type: "string" },
    faults: { type: "string" },
    trace: { type: "boolean" },
    real: { type: "boolean" },
  },
});
const from = Number(values.from ?? 1);
const count = Number(values.seeds ?? (values.real ? 20 : 500));
const shown = Number(values.faults ?? 20);
const framings = FRAMINGS.filter((name) => values.framing?.split(",").includes(name) ?? true);

await warmUp();
let wrong = 0;
for (const framing of framings) {
  const begun = performance.now();
  const progress = (done: number) => {
    if (done % 100 === 0) process.stdout.write(`${framing}: ${done} of ${count}\n`);
  };
  const trace = values.trace ? (moment: string) => process.stdout.write(`${moment}\n`) : undefined;
  const { faults, results } = await (values.real ? realSeeds : runSeeds)(
    framing,
    from,
    count,
    progress,
    trace,
  );
  wrong += faults.length;
  for (const fault of faults.slice(0, shown)) process.stdout.write(`${fault}\n`);
  if (faults.length > shown) process.stdout.write(`… and ${faults.length - shown} more\n`);
  for (const [kind, times] of counted(faults)) process.stdout.write(`  ${times} × ${kind}\n`);
  const seeds = new Set(faults.map((fault) => /^seed \d+/.exec(fault)?.[0])).size;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  process.stdout.write(
    `${framing}: ${count} seeds, ${results} results, ${faults.length} faults in ${seeds} seeds (${seconds} s)\n`,
  );
}
process.exit(wrong === 0 ? 0 : 1);

/** Faults by kind, the most frequent first. */
function counted(faults: readonly string[]): readonly (readonly [string, number])[] {
  const kinds = new Map<string, number>();
  for (const fault of faults) {
    const kind = /\): ([^:]+):/.exec(fault)?.[1] ?? fault;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].sort((one, other) => other[1] - one[1]);
}
