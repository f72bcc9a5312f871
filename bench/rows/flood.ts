import type { Part } from "../bench.ts";
import { inChild } from "../child.ts";
import { ms } from "../stats.ts";
import { type Target, targetOf } from "../target.ts";

export interface FloodTask {
  readonly target: Target;
  readonly seconds: number;
}
export interface FloodResult {
  readonly bytes: number;
  readonly samples: number;
  readonly echoP50: number;
  readonly echoP99: number;
  readonly commandP50: number;
  readonly commandP99: number;
  /** Resident memory above what it was before the flood: the highest ever seen, and at the end. */
  readonly peakGrowth: number;
  readonly endGrowth: number;
  readonly longestBlock: number;
  readonly blockP99: number;
}

/** `yes` in one session while two others on the same connection are worked in. */
export const flood: Part = async ({ server, quick }) => {
  const seconds = quick ? 10 : 60;
  const task: FloodTask = { target: targetOf(server, "bash"), seconds };
  const result = await inChild<FloodResult>(new URL("./flood-task.ts", import.meta.url), task);
  const rate = (result.bytes / 1e6 / seconds).toFixed(1);
  return [
    {
      what: `\`yes\` for ${seconds} s (${rate} MB/s taken in): growth of memory, highest`,
      ours: `${(result.peakGrowth / 1e6).toFixed(1)} MB (at the end ${(result.endGrowth / 1e6).toFixed(1)})`,
      aim: "≤ 32 MB",
      met: result.peakGrowth <= 32e6,
    },
    {
      what: `meanwhile, on the same connection: another session's echo, p99 of ${result.samples}`,
      ours: `${ms(result.echoP99)} (p50 ${ms(result.echoP50)})`,
      aim: "≤ 250 ms",
      met: result.echoP99 <= 250,
    },
    {
      what: "meanwhile: a framed `echo` in a third session, p99",
      ours: `${ms(result.commandP99)} (p50 ${ms(result.commandP50)})`,
    },
    {
      what: "meanwhile: the event loop's longest block",
      ours: `${ms(result.longestBlock)} (p99 ${ms(result.blockP99)})`,
      aim: "≤ 50 ms",
      met: result.longestBlock <= 50,
    },
  ];
};
