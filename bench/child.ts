import { fork } from "node:child_process";
import { compiled } from "./compiled.ts";

/**
 * Runs one of the task files, compiled as the program is, in a process of its own, so that nothing else shares its memory and
 * event loop.
 */
export async function inChild<T>(file: URL, argument: unknown): Promise<T> {
  const program = await compiled(file);
  return new Promise((resolve, reject) => {
    const child = fork(program, [JSON.stringify(argument)]);
    child.on("error", reject);
    child.on("message", (message: { result?: T; error?: string }) => {
      if (message.result !== undefined) resolve(message.result);
      else reject(new Error(message.error ?? "no result"));
    });
    child.on("exit", (code) => reject(new Error(`${file.pathname.split("/").at(-1)} exited with ${code}`)));
  });
}

/** The other side of `inChild`: answers with what `task` gives, then ends the process. */
export function asChild<A, T>(task: (argument: A) => Promise<T>): void {
  const argument: A = JSON.parse(process.argv[2] ?? "null");
  const answer = (message: unknown) => process.send?.(message, () => process.exit(0));
  task(argument).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: error instanceof Error ? error.stack : String(error) }),
  );
}

/** Twice: what the first collection releases through finalizers goes with the second. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error("start Node with --expose-gc");
  globalThis.gc();
  globalThis.gc();
}
