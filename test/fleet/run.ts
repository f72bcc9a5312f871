// npm run fleet [-- COUNT [FAULTS [SEED]]]: one command on many switches of the lab, all alike, and again with some that fail at
// random; 1,000 and 50 when no count is given. Time, processor time, memory, and what the result costs a reader.
import { performance } from "node:perf_hooks";
import { fleetDesk } from "./fleet-desk.ts";
import { FAULTS, type Fault, fleetLab, REASONS } from "./fleet-lab.ts";

const [count = 1_000, faults = 50, seed = 1] = process.argv.slice(2).map(Number);

/** A generator of numbers in [0, 1) that a seed decides (mulberry32). */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chosen(): ReadonlyMap<number, Fault> {
  const next = numbers(seed);
  const found = new Map<number, Fault>();
  while (found.size < Math.min(faults, count)) {
    const fault = FAULTS[Math.floor(next() * FAULTS.length)];
    const index = Math.floor(next() * count);
    if (fault !== undefined && !found.has(index)) found.set(index, fault);
  }
  return found;
}

async function measured(wrong: ReadonlyMap<number, Fault>): Promise<string[]> {
  const lab = await fleetLab(count, (index) => wrong.get(index), { timing: { connectTimeoutMs: 30_000 } });
  const desk = fleetDesk(lab.hosts);
  const rss = process.memoryUsage().rss;
  let most = rss;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 200);
  const cpu = process.cpuUsage();
  const began = performance.now();
  let text = await desk.call("ssh_run", {
    hosts: "leaf*",
    command: "show ip interface brief",
    first: false,
    stop_on: [],
    timeout_s: 50,
  });
  while (/\[run #\d+ running /.test(text)) text = await desk.call("ssh_run", { run: 1, timeout_s: 50 });
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  clearInterval(watch);
  const problems: string[] = [];
  for (const [index, fault] of wrong) {
    const own = await desk.call("ssh_read", { exec: index + 2 });
    if (!REASONS[fault].test(own)) problems.push(`${fault}, but ssh_read says: ${own}`);
  }
  await desk.dispose();
  await lab.close();
  const ms = (used.user + used.system) / 1000;
  process.stdout.write(`${text}\n`);
  process.stdout.write(
    `  ${count} hosts, ${wrong.size} of them with a fault: ${seconds.toFixed(1)} s, ${(ms / count).toFixed(1)} ms of processor time a host ` +
      `(the switches included), ${Math.round((most - rss) / 1_048_576)} MB more at most, ${Math.ceil(text.length / 4)} tokens\n`,
  );
  for (const problem of problems) process.stdout.write(`  WRONG: ${problem}\n`);
  return problems;
}

const alike = await measured(new Map());
const broken = await measured(chosen());
process.exit(alike.length + broken.length === 0 ? 0 : 1);
