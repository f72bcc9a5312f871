// npm run drills [-- COUNT [FROM [TOGETHER [KIND [DEVICE]]]]]: changes that cut off whoever makes them, each as its seed says.
import { type Kind, runBatch } from "./drills.ts";

const [count = 1000, from = 1, together = 12] = process.argv.slice(2, 5).map(Number);
const [kind, device] = process.argv.slice(5);
const KINDS: readonly Kind[] = ["lockout", "reload", "link", "kill", "good", "meddled"];
const chosen = KINDS.find((known) => known === kind);
const only = { ...(chosen && { kind: chosen }), ...(device === undefined ? {} : { device }) };
const tally = new Map<string, number>();
let failed = 0;
const began = performance.now();
for (let seed = from; seed < from + count; seed += together) {
  const seeds = Array.from({ length: Math.min(together, from + count - seed) }, (_, at) => seed + at);
  for (const one of await runBatch(seeds, only)) {
    const row = `${one.platform} ${one.kind} → ${one.claim}`;
    tally.set(row, (tally.get(row) ?? 0) + 1);
    if (one.wrong.length === 0) continue;
    failed += 1;
    const text = process.env.DRILL_TEXT === undefined ? "" : `\n${one.text}`;
    process.stdout.write(`seed ${one.seed}, ${one.platform}, ${one.kind}: ${one.wrong.join("; ")}${text}\n`);
  }
}
for (const [row, times] of [...tally].sort()) process.stdout.write(`  ${row} ${times}\n`);
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(`${count} drills from seed ${from}: ${failed} failed, ${seconds} s\n`);
process.exit(failed === 0 ? 0 : 1);
