import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SshMcpError } from "../base/errors.ts";
import { inventoryInvalid } from "./faults.ts";
import { type Inventory, parseInventory } from "./parse.ts";

/** Up to this size it is parsed where it is read: some hundred hosts, a few hundredths of a second. */
const AT_ONCE = 48 * 1024;
/** A worker that needs longer is ended; 20,000 hosts take about two seconds. */
const LONGEST_MS = 60_000;
/** Twice what the largest inventory needs. */
const HEAP_MB = 1024;

/** What a worker is started with. */
export interface InventoryTask {
  readonly task: "inventory";
  readonly text: string;
  readonly path: string;
}

/** What it sends back: errors as their parts, since a class does not survive the way. */
export type InventoryAnswer =
  | {
      readonly inventory: Omit<Inventory, "refused">;
      readonly refused: readonly (readonly [string, SentError])[];
    }
  | { readonly error: SentError };

export interface SentError {
  readonly code: SshMcpError["code"];
  readonly message: string;
  readonly next: string | undefined;
}

/**
 * Parses and checks an inventory; a large one in a worker, since the parser cannot be interrupted and all sessions would wait
 * for it. @throws SshMcpError `inventory_invalid`.
 */
export async function parseApart(text: string, path: string): Promise<Inventory> {
  if (text.length <= AT_ONCE) return parseInventory(text, path);
  const answer = await inWorker({ task: "inventory", text, path });
  if ("error" in answer) throw received(answer.error);
  const refused = new Map(answer.refused.map(([name, error]) => [name, received(error)]));
  return { ...answer.inventory, refused };
}

export function sent({ code, message, next }: SshMcpError): SentError {
  return { code, message, next };
}

function received({ code, message, next }: SentError): SshMcpError {
  return new SshMcpError(code, message, next);
}

async function inWorker(task: InventoryTask): Promise<InventoryAnswer> {
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
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const failed = (why: string) =>
    inventoryInvalid(task.path, [{ path: [], line: 1, message: `it could not be parsed: ${why}` }]);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<InventoryAnswer>((resolve, reject) => {
      timer = setTimeout(() => reject(failed(`it took more than ${LONGEST_MS / 1000} s`)), LONGEST_MS);
      worker.once("message", resolve);
      worker.once("error", (error: Error) => reject(failed(error.message)));
      // A message that was sent before the end may come behind it.
      worker.once("exit", () => setImmediate(() => reject(failed("its parser ended without an answer"))));
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
