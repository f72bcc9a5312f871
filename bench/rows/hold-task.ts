import { randomBytes } from "node:crypto";
import { keepNurserySmall } from "../../src/base/nursery.ts";
import { type Opened, rigFor } from "../../test/real/rig.ts";
import { asChild } from "../child.ts";
import { watchLoop } from "../loop-watch.ts";
import { pause, quantile } from "../stats.ts";
import { hostOf } from "../target.ts";
import type { HoldResult, HoldTask } from "./hold.ts";

/** Mean pause between two commands of one session. */
const PAUSE_MS = 1500;

asChild<HoldTask, HoldResult>(async ({ targets, sessions, seconds }) => {
  const hosts = targets.map((target) => hostOf(target));
  const rig = rigFor(hosts);
  keepNurserySmall(); // as src/compose.ts does
  const faults: string[] = [];
  const times: number[] = [];
  // Code is loaded and compiled once per process; what counts is how it runs.
  for (const { name } of hosts) await (await rig.open(name)).close();
  const opening = watchLoop();
  const begin = performance.now();
  const opened = await Promise.all(
    Array.from({ length: sessions }, (_, index) =>
      rig.open(hosts[index % hosts.length]?.name ?? "", `held-${index}`),
    ),
  );
  const openSeconds = (performance.now() - begin) / 1000;
  const openingBlocks = opening();
  const working = watchLoop();
  const end = performance.now() + seconds * 1000;
  await Promise.all(opened.map((session, index) => work(session, index)));
  const blocks = working();
  const rss = process.memoryUsage.rss();
  for (const session of opened) {
    const { state } = session.view();
    if (state !== "ready") faults.push(`${session.name} is ${state} at the end`);
  }
  await rig.close();
  return {
    openSeconds,
    commands: times.length,
    faults,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    rss,
    openingBlocks,
    blocks,
  };

  /** Short answers, and every tenth time a longer one; each holds a token nobody else has. */
  async function work(session: Opened, index: number): Promise<void> {
    const mine = session.first.outcome.state;
    if (mine !== "done") faults.push(`${session.name} opened as ${mine}`);
    for (let count = 1; performance.now() < end; count++) {
      await pause(PAUSE_MS * 2 * Math.random());
      const token = `s${index}-${count}-${randomBytes(6).toString("hex")}`;
      const long = count % 10 === 0;
      const expected = long
        ? Array.from({ length: 300 }, (_, line) => `${token} ${line + 1}`).join("\n")
        : token;
      const text = long ? `for i in $(seq 300); do echo "${token} $i"; done` : `echo ${token}`;
      const start = performance.now();
      const { outcome, text: answer } = await session.run(text);
      times.push(performance.now() - start);
      if (outcome.state !== "done" || outcome.exit !== 0)
        faults.push(`${session.name} #${count}: ${outcome.state} ${outcome.exit}`);
      else if (answer.trimEnd() !== expected)
        faults.push(`${session.name} #${count}: ${JSON.stringify(answer.slice(0, 80))}`);
    }
  }
});
