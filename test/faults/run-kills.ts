// npm run kills:audit [-- COUNT [FROM]]: the built server is killed under load, each time as its seed says; 50 when no count is given.
import { killLab } from "./audit-kills.ts";

const [count = 50, from = 1] = process.argv.slice(2).map(Number);
const lab = killLab();
let acknowledged = 0;
let failed = 0;
try {
  for (let seed = from; seed < from + count; seed++) {
    const kill = await lab.run(seed);
    acknowledged += kill.acknowledged;
    for (const wrong of kill.wrong) process.stdout.write(`seed ${seed}: ${wrong}\n`);
    if (kill.wrong.length > 0) failed++;
  }
  const { lines, problems, repaired } = await lab.sum();
  if (problems > 0) failed++;
  process.stdout.write(
    `${count} kills from seed ${from}: ${acknowledged} answered calls, ${failed} kills lost one; ${lines} lines, ${problems} problems of the chain, ${repaired} torn lines repaired\n`,
  );
} finally {
  lab.close();
}
process.exit(failed === 0 ? 0 : 1);
