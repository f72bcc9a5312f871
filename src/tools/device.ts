import { z } from "zod";
import { MAX_PATTERN } from "../base/pattern.ts";
import { JOB_NAMES, type JobName, jobs } from "../recipes/device/jobs.ts";
import { runDeviceJob } from "./acts/device.ts";
import { parameters } from "./parameters.ts";
import { defineTool, type Tool } from "./tool.ts";

const common = {
  host: z.string().min(1).optional().describe("Device; it is logged in to for this alone."),
  session: z.string().min(1).optional().describe("Or an open session on it."),
};

const match = {
  match: z.string().min(1).max(MAX_PATTERN).optional().describe("RE2 pattern: only rows with it."),
};

/** What a job takes beside host and session. */
function inputsOf(job: JobName): z.ZodRawShape {
  if (job === "neighbours")
    return {
      by: z.enum(["lldp", "cdp"]).optional().describe("Default: the platform's usual one."),
      ...match,
    };
  if (job === "log")
    return {
      lines: z.number().int().min(1).max(5_000).optional().describe("Last rows; default 100."),
      ...match,
    };
  return job === "version" ? {} : match;
}

const some = z.object({
  by: z.string().optional(),
  match: z.string().optional(),
  lines: z.number().optional(),
});

/** What network devices are asked for: one tool each. */
export const deviceTools: readonly Tool[] = Object.freeze(JOB_NAMES.map(toolOf));

function toolOf(job: JobName): Tool {
  const { title, description } = jobs[job];
  return defineTool({
    name: `ssh_device_${job}`,
    title,
    description,
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
    schema: z.object({
      ...common,
      ...inputsOf(job),
      timeout_s: parameters.timeout_s,
      max_tokens: parameters.max_tokens,
    }),
    async handler({ host, session, timeout_s, max_tokens, ...given }, context) {
      const result = await runDeviceJob(context, job, { host, session, timeout_s, ...some.parse(given) });
      return { result, maxTokens: max_tokens };
    },
  });
}
