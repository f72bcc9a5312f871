import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcesses } from "./process.ts";
import { until } from "./until.ts";
import { STATE } from "./users.ts";

/** A daemon of one test run with its files in a folder of its own; the kernel ends it with this process. */
export interface Daemon {
  readonly dir: string;
  stop(): Promise<void>;
}

export interface DaemonRecipe {
  readonly name: string;
  /** Absolute path; missing: the test fails with what installs it. */
  readonly program: string;
  /** Files to write into the folder. */
  readonly files: Readonly<Record<string, string>>;
  args(dir: string): readonly string[];
  /** Socket in the folder by which it is controlled; the test's accounts are let in. */
  readonly socket: string;
}

/** Starts a daemon and waits for its control socket. @throws with what it said, or the script that installs it. */
export async function startDaemon({ name, program, files, args, socket }: DaemonRecipe): Promise<Daemon> {
  if (!existsSync(program)) throw new Error(`${name} is not installed. Run as root: scripts/setup-debian.sh`);
  const dir = mkdtempSync(join(existsSync(STATE) ? STATE : tmpdir(), `ssh-mcp-${name}-`));
  chmodSync(dir, 0o755);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(dir, file), content);
  const child = spawn("setpriv", ["--pdeathsig", "TERM", program, ...args(dir)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-4096);
    });
  const path = join(dir, socket);
  await until(() => existsSync(path), { describe: () => `the socket of ${name}; it said: ${log}` });
  chmodSync(path, 0o777);
  return {
    dir,
    async stop() {
      if (child.pid !== undefined) await endProcesses([child.pid]);
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}
