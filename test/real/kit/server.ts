import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descendants, endProcesses, isAlive, mustRun, pathWithSbin } from "./process.ts";
import { until } from "./until.ts";
import { STATE } from "./users.ts";

/** A throw-away SSH server on loopback, with a host key of its own. */
export interface TestServer {
  readonly address: "127.0.0.1";
  readonly port: number;
  readonly pid: number;
  readonly hostKey: {
    /** `ssh-ed25519 AAAA…`. */
    readonly publicKey: string;
    /** `SHA256:…`, as ssh-keygen -l prints it. */
    readonly fingerprint: string;
    /** The private key file, to start a second server that has the same key. */
    readonly path: string;
  };
  /** A known_hosts file that knows this server by `[127.0.0.1]:port` and nothing else. */
  readonly knownHosts: string;
  /** A folder of this server alone; removed by `stop`. */
  readonly dir: string;
  /** What the server has logged so far. */
  log(): string;
  /** Ends every connection, as a lost link would; the server goes on listening. */
  dropConnections(): Promise<void>;
  /** Ends the server and everything that runs in its sessions. */
  stop(): Promise<void>;
}

export interface Recipe {
  readonly name: string;
  /** Private host key to use instead of a fresh one. */
  readonly hostKeyFile?: string;
  /** Makes the key file when none is given. */
  makeKey(path: string): Promise<void>;
  /** The public half, `ssh-ed25519 AAAA…`. */
  publicKey(path: string): Promise<string>;
  /** Program and arguments that serve on `port` in the foreground, logging to stderr. */
  command(place: { port: number; dir: string; key: string }): Promise<readonly [string, ...string[]]>;
  /** Matches the log once the server listens. */
  readonly listening: RegExp;
}

/** Folders of servers that run; a test that forgot to stop its server leaves nothing behind. */
const folders = new Set<string>();
process.once("exit", () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

export async function startServer(recipe: Recipe): Promise<TestServer> {
  // In the run's own folder, which goes with the last run even if this process is killed.
  const dir = mkdtempSync(join(existsSync(STATE) ? STATE : tmpdir(), `ssh-mcp-${recipe.name}-`));
  folders.add(dir);
  const key = recipe.hostKeyFile ?? join(dir, "host_key");
  if (recipe.hostKeyFile === undefined) await recipe.makeKey(key);
  const publicKey = await recipe.publicKey(key);
  // The port found free may be taken before the server has it: then another one.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await tryStart(recipe, await recipe.command({ port, dir, key }));
    if (started.listening) {
      const knownHosts = join(dir, "known_hosts");
      await writeFile(knownHosts, `[127.0.0.1]:${port} ${publicKey}\n`);
      return describeServer(started, { dir, key, port, publicKey, knownHosts });
    }
    if (attempt === 5 || !/in use/i.test(started.log())) {
      await rm(dir, { recursive: true, force: true });
      throw new Error(`${recipe.name} did not start:\n${started.log()}`);
    }
  }
}

interface Started {
  readonly pid: number;
  readonly listening: boolean;
  log(): string;
}

async function tryStart(
  recipe: Recipe,
  [program, ...args]: readonly [string, ...string[]],
): Promise<Started> {
  // The kernel ends the server when this process dies, however that happens.
  const child = spawn("setpriv", ["--pdeathsig", "TERM", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: pathWithSbin() },
  });
  let log = "";
  let ended = false;
  const keep = (chunk: Buffer): void => {
    log += chunk.toString("utf8");
    if (log.length > 1 << 20) log = log.slice(-(1 << 19));
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => {
    log += `${error.message}. Run as root: scripts/setup-debian.sh\n`;
    ended = true;
  });
  child.on("exit", () => {
    ended = true;
  });
  await until(() => ended || recipe.listening.test(log), {
    describe: () => `${recipe.name} listening; it said:\n${log}`,
  });
  return { pid: child.pid ?? -1, listening: !ended, log: () => log };
}

function describeServer(
  started: Started,
  place: { dir: string; key: string; port: number; publicKey: string; knownHosts: string },
): TestServer {
  const { pid } = started;
  const blob = Buffer.from(place.publicKey.split(" ")[1] ?? "", "base64");
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    address: "127.0.0.1",
    port: place.port,
    pid,
    hostKey: { publicKey: place.publicKey, fingerprint: `SHA256:${digest}`, path: place.key },
    knownHosts: place.knownHosts,
    dir: place.dir,
    log: started.log,
    dropConnections: () => endProcesses(descendants(pid)),
    async stop() {
      const family = [pid, ...descendants(pid)];
      await endProcesses(isAlive(pid) ? family : family.slice(1));
      await rm(place.dir, { recursive: true, force: true });
      folders.delete(place.dir);
    },
  };
}

/** A loopback port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

/** A fresh ed25519 key in OpenSSH's format. */
export async function makeOpenSshKey(path: string): Promise<void> {
  await mustRun("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
}

export async function openSshPublicKey(path: string): Promise<string> {
  const text = await readFile(`${path}.pub`, "utf8");
  return text.trim().split(" ").slice(0, 2).join(" ");
}
