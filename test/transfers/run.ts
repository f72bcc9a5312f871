// npm run transfers [-- MEGABYTES [POINTS]]: a file of so many up and down, its memory, and as many files cut at random points.
import { transferLab } from "./transfers.ts";

const MB = 1e6;
const MOST_GROWN = 64 * MB;
/** Of a file that is cut: large enough that most points lie within it. */
const CUT_BYTES = 40 * MB;

const [megabytes = 1000, points = 20] = process.argv.slice(2).map(Number);
const lab = await transferLab();
let failed = 0;
let resumed = 0;
let cut = 0;
const say = (text: string) => process.stdout.write(`${text}\n`);
const fail = (wrong: readonly string[]) => {
  if (wrong.length > 0) failed++;
  for (const one of wrong) say(one);
};
try {
  for (const way of ["up", "down"] as const) {
    const run = await lab.whole(way, megabytes * MB);
    const grown = run.grown < MOST_GROWN ? [] : [`memory grew by ${Math.round(run.grown / MB)} MB`];
    fail([...run.wrong, ...grown]);
    say(`${megabytes} MB ${way}: ${Math.round(run.ms)} ms, memory grew by ${Math.round(run.grown / MB)} MB`);
  }
  for (let seed = 1; seed <= points; seed++) {
    const run = await lab.cut(seed, CUT_BYTES);
    fail(run.wrong);
    cut += run.cuts.length;
    if (run.resumed) resumed++;
    say(
      `seed ${seed}: ${run.cuts.join(", ") || "done before it could be cut"}${run.resumed ? ", gone on with" : ""}`,
    );
  }
} finally {
  await lab.close();
}
say(`${points} files cut ${cut} times, ${resumed} gone on with; ${failed} runs failed`);
process.exit(failed === 0 ? 0 : 1);
