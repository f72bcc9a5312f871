import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Part } from "../bench.ts";
import { inTurns, median, ms, quantile, timed } from "../stats.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const AIM_MS = 0.5;

/** What it costs that the sessions are a daemon's: the same cheap call with and without it between. */
export const hop: Part = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), "bench-hop-"));
  const env = { PATH: process.env.PATH ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "s") };
  const connected = async (word: string) => {
    const client = new Client({ name: "bench", version: "1" });
    const args = [CLI, word, "--lab"];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }),
    );
    return client;
  };
  const clients = [await connected("--no-daemon"), await connected("--daemon")] as const;
  try {
    const call = (client: Client) => () =>
      timed(() => client.callTool({ name: "ssh_sessions", arguments: {} }));
    const [alone, daemon] = clients;
    const samples = await inTurns(
      quick ? 300 : 2_000,
      new Map([
        ["alone", call(alone)],
        ["daemon", call(daemon)],
      ]),
    );
    const added = median(samples("daemon")) - median(samples("alone"));
    const shown = (of: readonly number[]) => `${ms(median(of))}, p99 ${ms(quantile(of, 0.99))}`;
    return [
      {
        what: "a call (`ssh_sessions`) through the daemon: its extra hop",
        ours: `${ms(added)} (p50 ${shown(samples("daemon"))})`,
        raw: `without a daemon: p50 ${shown(samples("alone"))}`,
        aim: `≤ ${AIM_MS} ms p50`,
        met: added <= AIM_MS,
      },
    ];
  } finally {
    for (const client of clients) await client.close();
    await stopped(env);
    rmSync(folder, { recursive: true, force: true });
  }
};

async function stopped(env: NodeJS.ProcessEnv): Promise<void> {
  await new Promise<void>((resolve) =>
    execFile(process.execPath, [CLI, "daemon", "stop", "--force", "--lab"], { env }, () => resolve()),
  );
}
