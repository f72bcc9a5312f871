import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";

/** A server process seen from outside: lines in, lines out, nothing of an SDK in between. */
export interface Wire {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every line of stdout so far. */
  readonly lines: string[];
  send(message: object): void;
  /** The answer to request `id`. */
  answer(id: number): Promise<Record<string, unknown>>;
  untilStderr(pattern: RegExp): Promise<void>;
  untilLine(pattern: RegExp): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: string | null; afterMs: number }>;
  /** Marks the moment from which `afterMs` counts. */
  mark(): void;
}

const root = join(import.meta.dirname, "..", "..");

export function start(command: readonly string[], env: NodeJS.ProcessEnv = {}): Wire {
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env } });
  const lines: string[] = [];
  let stderr = "";
  let partial = "";
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const watcher = () => {
        if (!condition()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (partial + chunk).split("\n");
    partial = parts.pop() ?? "";
    lines.push(...parts);
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    look();
  });
  child.stdin.on("error", () => {});
  let marked = performance.now();
  const messages = () => lines.map((line): Record<string, unknown> => JSON.parse(line));
  return {
    child,
    lines,
    send: (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    async answer(id) {
      const find = () => messages().find((message) => message.id === id && !("method" in message));
      await until(() => find() !== undefined);
      return find() ?? {};
    },
    untilStderr: (pattern) => until(() => pattern.test(stderr)),
    untilLine: (pattern) => until(() => lines.some((line) => pattern.test(line))),
    ended: new Promise((resolve) =>
      child.once("close", (code, signal) => resolve({ code, signal, afterMs: performance.now() - marked })),
    ),
    mark: () => {
      marked = performance.now();
    },
  };
}

export const initialize = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "wire", version: "1" },
  },
};
