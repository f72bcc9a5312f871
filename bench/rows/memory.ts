import type { Part } from "../bench.ts";
import { inChild } from "../child.ts";
import { median } from "../stats.ts";
import type { Row } from "../table.ts";
import { type Target, targetOf } from "../target.ts";

const SESSIONS = 50;
const MB = 1e6;

/** What the task measures: bytes of resident memory for each further session. */
export interface MemoryTask {
  readonly who: "ours" | "raw";
  readonly full: boolean;
  readonly sessions: number;
  readonly target: Target;
}
export interface MemoryUse {
  readonly rss: number;
  /** Used heap, external memory and buffers. */
  readonly held: number;
}

/** Fifty sessions in a process of their own, against fifty bare ssh2 shells. */
export const memory: Part = async ({ server, quick }) => {
  const target = targetOf(server, "bash");
  const rounds = quick ? 1 : 3;
  const measure = async (who: "ours" | "raw", full: boolean): Promise<MemoryUse> => {
    const task: MemoryTask = { who, full, sessions: SESSIONS, target };
    const uses: MemoryUse[] = [];
    for (let round = 0; round < rounds; round++)
      uses.push(await inChild<MemoryUse>(new URL("./memory-task.ts", import.meta.url), task));
    return { rss: median(uses.map(({ rss }) => rss)), held: median(uses.map(({ held }) => held)) };
  };
  const rows: Row[] = [];
  for (const [full, aim] of [
    [false, 1.5],
    [true, 4],
  ] as const) {
    const [ours, raw] = [await measure("ours", full), await measure("raw", full)];
    const beyond = (ours.rss - raw.rss) / MB;
    const show = ({ rss, held }: MemoryUse) => `${(rss / MB).toFixed(2)} MB (held ${(held / MB).toFixed(2)})`;
    rows.push({
      what: `memory of a session, ${full ? "screen and scrollback full of coloured text" : "idle"} (RSS, n=${SESSIONS})`,
      ours: show(ours),
      raw: show(raw),
      ratio: `+${beyond.toFixed(2)} MB`,
      aim: `≤ ${aim} MB beyond ssh2's own`,
      met: beyond <= aim,
    });
  }
  return rows;
};
