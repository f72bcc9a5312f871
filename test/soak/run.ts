// npm run soak [-- CYCLES SESSIONS MINUTES]: sessions opened and closed, then many at once with random traffic, each line with its
// session's own token. Descriptors and memory are the built server's, from /proc.
import { readdirSync, readFileSync } from "node:fs";
import { servedHosts } from "../faults/served-hosts.ts";
import { seeded } from "../seeds/random.ts";

const [cycles = 2_000, sessions = 200, minutes = 30] = process.argv.slice(2).map(Number);
const AT_ONCE = 8;
const served = await servedHosts();
const pid = served.wire.child.pid ?? 0;
const wrong: string[] = [];

const descriptors = () => readdirSync(`/proc/${pid}/fd`).length;
const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

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
  if (!/ done [^\n]*\]$/.test(opened)) wrong.push(`cycle ${index}: ${opened.slice(-200)}`);
  await served.call("ssh_disconnect", { session });
}

await each(Math.min(100, cycles), AT_ONCE, cycle);
await new Promise((resolve) => setTimeout(resolve, 35_000));
const before = { fds: descriptors(), mb: memoryMb() };
await each(cycles, AT_ONCE, (index) => cycle(1_000 + index));
// A connection that nobody uses is kept for half a minute.
await new Promise((resolve) => setTimeout(resolve, 35_000));
const after = { fds: descriptors(), mb: memoryMb() };
process.stdout.write(
  `${cycles} cycles: descriptors ${before.fds} to ${after.fds}, memory ${before.mb.toFixed(0)} to ${after.mb.toFixed(0)} MB\n`,
);
if (after.fds > before.fds) wrong.push(`descriptors grew from ${before.fds} to ${after.fds}`);

await each(sessions, AT_ONCE, async (index) => {
  const opened = await served.call("ssh_connect", { host: "plain", session: `s${index}`, timeout_s: 50 });
  if (!/ done [^\n]*\]$/.test(opened)) wrong.push(`session ${index}: ${opened.slice(-200)}`);
});
const end = Date.now() + minutes * 60_000;
const samples: { readonly at: number; readonly mb: number }[] = [];
const sampler = setInterval(() => samples.push({ at: Date.now(), mb: memoryMb() }), 10_000);
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
  `${sessions} sessions, ${minutes} minutes: ${commands} commands, memory ${(rest[0]?.mb ?? 0).toFixed(0)} to ${(rest.at(-1)?.mb ?? 0).toFixed(0)} MB, ${slope.toFixed(2)} MB per 10 minutes\n`,
);
await served.close();
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
