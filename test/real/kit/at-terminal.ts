import { spawn } from "node:child_process";

/** A program at a terminal of its own (util-linux `script`), as a person would have it. */
export interface AtTerminal {
  /** All it printed so far. */
  text(): string;
  type(text: string): void;
  /** Until what it printed matches. */
  until(pattern: RegExp): Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number>;
}

export function spawnAtTerminal(argv: readonly string[], env: NodeJS.ProcessEnv): AtTerminal {
  const line = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn("script", ["-q", "-e", "-c", line, "/dev/null"], { env: { ...process.env, ...env } });
  let text = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const watcher of [...watchers]) watcher();
    });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? -1);
      for (const watcher of [...watchers]) watcher();
    });
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    text: () => text,
    type: (typed) => child.stdin.write(typed),
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          const found = pattern.test(text);
          if (!found && child.exitCode === null && !over) return;
          watchers.delete(watcher);
          if (found) resolve();
          else reject(new Error(`it ended without ${pattern}: ${text}`));
        };
        watchers.add(watcher);
        watcher();
      }),
  };
}
