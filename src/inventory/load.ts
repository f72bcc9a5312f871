import { fileTrouble, SshMcpError } from "../base/errors.ts";
import { readRegularFile, UnusableFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import { nearMisses } from "./locate.ts";
import type { Inventory } from "./parse.ts";
import { parseApart } from "./parse-apart.ts";

/** Twenty thousand hosts fit twice; anything larger is a mistake or an attack. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads and checks the inventory at `path`. @throws SshMcpError `inventory_invalid`, naming file, line and key. */
export async function loadInventory(path: string): Promise<Inventory> {
  const { text, own } = await readTrusted(path);
  const inventory = await parseApart(text, path);
  const { ssh_config } = inventory.settings;
  if (own || typeof ssh_config !== "object" || ssh_config.exec !== true) return { ...inventory, own };
  const note = `${path}: settings.ssh_config.exec has no effect: this file is not your own.`;
  return { ...inventory, own, notes: [...inventory.notes, note] };
}

const OWN_INVENTORY = "Name an inventory of your own with --config or SSH_MCP_CONFIG.";

async function readTrusted(path: string): Promise<{ readonly text: string; readonly own: boolean }> {
  let own = true;
  const refuse = (why: string, next: string) =>
    new SshMcpError("inventory_invalid", `The inventory ${path} ${why}.`, next);
  const near = async () => {
    const [found] = await nearMisses(path);
    return found === undefined ? "" : ` There is ${found}, which may be meant.`;
  };
  const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
    own = process.getuid === undefined || stats.uid === process.getuid();
    const fault = distrust(path, stats, "write");
    // Whoever can write it chooses where our credentials go and which commands run for them.
    if (fault !== undefined)
      throw refuse(fault.reason, fault.fix === undefined ? OWN_INVENTORY : `Run: ${fault.fix}`);
  }).catch(async (error: unknown) => {
    if (error instanceof SshMcpError) throw error;
    if (error instanceof UnusableFile)
      throw refuse(error.message, "Name a YAML file, and split it or look for what bloats it if it is one.");
    throw refuse(
      `cannot be read: ${fileTrouble(error)}`,
      `Correct the path given by --config or SSH_MCP_CONFIG, or create the file.${await near()}`,
    );
  });
  return { text: bytes.toString("utf8"), own };
}
