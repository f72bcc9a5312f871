import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { until } from "./until.ts";

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly cwd?: string;
}

/** Runs a program to its end, whatever its exit code. @throws when it cannot be started or takes longer than `timeoutMs`. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, PATH: pathWithSbin(), ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${program} ${args.join(" ")}: no end within ${options.timeoutMs ?? 30_000} ms`));
    }, options.timeoutMs ?? 30_000);
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {}); // a program that reads no input may close it early
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(missing(program, error));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({
        code,
        signal,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      });
    });
    child.stdin.end(options.input);
  });
}

/** As `run`, for programs that must succeed. @throws with what the program said. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const ran = await run(program, args, options);
  if (ran.code !== 0)
    throw new Error(
      `${program} ${args.join(" ")}: exit ${ran.code ?? ran.signal}\n${ran.stderr}${ran.stdout}`,
    );
  return ran.stdout;
}

/** System programs live in sbin, which is not on every PATH. */
export function pathWithSbin(): string {
  return `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
}

function missing(program: string, error: Error): Error {
  if (!("code" in error) || error.code !== "ENOENT") return error;
  return new Error(`${program} is not installed. Run as root: scripts/setup-debian.sh`);
}

/** All processes that descend from `pid`, itself left out. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const candidate of processes()) {
    const parent = parentOf(candidate);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), candidate]);
  }
  const found: number[] = [];
  const walk = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      walk(child);
    }
  };
  walk(pid);
  return found;
}

/** Processes that belong to one of these user ids. */
export function processesOf(uids: ReadonlySet<number>): number[] {
  return processes().filter((pid) => {
    try {
      return uids.has(statSync(`/proc/${pid}`).uid);
    } catch {
      return false; // ended meanwhile
    }
  });
}

/** Processes whose home directory is `folder`: a server's shells, also those whose login has ended and that still clean up. */
export function processesAtHome(folder: string): number[] {
  return processes().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`HOME=${folder}`);
    } catch {
      return false; // ended meanwhile
    }
  });
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  try {
    // The command name, in parentheses, may hold anything; state and parent follow its last parenthesis (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/** True until the process is gone; a zombie nobody has waited for yet counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.charAt(stat.lastIndexOf(")") + 2) !== "Z";
  } catch {
    return false;
  }
}

export function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // already gone
    }
  }
}

/** Ends these processes: SIGTERM, after two seconds SIGKILL. */
export async function endProcesses(pids: readonly number[]): Promise<void> {
  signalAll(pids, "SIGTERM");
  try {
    await until(() => !pids.some(isAlive), { timeoutMs: 2_000, describe: "end after SIGTERM" });
  } catch {
    signalAll(pids, "SIGKILL");
    await until(() => !pids.some(isAlive), { timeoutMs: 5_000, describe: `end of ${pids.join(", ")}` });
  }
}
