import { delayProxy } from "../../test/real/kit/proxy.ts";
import { rigFor } from "../../test/real/rig.ts";
import type { Part } from "../bench.ts";
import { openSsh, openSshMultiplexed } from "../peers/openssh.ts";
import { echo, prompt, startEcho } from "../peers/peer.ts";
import { connectRaw, openRaw, rawExec } from "../peers/raw-ssh2.ts";
import { inTurns, median, ms, quantile, timed, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { hostOf, type Target, targetOf } from "../target.ts";

const COMMAND = "echo hi";
const RTT_MS = 100;
/** Samples taken one after the other before the next contestant has its turn: their median is one sample of the row. */
const BURST = 20;

/** One framed command against the wire's own round trip and against a fresh channel. */
export const command: Part = async ({ server, quick }) => {
  const rows: Row[] = [];
  for (const shell of ["bash", "zsh", "dash"])
    rows.push(...(await onLoopback(targetOf(server, shell), quick ? 5 : 25)));
  const proxy = await delayProxy({ target: server, rttMs: RTT_MS });
  try {
    for (const shell of ["bash", "zsh", "dash"])
      rows.push(await onDelayedLink(targetOf(proxy, shell), quick ? 1 : 5));
  } finally {
    await proxy.close();
  }
  return rows;
};

interface Measured {
  readonly ours: number;
  readonly all: readonly number[];
  readonly echo: number;
  readonly exec: number;
  readonly openssh: number;
  readonly multiplexed: number;
}

async function measure(target: Target, rounds: number, burst: number): Promise<Measured> {
  const host = hostOf(target);
  const rig = rigFor([host]);
  const session = await rig.open(host.name);
  const wire = await openRaw(target);
  await prompt(wire);
  await startEcho(wire);
  const client = await connectRaw(target);
  const plain = openSsh(target);
  const shared = await openSshMultiplexed(target);
  const all: number[] = [];
  const framed = async () => {
    const start = performance.now();
    const { outcome } = await rig.mux.shell({ session: session.name, command: COMMAND });
    const took = performance.now() - start;
    if (outcome.state !== "done" || outcome.exit !== 0) throw new Error(`${COMMAND}: ${outcome.state}`);
    all.push(took);
    return took;
  };
  const samples = await inTurns(
    rounds,
    new Map([
      ["ours", () => medianOf(burst, framed)],
      ["echo", () => medianOf(burst, () => echo(wire))],
      ["exec", () => medianOf(burst, () => timed(() => rawExec(client, COMMAND)))],
      ["openssh", () => timed(() => plain.exec(COMMAND))],
      ["multiplexed", () => timed(() => shared.exec(COMMAND))],
    ]),
  );
  await Promise.all([rig.close(), wire.close(), shared.dispose()]);
  client.end();
  return {
    ours: median(samples("ours")),
    all: all.slice(burst),
    echo: median(samples("echo")),
    exec: median(samples("exec")),
    openssh: median(samples("openssh")),
    multiplexed: median(samples("multiplexed")),
  };
}

async function onLoopback(target: Target, rounds: number): Promise<Row[]> {
  const { ours, all, echo: wire, exec, openssh, multiplexed } = await measure(target, rounds, BURST);
  return [
    {
      what: `framed \`${COMMAND}\`, ${target.account}, p50; raw ssh2: the wire's round trip (PTY echo)`,
      ours: `${ms(ours)} (p95 ${ms(quantile(all, 0.95))})`,
      raw: ms(wire),
      ratio: `+${ms(ours - wire)}`,
      aim: "≤ 2 ms over the wire",
      met: ours - wire <= 2,
    },
    {
      what: `the same against \`${COMMAND}\` on a fresh exec channel, ${target.account}`,
      ours: ms(ours),
      raw: ms(exec),
      openssh: ms(openssh),
      multiplexed: ms(multiplexed),
      ratio: times(ours / exec),
      aim: "faster than raw ssh2",
      met: ours < exec,
    },
  ];
}

async function onDelayedLink(target: Target, rounds: number): Promise<Row> {
  const { ours, echo: wire, exec, openssh, multiplexed } = await measure(target, rounds, 5);
  return {
    what: `framed \`${COMMAND}\`, ${target.account}, link with ${RTT_MS} ms round trip (PTY echo ${ms(wire)}); peers: exec channel`,
    ours: ms(ours),
    raw: ms(exec),
    openssh: ms(openssh),
    multiplexed: ms(multiplexed),
    ratio: `${(ours / wire).toFixed(3)} round trips`,
    aim: "≤ 1.05 round trips",
    met: ours <= 1.05 * wire,
  };
}

async function medianOf(count: number, sample: () => Promise<number>): Promise<number> {
  const samples: number[] = [];
  for (let index = 0; index < count; index++) samples.push(await sample());
  return median(samples);
}
