import { parentPort } from "node:worker_threads";
import type { ValidateTask } from "./validate.ts";
import { checked } from "./validate.ts";

/** The work of a worker that was started for a large text. */
export async function validateAsWorker({ text, known }: ValidateTask): Promise<void> {
  parentPort?.postMessage(await checked(text, known));
}
