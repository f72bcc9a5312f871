import { z } from "zod";
import { MAX_PATTERN } from "../base/pattern.ts";
import type { WaitOptions } from "../multiplexer/types.ts";

/** Longest wait: below the 60 s after which clients give up a request. */
export const MAX_WAIT_S = 50;

/** Parameters that several tools share, with the one text that explains each. */
export const parameters = {
  session: z
    .string()
    .min(1)
    .describe("Session, or a host name; one that is not open is opened first, and the result says so."),
  openSession: z.string().min(1).describe("Session name."),
  cols: z.number().int().min(20).max(500).optional().describe("Terminal width."),
  rows: z.number().int().min(5).max(200).optional().describe("Terminal height."),
  timeout_s: z.number().min(0).optional().describe(`Seconds to wait; default 30, most ${MAX_WAIT_S}.`),
  mode: z
    .string()
    .min(1)
    .max(32)
    .optional()
    .describe(
      "Network device: mode to be in first (exec, enable, config, …); the enable secret is filled in.",
    ),
  keep_going: z
    .boolean()
    .optional()
    .describe("Network device: type all lines, also after one that failed, or asked and was answered."),
  here: z.enum(["prompt", "input"]).optional(),
  wait_for: z
    .string()
    .min(1)
    .max(MAX_PATTERN)
    .optional()
    .describe("RE2 pattern: new output that matches it ends the wait, too."),
  since: z.number().int().min(0).optional().describe("Screen version to compare with; 0: all rows."),
  context: z.number().int().min(0).max(50).optional().describe("Lines around each match."),
  max_tokens: z
    .number()
    .int()
    .min(200)
    .max(100_000)
    .optional()
    .describe("Default: whole up to 3000, else 2000."),
} as const;

/** The wait of a call in the multiplexer's terms. `note` when the caller asked for more than there is. */
export function waitOptions(params: { timeout_s?: number | undefined; wait_for?: string | undefined }): {
  options: WaitOptions;
  notes: string[];
} {
  const { timeout_s, wait_for } = params;
  const notes =
    timeout_s !== undefined && timeout_s > MAX_WAIT_S
      ? [`timeout_s is limited to ${MAX_WAIT_S}; ssh_read continues the wait`]
      : [];
  return {
    options: {
      ...(timeout_s === undefined ? {} : { timeoutMs: Math.min(timeout_s, MAX_WAIT_S) * 1000 }),
      ...(wait_for === undefined ? {} : { waitFor: wait_for }),
    },
    notes,
  };
}
