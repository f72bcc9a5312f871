import type { Part } from "../bench.ts";
import { inChild } from "../child.ts";
import { type LoopBlocks, showBlocks } from "../loop-watch.ts";
import { ms } from "../stats.ts";
import { type Target, targetOf } from "../target.ts";

export interface FloodTask {
  readonly who: "ours" | "raw";
  readonly target: Target;
  readonly seconds: number;
}
export interface FloodResult {
  readonly bytes: number;
  /** One sample each time round: another session's echo, a command in a third one. */
  readonly echo: Spread;
  readonly command: Spread | undefined;
  /** Resident memory above what it was before the flood: the highest ever seen, and at the end. */
  readonly peakGrowth: number;
  readonly endGrowth: number;
  readonly blocks: LoopBlocks;
}
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** `yes` in one session while two others on the same connection are worked in. */
export const flood: Part = async ({ server, quick }) => {
  const seconds = quick ? 10 : 60;
  const run = (who: FloodTask["who"]) => {
    const task: FloodTask = { who, target: targetOf(server, "bash"), seconds };
    return inChild<FloodResult>(new URL("./flood-task.ts", import.meta.url), task);
  };
  const ours = await run("ours");
  const raw = await run("raw");
  const growth = (of: FloodResult) =>
    `${(of.peakGrowth / 1e6).toFixed(1)} MB (at the end ${(of.endGrowth / 1e6).toFixed(1)})`;
  const spread = ({ p99, p50 }: Spread) => `${ms(p99)} (p50 ${ms(p50)})`;
  const rate = (of: FloodResult) => `${(of.bytes / 1e6 / seconds).toFixed(1)} MB/s`;
  return [
    { what: `\`yes\` for ${seconds} s: taken in`, ours: rate(ours), raw: rate(raw) },
    {
      what: "meanwhile: growth of memory, highest",
      ours: growth(ours),
      raw: growth(raw),
      aim: "≤ 32 MB",
      met: ours.peakGrowth <= 32e6,
    },
    {
      what: `meanwhile: another session's echo on the same connection, p99 of ${ours.echo.count}`,
      ours: spread(ours.echo),
      raw: spread(raw.echo),
      aim: "≤ 250 ms",
      met: ours.echo.p99 <= 250,
    },
    {
      what: "meanwhile: a framed `echo` in a third session, p99",
      ours: ours.command ? spread(ours.command) : "–",
    },
    {
      what: "meanwhile: the event loop's longest block",
      ours: showBlocks(ours.blocks),
      raw: showBlocks(raw.blocks),
      aim: "≤ 50 ms",
      met: ours.blocks.longest <= 50,
    },
  ];
};
