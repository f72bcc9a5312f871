import { keepNurserySmall } from "../../src/base/nursery.ts";
import { asChild, collectGarbage } from "../child.ts";
import { watchLoop } from "../loop-watch.ts";
import { type OurSession, ourStack } from "../ours.ts";
import { ECHO_COMMAND, echo, prompt, startEcho } from "../peers/peer.ts";
import { connectRaw, rawShell } from "../peers/raw-ssh2.ts";
import { pause, quantile } from "../stats.ts";
import { hostOf, type Target } from "../target.ts";
import type { FloodResult, FloodTask, Spread } from "./flood.ts";

const BETWEEN_MS = 40;

/** Three shells on one connection. */
interface Contestant {
  flood(): Promise<void>;
  /** Bytes the flood has brought. */
  taken(): number;
  echo(): Promise<number>;
  command?(index: number): Promise<number>;
  /** Ctrl-C; checks that the shell is back. */
  stop(): Promise<void>;
}

asChild<FloodTask, FloodResult>(async ({ who, target, seconds }) => {
  const contestant = await (who === "ours" ? ours(target) : raw(target));
  for (let index = 0; index < 100; index++) {
    await contestant.echo();
    await contestant.command?.(index);
  }
  collectGarbage();
  await pause(500);
  const before = process.memoryUsage.rss();
  const loop = watchLoop();
  await contestant.flood();

  const echoes: number[] = [];
  const commands: number[] = [];
  let peak = before;
  const end = performance.now() + seconds * 1000;
  for (let index = 1000; performance.now() < end; index++) {
    echoes.push(await contestant.echo());
    const took = await contestant.command?.(index);
    if (took !== undefined) commands.push(took);
    peak = Math.max(peak, process.memoryUsage.rss());
    await pause(BETWEEN_MS);
  }
  const blocks = loop();
  const bytes = contestant.taken();
  await contestant.stop();
  return {
    bytes,
    echo: spread(echoes),
    command: commands.length > 0 ? spread(commands) : undefined,
    peakGrowth: peak - before,
    endGrowth: process.memoryUsage.rss() - before,
    blocks,
  };
});

function spread(samples: readonly number[]): Spread {
  return { count: samples.length, p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
}

async function ours(target: Target): Promise<Contestant> {
  const stack = ourStack(hostOf(target));
  keepNurserySmall(); // as src/compose.ts does
  const flooded = await stack.open("flooded");
  const { transcript } = flooded.session;
  const echoed = await stack.open("echoed");
  const worked = await stack.open("worked");
  await echoed.run(ECHO_COMMAND, 1000);
  let start = 0;
  return {
    async flood() {
      start = transcript.end;
      await flooded.run("yes", 50);
    },
    taken: () => transcript.end - start,
    echo: () => ourEcho(echoed),
    command: (index) => framed(worked, index),
    async stop() {
      const { exit } = await flooded.type("\u0003", 10_000);
      if (exit !== 130) throw new Error(`the flood ended with ${exit}`);
    },
  };
}

async function raw(target: Target): Promise<Contestant> {
  const client = await connectRaw(target);
  const flooded = await rawShell(client);
  await prompt(flooded);
  const echoed = await rawShell(client);
  await prompt(echoed);
  await startEcho(echoed);
  let bytes = 0;
  return {
    async flood() {
      flooded.listen((chunk) => {
        bytes += chunk.length;
      });
      flooded.write("yes\r");
    },
    taken: () => bytes,
    echo: () => echo(echoed),
    async stop() {
      const back = prompt(flooded);
      flooded.write("\u0003");
      await back;
    },
  };
}

/** One key through the session, until its echo has come out of the channel. */
async function ourEcho({ channel, type }: OurSession): Promise<number> {
  let taken = 0;
  const start = performance.now();
  const back = new Promise<void>((resolve) => {
    const subscription = channel.onData(() => {
      taken = performance.now() - start;
      subscription.dispose();
      resolve();
    });
  });
  const sent = type("x", 0);
  await Promise.all([back, sent]);
  return taken;
}

async function framed({ session, run }: OurSession, index: number): Promise<number> {
  const start = performance.now();
  const { state, from, to } = await run(`echo token-${index}`, 20_000);
  const took = performance.now() - start;
  const { lines } = await session.text(from, to);
  if (state !== "done" || lines.join("\n").trim() !== `token-${index}`)
    throw new Error(`command ${index}: ${state}, ${JSON.stringify(lines)}`);
  return took;
}
