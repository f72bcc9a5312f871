import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import type { Answer } from "../../results/result.ts";
import { transferReport } from "../../results/transfer-page.ts";
import type { ToolContext } from "../acts/context.ts";
import { awaitTransfer, cancelTransfer, startTransfer, type TransferOrder } from "../acts/transfer.ts";
import { parameters, waitOptions } from "../parameters.ts";

/** Parameters that the tools for transfers share. */
export const transferParameters = {
  local: z.string().min(1).optional().describe("Path here."),
  overwrite: z.boolean().optional().describe("Replace what is there."),
  timeout_s: parameters.timeout_s,
  transfer: z.string().min(1).optional().describe("Instead: id of a running one, to wait on."),
  cancel: z.boolean().optional().describe("End it."),
} as const;

interface Waiting {
  readonly transfer?: string | undefined;
  readonly cancel?: boolean | undefined;
  readonly timeout_s?: number | undefined;
}

const DEFAULT_WAIT_MS = 30_000;

/** Begins what `order` says, or waits on the transfer that is named, or ends it. */
export async function transferred(
  context: ToolContext,
  params: Waiting,
  order: () => TransferOrder,
): Promise<Answer> {
  const wait = waitOptions(params);
  const waitMs = wait.options.timeoutMs ?? DEFAULT_WAIT_MS;
  const { transfer: id, cancel } = params;
  if (cancel === true && id === undefined)
    throw new SshMcpError("invalid_argument", '"cancel" belongs to "transfer".');
  const transfer =
    id === undefined
      ? await startTransfer(context, order(), waitMs)
      : cancel === true
        ? await cancelTransfer(context, id)
        : await awaitTransfer(context, id, waitMs);
  return { result: { kind: "file", report: transferReport(transfer) } };
}

/** @throws SshMcpError `invalid_argument` naming what is missing. */
export function given(tool: string, name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new SshMcpError("invalid_argument", `${tool}: "${name}" is missing.`);
}
