import { spawn } from "node:child_process";

/** How an operator's command ended; `code` is undefined when a signal, or we, ended it. */
export interface CommandEnd {
  readonly code: number | undefined;
  readonly stdout: string;
  /** Why it was ended by us, or could not be started. */
  readonly failed?: string;
}

export interface CommandBounds {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Runs a program in its own process group, so that a time-out also ends what it started. Never rejects. */
export function runCommand(
  [program = "", ...args]: readonly string[],
  { env, timeoutMs, maxBytes }: CommandBounds,
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
    const over = endWithUs(child.pid);
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (code: number | undefined, failed?: string) => {
      clearTimeout(timer);
      over();
      const stdout = Buffer.concat(chunks).toString("utf8");
      resolve({ code, stdout, ...(failed === undefined ? {} : { failed }) });
    };
    const stop = (why: string) => {
      killGroup(child.pid);
      child.stdout.destroy();
      end(undefined, why);
    };
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) stop(`printed more than ${maxBytes} bytes`);
      else chunks.push(chunk);
    });
    child.on("error", (error) => end(undefined, `cannot be started: ${error.message}`));
    child.on("close", (code) => end(code ?? undefined));
  });
}

/** Groups of processes that were started here and have not ended. */
const running = new Set<number>();

/** The group of `pid` ends with this program at the latest; the answer is called when it has ended by itself. */
export function endWithUs(pid: number | undefined): () => void {
  if (pid === undefined) return () => {};
  if (running.size === 0) process.once("exit", endAll);
  running.add(pid);
  return () => {
    running.delete(pid);
    if (running.size === 0) process.removeListener("exit", endAll);
  };
}

function endAll(): void {
  for (const pid of running) killGroup(pid);
}

/** Ends a process and everything in its group. */
export function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The group has already gone.
  }
}
