import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descendants, isAlive, pathWithSbin, signalAll } from "./process.ts";
import { until } from "./until.ts";
import { STATE } from "./users.ts";

/** Network daemons that run for a test, reached through sockets in a folder of their own. */
export interface Daemons {
  /** Open to every account; removed by `stop`. */
  readonly dir: string;
  /** What the daemons have said so far. */
  log(): string;
  /** While true the daemons are stopped where they are: they take requests and answer none. */
  freeze(on: boolean): void;
  stop(): Promise<void>;
}

export interface Daemon {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** A socket of another daemon, which has to be there first: some wait long before they try again. */
  readonly after?: string;
}

export interface DaemonsRecipe {
  readonly name: string;
  /** Writes the configuration into the folder. */
  prepare(dir: string): Promise<void>;
  /** The daemons, none of them in the background. */
  daemons(dir: string): readonly Daemon[];
  /** Sockets the daemons are asked through, names in the folder; they are there once all of them listen. */
  readonly sockets: readonly string[];
  /** Further proof that the daemons work. Asked until it says true. */
  ready?(dir: string): Promise<boolean>;
}

const folders = new Set<string>();
process.once("exit", () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

/**
 * Starts the daemons in a network of their own, which has a loopback interface and nothing else: no packet leaves it, no
 * route of the machine changes, two runs do not meet. Their process namespace ends with this process, however that happens.
 * @throws with what they said when they do not come up.
 */
export async function startDaemons(recipe: DaemonsRecipe): Promise<Daemons> {
  const dir = mkdtempSync(join(existsSync(STATE) ? STATE : tmpdir(), `${recipe.name}-`));
  folders.add(dir);
  await chmod(dir, 0o755);
  await recipe.prepare(dir);
  const started = spawnTogether(recipe.daemons(dir));
  const stop = async (): Promise<void> => {
    const family = [started.pid, ...descendants(started.pid)];
    // What they keep is in the folder that goes, so nothing is lost.
    signalAll(family, "SIGKILL");
    await until(() => !family.some(isAlive), { describe: `end of ${recipe.name}` });
    await rm(dir, { recursive: true, force: true });
    folders.delete(dir);
  };
  try {
    await until(
      async () => {
        if (started.ended()) throw new Error(`${recipe.name} ended:\n${started.log()}`);
        if (!recipe.sockets.every((socket) => existsSync(join(dir, socket)))) return false;
        return recipe.ready === undefined || (await recipe.ready(dir));
      },
      {
        timeoutMs: 20_000,
        everyMs: 50,
        describe: () => `${recipe.name} at work; it said:\n${started.log()}`,
      },
    );
    for (const socket of recipe.sockets) await chmod(join(dir, socket), 0o777);
  } catch (error) {
    await stop();
    throw error;
  }
  const freeze = (on: boolean): void => signalAll(descendants(started.pid), on ? "SIGSTOP" : "SIGCONT");
  return { dir, log: started.log, freeze, stop };
}

function spawnTogether(daemons: readonly Daemon[]) {
  const background = daemons.map(({ command, after }) => {
    const first = after === undefined ? "" : `until [ -S ${quoted(after)} ]; do sleep 0.02; done; `;
    return `{ ${first}exec ${command.map(quoted).join(" ")}; } &`;
  });
  // unshare holds back SIGTERM while its child runs; what it forked is killed with it, and with that the namespace.
  const child = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"],
      ...["sh", "-c", ["ip link set lo up", ...background, "wait"].join("\n")],
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { PATH: pathWithSbin() } },
  );
  let log = "";
  let ended = false;
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString("utf8")).slice(-(1 << 18));
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
  return { pid: child.pid ?? -1, log: () => log, ended: () => ended };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
