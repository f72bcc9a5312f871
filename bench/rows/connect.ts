import { delayProxy } from "../../test/real/kit/proxy.ts";
import { rigFor } from "../../test/real/rig.ts";
import type { Part } from "../bench.ts";
import { openSsh, openSshMultiplexed } from "../peers/openssh.ts";
import { echo, type PtyPeer, prompt, startEcho } from "../peers/peer.ts";
import { openRaw } from "../peers/raw-ssh2.ts";
import { inTurns, median, ms, quantile, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { hostOf, type Target, targetOf } from "../target.ts";

const RTT_MS = 100;

/** From nothing to a shell that takes a command. */
export const connect: Part = async ({ server, quick }) => {
  const rows: Row[] = [];
  for (const shell of ["bash", "zsh", "dash"])
    rows.push(await compare(targetOf(server, shell), `connect and first ready, ${shell}`, quick ? 5 : 25));
  const proxy = await delayProxy({ target: server, rttMs: RTT_MS });
  try {
    const what = `connect and first ready, bash, link with ${RTT_MS} ms round trip`;
    rows.push(await compare(targetOf(proxy, "bash"), what, quick ? 2 : 7));
  } finally {
    await proxy.close();
  }
  return rows;
};

async function compare(target: Target, what: string, rounds: number): Promise<Row> {
  const plain = openSsh(target);
  const shared = await openSshMultiplexed(target);
  const roundTrip = await measureEcho(await openRaw(target));
  const samples = await inTurns(
    rounds,
    new Map([
      ["ours", () => ours(target)],
      ["raw", () => toPrompt(() => openRaw(target))],
      ["openssh", () => toPrompt(async () => plain.shell())],
      ["multiplexed", () => toPrompt(async () => shared.shell())],
    ]),
  );
  await shared.dispose();
  const mine = median(samples("ours"));
  const raw = median(samples("raw"));
  const aim = 1.4 * raw + roundTrip;
  return {
    what,
    ours: `${ms(mine)} (p90 ${ms(quantile(samples("ours"), 0.9))})`,
    raw: ms(raw),
    openssh: ms(median(samples("openssh"))),
    multiplexed: ms(median(samples("multiplexed"))),
    ratio: times(mine / raw),
    aim: `≤ 1.4× raw + 1 round trip = ${ms(aim)}`,
    met: mine <= aim,
  };
}

async function ours(target: Target): Promise<number> {
  const host = hostOf(target);
  const rig = rigFor([host]);
  const start = performance.now();
  const { first } = await rig.open(host.name);
  const took = performance.now() - start;
  if (first.outcome.state !== "done") throw new Error(`not ready: ${first.outcome.state}`);
  await rig.close();
  return took;
}

async function toPrompt(open: () => Promise<PtyPeer>): Promise<number> {
  const start = performance.now();
  const peer = await open();
  await prompt(peer);
  const took = performance.now() - start;
  await peer.close();
  return took;
}

/** The wire's own round trip: a key and its echo. */
async function measureEcho(peer: PtyPeer): Promise<number> {
  await prompt(peer);
  await startEcho(peer);
  const samples: number[] = [];
  for (let index = 0; index < 20; index++) samples.push(await echo(peer));
  await peer.close();
  return median(samples);
}
