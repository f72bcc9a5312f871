// npm run seeds [-- --seeds 1000] [--from 1] [--device ios,routeros]
// Sessions on the simulated devices over real SSH, each disturbed as its seed says (odd chunks, delays, log rows, repaints):
// every outcome and every text is compared with what the undisturbed device says. Exits 1 when one is wrong.
import { parseArgs } from "node:util";
import { RUNS, runSeeds } from "./runs.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string" }, from: { type: "string" }, device: { type: "string" } },
});
const from = Number(values.from ?? 1);
const count = Number(values.seeds ?? 1000);
const names = values.device?.split(",") ?? Object.keys(RUNS);
const alive = setInterval(() => {}, 1000);
let wrong = 0;
for (const name of names) {
  const begun = performance.now();
  const { faults, outcomes } = await runSeeds(name, from, count, (done) => {
    if (done % 100 === 0) process.stdout.write(`${name}: ${done} of ${count}\n`);
  });
  wrong += faults.length;
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  process.stdout.write(
    `${name}: ${count} seeds, ${outcomes} outcomes, ${faults.length} wrong (${seconds} s)\n`,
  );
}
clearInterval(alive);
process.exit(wrong === 0 ? 0 : 1);
