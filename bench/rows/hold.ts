import type { Part } from "../bench.ts";
import { inChild } from "../child.ts";
import { type LoopBlocks, showBlocks } from "../loop-watch.ts";
import { ms } from "../stats.ts";
import { type Target, targetOf } from "../target.ts";

export interface HoldTask {
  readonly targets: readonly Target[];
  readonly sessions: number;
  readonly seconds: number;
}
export interface HoldResult {
  readonly openSeconds: number;
  readonly commands: number;
  /** Sentences about answers that were lost, late or another session's. */
  readonly faults: readonly string[];
  readonly p50: number;
  readonly p99: number;
  readonly rss: number;
  readonly openingBlocks: LoopBlocks;
  readonly blocks: LoopBlocks;
}

/** Many sessions at once, each working for minutes; every answer is checked. */
export const hold: Part = async ({ server, quick }) => {
  const task: HoldTask = {
    targets: ["bash", "zsh", "dash"].map((shell) => targetOf(server, shell)),
    sessions: 200,
    seconds: quick ? 20 : 300,
  };
  const result = await inChild<HoldResult>(new URL("./hold-task.ts", import.meta.url), task);
  const { faults } = result;
  return [
    {
      what: `${task.sessions} sessions (bash, zsh, dash) held for ${task.seconds} s, ${result.commands} commands: answers lost or mixed`,
      ours: faults.length === 0 ? "0" : `${faults.length}: ${faults.slice(0, 3).join("; ")}`,
      aim: "0",
      met: faults.length === 0,
    },
    {
      what: `the same: command p50 / p99; opening all took ${result.openSeconds.toFixed(1)} s; memory ${Math.round(result.rss / 1e6)} MB`,
      ours: `${ms(result.p50)} / ${ms(result.p99)}`,
    },
    {
      what: "the same: the event loop's longest block while they work",
      ours: showBlocks(result.blocks),
      aim: "≤ 50 ms",
      met: result.blocks.longest <= 50,
    },
    {
      // 200 shells and 25 key exchanges of the server's start on the same cores: only our own running time is judged.
      what: `the same: the event loop's longest block while all ${task.sessions} open at once`,
      ours: showBlocks(result.openingBlocks),
      aim: "≤ 50 ms running",
      met: result.openingBlocks.longestRun <= 50,
    },
  ];
};
