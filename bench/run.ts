// npm run bench: what is fast and what it costs, beside other programs. USAGE has the options.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSshd } from "../test/real/kit/sshd.ts";
import { acquireTestUsers } from "../test/real/kit/users.ts";
import type { Part } from "./bench.ts";
import { machine } from "./machine.ts";
import { AGENT_HEADING, RESULTS } from "./results.ts";
import { bulk } from "./rows/bulk.ts";
import { cli } from "./rows/cli.ts";
import { command } from "./rows/command.ts";
import { connect } from "./rows/connect.ts";
import { exec } from "./rows/exec.ts";
import { files } from "./rows/files.ts";
import { fleet } from "./rows/fleet.ts";
import { flood } from "./rows/flood.ts";
import { hold } from "./rows/hold.ts";
import { hop } from "./rows/hop.ts";
import { interrupt } from "./rows/interrupt.ts";
import { memory } from "./rows/memory.ts";
import { start } from "./rows/start.ts";
import { markdownTable, type Row } from "./table.ts";

const PARTS: Readonly<Record<string, Part>> = {
  connect,
  command,
  exec,
  fleet,
  cli,
  bulk,
  interrupt,
  memory,
  flood,
  start,
  hop,
  hold,
  files,
};

const USAGE = `Usage: npm run bench -- [options]

Measures this program beside raw ssh2 and OpenSSH on a server of its own on loopback. Needs root, sshd and ssh
(scripts/setup-debian.sh). A full run rewrites bench/RESULTS.md; with one of the options
the tables are only printed.

  --quick        fewer repetitions
  --only LIST    only these parts: ${Object.keys(PARTS).join(", ")}
  --help         print this
`;

const values = argumentsOrUsage();
if (typeof values === "number") process.exit(values);
const chosen = values.only?.split(",") ?? Object.keys(PARTS);

// What is awaited at the end does not keep Node alive by itself.
const alive = setInterval(() => {}, 1000);
const users = await acquireTestUsers();
const server = await startSshd();
const shared = mkdtempSync(join(tmpdir(), "ssh-mcp-bench-"));
chmodSync(shared, 0o755);
const rows: Row[] = [];
try {
  for (const name of chosen) {
    const begin = performance.now();
    const found = (await PARTS[name]?.({ server, shared, quick: values.quick ?? false })) ?? [];
    rows.push(...found);
    console.log(`\n${name} (${((performance.now() - begin) / 1000).toFixed(0)} s)\n${markdownTable(found)}`);
  }
  if (values.quick !== true && values.only === undefined) {
    const [, agent] = readFileSync(RESULTS, "utf8").split(`\n${AGENT_HEADING}\n`);
    const kept = agent === undefined ? "" : `\n${AGENT_HEADING}\n${agent}`;
    writeFileSync(RESULTS, `${await report(rows)}${kept}`);
    console.log("\nWritten: bench/RESULTS.md");
  }
} finally {
  rmSync(shared, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  await server.stop();
  await users.release();
}

clearInterval(alive);
process.exit(0);

/** The arguments, or the exit code where there is nothing to run. */
function argumentsOrUsage(): { readonly quick?: boolean; readonly only?: string } | number {
  try {
    const { values: given } = parseArgs({
      options: {
        quick: { type: "boolean" },
        only: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (given.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const unknown = given.only?.split(",").filter((name) => PARTS[name] === undefined) ?? [];
    if (unknown.length === 0) return given;
    throw new Error(`no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write("npm run bench -- --help lists the options.\n");
    return 2;
  }
}

async function report(all: readonly Row[]): Promise<string> {
  const judged = all.filter(({ met }) => met !== undefined);
  const missed = judged.filter(({ met }) => met === false);
  const summary =
    missed.length === 0
      ? `All ${judged.length} aims are met.`
      : `${judged.length - missed.length} of ${judged.length} aims are met; missed: ${missed.map(({ what }) => what).join("; ")}.`;
  return `# Benchmark

Written by \`npm run bench\`. Every contestant of a row was measured in turns in the same run; where nothing else is said a
number is the median. Ours is the whole stack below the tools: transport, framing, transcript, screen, multiplexer.

- Connecting: sshd holds its answer to the first channel back until the client's delayed acknowledgement comes, 40 ms after
  the login (Nagle's algorithm, on the server's side). Raw ssh2 waits for it; ours does not, so it may be the faster one.
- Blocks of the event loop: the longest delay of a turn, as \`monitorEventLoopDelay\` sees it, and beside it the longest
  time the main thread itself ran between two turns. Where the first is much the larger, the process was ready to run
  and waited for a core: the remote shells, sshd and yes run on the same machine.

${await machine()}

${summary}

${markdownTable(all)}
`;
}
