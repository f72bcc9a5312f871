// npm run faults [-- COUNT [FROM]]: faults on the link at random, each as its seed says; 500 when no count is given.
import { faultLab } from "./faults.ts";

const [count = 500, from = 1] = process.argv.slice(2).map(Number);
const lab = await faultLab();
const kinds = new Map<string, number>();
let failed = 0;
const began = performance.now();
try {
  for (let seed = from; seed < from + count; seed++) {
    const { fault, wrong, ended } = await lab.run(seed);
    const state = `${fault}: ${/^\[\S+ #\d+ (\w+)/.exec(ended)?.[1] ?? "refused"}${/\(.*\)$/.exec(ended)?.[0] ?? ""}`;
    kinds.set(state, (kinds.get(state) ?? 0) + 1);
    if (wrong.length === 0) continue;
    failed++;
    process.stdout.write(`seed ${seed}, ${fault}: ${wrong.join("; ")}\n`);
  }
} finally {
  await lab.close();
}
for (const [kind, times] of [...kinds].sort()) process.stdout.write(`  ${kind} ${times}\n`);
process.stdout.write(
  `${count} fault runs from seed ${from}: ${failed} failed, ${Math.round((performance.now() - began) / 1000)} s\n`,
);
process.exit(failed === 0 ? 0 : 1);
