import { parentPort } from "node:worker_threads";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { parseInventory } from "./parse.ts";
import { type InventoryAnswer, type InventoryTask, sent } from "./parse-apart.ts";

/** The work of a worker that was started for a large inventory. */
export async function parseAsWorker(task: InventoryTask): Promise<void> {
  parentPort?.postMessage(await answerTo(task));
}

async function answerTo({ text, path }: InventoryTask): Promise<InventoryAnswer> {
  try {
    const { refused, ...inventory } = await parseInventory(text, path);
    return { inventory, refused: [...refused].map(([name, error]) => [name, sent(error)] as const) };
  } catch (error) {
    return {
      error: sent(
        error instanceof SshMcpError ? error : new SshMcpError("inventory_invalid", messageOf(error)),
      ),
    };
  }
}
