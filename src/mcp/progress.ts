import type { ServerContext } from "@modelcontextprotocol/server";
import type { ReportProgress } from "../base/contract/caller.ts";

/** Tells a client that asked for it (by a token in its request) how a long call goes on; undefined: it did not ask. */
export function progressFor(
  meta: unknown,
  { mcpReq }: Pick<ServerContext, "mcpReq">,
): ReportProgress | undefined {
  const progressToken = tokenIn(meta);
  if (progressToken === undefined) return undefined;
  return ({ elapsedMs, message }) => {
    const params = { progressToken, progress: Math.round(elapsedMs / 1000), message };
    // A client that has gone is noticed elsewhere.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}

function tokenIn(meta: unknown): string | number | undefined {
  if (typeof meta !== "object" || meta === null || !("progressToken" in meta)) return undefined;
  const { progressToken } = meta;
  return typeof progressToken === "string" || typeof progressToken === "number" ? progressToken : undefined;
}
