import { runCommand } from "../base/run-command.ts";
import { visible } from "../base/text.ts";
import type { Order } from "./order.ts";

const HOOK_MS = 10_000;
const MAX_BYTES = 64 * 1024;
const TEXT_CHARS = 2_000;

/**
 * Starts the operator's command when something waits for a person: a notification on the desktop or in a chat. Its end is
 * not waited for and decides nothing.
 */
export function notifier(command: string, env: NodeJS.ProcessEnv) {
  return ({ id, host, risk, text }: Order & { readonly id: string }): void => {
    const own = {
      SSH_MCP_APPROVAL_ID: id,
      SSH_MCP_APPROVAL_HOST: host,
      SSH_MCP_APPROVAL_RISK: risk,
      SSH_MCP_APPROVAL_TEXT: visible(text).slice(0, TEXT_CHARS),
    };
    void runCommand(["/bin/sh", "-c", command], {
      env: { ...env, ...own },
      timeoutMs: HOOK_MS,
      maxBytes: MAX_BYTES,
    });
  };
}
