// npm run soak [-- CYCLES SESSIONS MINUTES]: sessions opened and closed, then many at once with random traffic, each line with its
// session's own token. What the server holds is measured once its garbage is collected.
import { servedHosts } from "../faults/served-hosts.ts";
import { seeded } from "../seeds/random.ts";
import { type Held, inside } from "./inside.ts";

const [cycles = 2_000, sessions = 200, minutes = 30] = process.argv.slice(2).map(Number);
const AT_ONCE = 8;
/** Growth of the heap that is no leak: compiled code, caches, closed sessions that stay readable. */
const HEAP_MB = 8;
// What is awaited at the end does not keep Node alive by itself.
const alive = setInterval(() => {}, 1_000);
const look = inside();
const served = await servedHosts(look.nodeOptions);
const pid = served.wire.child.pid ?? 0;
const wrong: string[] = [];

const held = () => look.held(pid);
const said = ({ descriptors, timers, listeners, heapMb, rssMb }: Held) =>
  `${descriptors} descriptors, ${timers} timers, ${listeners} listeners, heap ${heapMb.toFixed(1)} MB, memory ${rssMb.toFixed(0)} MB`;

/** Works through the numbers from 0, some at once. */
async function each(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function cycle(index: number): Promise<void> {
  const session = `cycle-${index}`;
  const opened = await served.call("ssh_connect", { host: "plain", session, timeout_s: 50 });
  if (!/ ready [^\n]*\]$/.test(opened)) wrong.push(`cycle ${index}: ${opened.slice(-200)}`);
  await served.call("ssh_disconnect", { session });
}

await each(Math.min(100, cycles), AT_ONCE, cycle);
await new Promise((resolve) => setTimeout(resolve, 35_000));
const before = await held();
await each(cycles, AT_ONCE, (index) => cycle(1_000 + index));
// A connection that nobody uses is kept for half a minute.
await new Promise((resolve) => setTimeout(resolve, 35_000));
const after = await held();
process.stdout.write(`${cycles} cycles: from ${said(before)}\n  to ${said(after)}\n`);
for (const what of ["descriptors", "timers", "listeners"] as const)
  if (after[what] > before[what]) wrong.push(`${what} grew from ${before[what]} to ${after[what]}`);
if (after.heapMb > before.heapMb + HEAP_MB) wrong.push("the heap grew");

await each(sessions, AT_ONCE, async (index) => {
  const opened = await served.call("ssh_connect", { host: "plain", session: `s${index}`, timeout_s: 50 });
  if (!/ ready [^\n]*\]$/.test(opened)) wrong.push(`session ${index}: ${opened.slice(-200)}`);
});
const end = Date.now() + minutes * 60_000;
const samples: { readonly at: number; readonly mb: number }[] = [];
const sampler = setInterval(() => {
  void held().then(({ heapMb }) => samples.push({ at: Date.now(), mb: heapMb }));
}, 10_000);
let commands = 0;
await Promise.all(
  Array.from({ length: sessions }, async (_, index) => {
    const random = seeded(index + 1);
    for (let turn = 0; Date.now() < end; turn++) {
      const lines = 1 + Math.floor(random() * 40);
      const token = `t${index}x${turn}`;
      const command = `for i in $(seq ${lines}); do echo ${token}-$i; done`;
      const text = await served.call("ssh_shell", { session: `s${index}`, command, timeout_s: 50 });
      const seen = text.match(/t\d+x\d+-\d+/g) ?? [];
      const expected = Array.from({ length: lines }, (_, at) => `${token}-${at + 1}`);
      if (seen.join() !== expected.join()) wrong.push(`s${index} turn ${turn}: ${text.slice(0, 300)}`);
      commands++;
      await new Promise((resolve) => setTimeout(resolve, 200 + random() * 4_000));
    }
  }),
);
clearInterval(sampler);
// The first third is warm-up: the slope of the rest, in MB per ten minutes.
const rest = samples.slice(Math.floor(samples.length / 3));
const slope = slopeOf(rest) * 600_000;
process.stdout.write(
  `${sessions} sessions, ${minutes} minutes: ${commands} commands, heap ${(rest[0]?.mb ?? 0).toFixed(0)} to ${(rest.at(-1)?.mb ?? 0).toFixed(0)} MB, ${slope.toFixed(2)} MB per 10 minutes\n`,
);
await served.close();
look.dispose();
clearInterval(alive);
for (const one of wrong.slice(0, 20)) process.stdout.write(`${one}\n`);
process.stdout.write(`${wrong.length} wrong\n`);
process.exit(wrong.length === 0 ? 0 : 1);

/** Least squares, MB per millisecond. */
function slopeOf(points: readonly { readonly at: number; readonly mb: number }[]): number {
  const count = points.length;
  if (count < 2) return 0;
  const mean = (pick: (point: { at: number; mb: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / count;
  const [x, y] = [mean(({ at }) => at), mean(({ mb }) => mb)];
  const spread = points.reduce((sum, { at }) => sum + (at - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, { at, mb }) => sum + (at - x) * (mb - y), 0) / spread;
}
