import { messageOf, SshMcpError } from "../base/errors.ts";
import { inWorker } from "../base/in-worker.ts";
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
  const answer = await inWorker<InventoryTask, InventoryAnswer>(
    { task: "inventory", text, path },
    { longestMs: LONGEST_MS, heapMb: HEAP_MB },
  ).catch((error: unknown) => {
    const message = `it could not be parsed: ${messageOf(error)}`;
    throw inventoryInvalid(path, [{ path: [], line: 1, message }]);
  });
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
