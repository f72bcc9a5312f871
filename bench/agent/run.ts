// node --import tsx bench/agent/run.ts: what ten jobs of an agent cost in calls and tokens. USAGE has the options.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startSshd } from "../../test/real/kit/sshd.ts";
import { acquireTestUsers } from "../../test/real/kit/users.ts";
import { AGENT_HEADING, RESULTS } from "../results.ts";
import { targetOf } from "../target.ts";
import { JOBS } from "./jobs.ts";
import { type Cost, contract, play } from "./play.ts";

const USAGE = `Usage: node --import tsx bench/agent/run.ts [options]

Plays ten jobs on the built server (npm run build) and counts. Needs root and sshd (scripts/setup-debian.sh).

  --before DIR   play them on the built server of this older checkout, too
  --name NAME    what that one is called in the table (default: before)
  --write        put the table into bench/RESULTS.md
  --help         print this
`;

const { values } = parseArgs({
  options: {
    before: { type: "string" },
    name: { type: "string", default: "before" },
    write: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const HOW = `Ten jobs as given sequences of calls (bench/agent/jobs.ts), played on a real sshd with bash and on the devices of the lab, each with
a server of its own; every job is checked to have been done. Tokens are characters / 4. Written by
\`node --import tsx bench/agent/run.ts --before DIR --name NAME --write\`. What ps, top and the machine say differs a little from run to run.`;

// What is awaited at the end does not keep Node alive by itself.
const alive = setInterval(() => {}, 1_000);
const users = await acquireTestUsers();
const server = await startSshd();
const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-agent-"));
let undone = 0;
try {
  const { address, port, knownHosts, login, keyPath } = targetOf(server, "bash");
  const config = join(folder, "hosts.yaml");
  const box = `{ host: ${address}, port: ${port}, user: ${login}, platform: posix, policy: unrestricted, auth: { method: key, key_path: ${keyPath} }, host_key: { known_hosts: ${knownHosts} } }`;
  writeFileSync(config, `settings: { ssh_config: false }\nhosts:\n  box: ${box}\n`, { mode: 0o600 });
  const now = { checkout: resolve(import.meta.dirname, "../.."), config };
  const older = values.before === undefined ? undefined : { checkout: resolve(values.before), config };

  const rows: string[][] = [];
  const total = { calls: 0, before: 0, now: 0 };
  for (const job of JOBS) {
    const before = older && (await play(job, older));
    const after = await play(job, now);
    for (const [which, cost] of [
      [values.name, before],
      ["now", after],
    ] as const)
      undone += report(job.name, which, cost);
    total.calls += after.calls;
    total.before += before?.results ?? 0;
    total.now += after.results;
    rows.push([
      job.name,
      `${after.calls}`,
      spent(before),
      spent(after),
      share(before?.results, after.results),
    ]);
  }
  rows.push([
    "**all ten**",
    `${total.calls}`,
    number(older && total.before),
    number(total.now),
    share(older && total.before, total.now),
  ]);
  const definitions = { before: older && (await contract(older)), now: await contract(now) };
  rows.push([
    "definitions and instructions, once",
    "",
    number(definitions.before),
    number(definitions.now),
    share(definitions.before, definitions.now),
  ]);
  const table = [
    ["job", "calls", `tokens of results, ${values.name} (status lines)`, "now (status lines)", "now / then"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
  process.stdout.write(`${table.join("\n")}\n`);
  if (values.write === true) {
    const text = readFileSync(RESULTS, "utf8");
    const [bench = ""] = text.split(`\n${AGENT_HEADING}\n`);
    writeFileSync(RESULTS, `${bench.trimEnd()}\n\n${AGENT_HEADING}\n\n${HOW}\n\n${table.join("\n")}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
  await users.release();
}
clearInterval(alive);
process.exit(undone === 0 ? 0 : 1);

/** 1 where the job was not done. */
function report(job: string, which: string, cost: Cost | undefined): number {
  if (cost?.undone === undefined) return 0;
  process.stderr.write(`NOT DONE (${which}): ${job}\n${cost.undone}\n`);
  return 1;
}

function spent(cost: Cost | undefined): string {
  return cost === undefined ? "–" : `${number(cost.results)} (${number(cost.statusLines)})`;
}

function number(value: number | undefined): string {
  return value === undefined ? "–" : value.toLocaleString("en-US");
}

function share(before: number | undefined, now: number): string {
  return before === undefined ? "–" : `${Math.round((100 * now) / before)} %`;
}
