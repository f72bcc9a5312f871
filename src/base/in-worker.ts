import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a worker may take. */
export interface WorkerLimits {
  readonly longestMs: number;
  readonly heapMb: number;
}

/**
 * Has a worker of this program do a task, for work that cannot be interrupted; `cli.ts` knows who does which. What goes in and
 * comes back has to survive the way: no classes. @throws Error that says how it ended without an answer.
 */
export async function inWorker<Task extends { readonly task: string }, Answer>(
  task: Task,
  { longestMs, heapMb }: WorkerLimits,
): Promise<Answer> {
  const { Worker } = await import("node:worker_threads");
  const { entry, eval: evaluated } = program();
  const worker = new Worker(entry, {
    eval: evaluated,
    workerData: task,
    execArgv: [],
    argv: [],
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const failed = (why: string) => reject(new Error(why));
      timer = setTimeout(() => failed(`it took more than ${longestMs / 1000} s`), longestMs);
      worker.once("message", resolve);
      worker.once("error", (error: Error) => failed(error.message));
      // A message that was sent before the end may come behind it.
      worker.once("exit", () => setImmediate(() => failed("its parser ended without an answer")));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** This very program: bundled it is one file, which knows what to do as a worker; from its sources it needs their loader. */
function program(): { readonly entry: string; readonly eval: boolean } {
  const file = import.meta.filename;
  if (!file.endsWith(".ts")) return { entry: file, eval: false };
  const cli = JSON.stringify(pathToFileURL(join(import.meta.dirname, "..", "cli.ts")).href);
  const loader = "new URL('dist/esm/api/index.mjs', require('node:url').pathToFileURL(tsx)).href";
  const entry = `const tsx = require("node:module").createRequire(${cli}).resolve("tsx/package.json");
    import(${loader}).then(({ register }) => { register(); return import(${cli}); });`;
  return { entry, eval: true };
}
