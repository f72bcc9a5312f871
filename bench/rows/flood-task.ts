import { monitorEventLoopDelay } from "node:perf_hooks";
import { asChild, collectGarbage } from "../child.ts";
import { type OurSession, ourStack } from "../ours.ts";
import { ECHO_COMMAND } from "../peers/peer.ts";
import { pause, quantile } from "../stats.ts";
import { hostOf } from "../target.ts";
import type { FloodResult, FloodTask } from "./flood.ts";

const BETWEEN_MS = 40;

asChild<FloodTask, FloodResult>(async ({ target, seconds }) => {
  const stack = ourStack(hostOf(target));
  const flooded = await stack.open("flooded");
  const echoed = await stack.open("echoed");
  const worked = await stack.open("worked");
  await echoed.session.run(ECHO_COMMAND, { timeoutMs: 1000 });
  for (let index = 0; index < 100; index++) {
    await echo(echoed);
    await framed(worked, index);
  }
  collectGarbage();
  await pause(500);
  const before = process.memoryUsage.rss();
  const start = flooded.session.transcript.end;
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  await flooded.session.run("yes", { timeoutMs: 50 });

  const echoes: number[] = [];
  const commands: number[] = [];
  let peak = before;
  const end = performance.now() + seconds * 1000;
  for (let index = 1000; performance.now() < end; index++) {
    echoes.push(await echo(echoed));
    commands.push(await framed(worked, index));
    peak = Math.max(peak, process.memoryUsage.rss());
    await pause(BETWEEN_MS);
  }
  loop.disable();
  const bytes = flooded.session.transcript.end - start;
  const { exit } = await flooded.session.send(
    { kind: "keys", keys: [{ kind: "text", text: "\u0003" }] },
    { timeoutMs: 10_000 },
  );
  if (exit !== 130) throw new Error(`the flood ended with ${exit}`);
  const endGrowth = process.memoryUsage.rss() - before;
  return {
    bytes,
    samples: echoes.length,
    echoP50: quantile(echoes, 0.5),
    echoP99: quantile(echoes, 0.99),
    commandP50: quantile(commands, 0.5),
    commandP99: quantile(commands, 0.99),
    peakGrowth: peak - before,
    endGrowth,
    longestBlock: loop.max / 1e6,
    blockP99: loop.percentile(99) / 1e6,
  };
});

/** One key through the session, until its echo has come out of the channel. */
async function echo({ session, channel }: OurSession): Promise<number> {
  let taken = 0;
  const start = performance.now();
  const back = new Promise<void>((resolve) => {
    const subscription = channel.onData(() => {
      taken = performance.now() - start;
      subscription.dispose();
      resolve();
    });
  });
  const sent = session.send({ kind: "text", text: "x", enter: false }, { timeoutMs: 0 });
  await Promise.all([back, sent]);
  return taken;
}

async function framed({ session }: OurSession, index: number): Promise<number> {
  const start = performance.now();
  const { state, from, to } = await session.run(`echo token-${index}`, { timeoutMs: 20_000 });
  const took = performance.now() - start;
  const { lines } = await session.text(from, to);
  if (state !== "done" || lines.join("\n").trim() !== `token-${index}`)
    throw new Error(`command ${index}: ${state}, ${JSON.stringify(lines)}`);
  return took;
}
