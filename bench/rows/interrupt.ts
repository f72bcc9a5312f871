import { rigFor } from "../../test/real/rig.ts";
import type { Part } from "../bench.ts";
import { openSsh, openSshMultiplexed, SANE } from "../peers/openssh.ts";
import { type PtyPeer, prompt } from "../peers/peer.ts";
import { openRaw } from "../peers/raw-ssh2.ts";
import { inTurns, median, ms, pause, times } from "../stats.ts";
import { hostOf, targetOf } from "../target.ts";

/** The flood runs for this long before it is interrupted: every buffer on the way is full then. */
const FLOOD_MS = 600;

/** Ctrl-C while `yes` floods: the time until the shell is back. */
export const interrupt: Part = async ({ server, quick }) => {
  const target = targetOf(server, "bash");
  const host = hostOf(target);
  const rig = rigFor([host]);
  const session = await rig.open(host.name);
  const ours = async () => {
    const running = await rig.mux.shell({ session: session.name, command: "yes", timeoutMs: FLOOD_MS });
    if (running.outcome.state !== "running") throw new Error(`yes: ${running.outcome.state}`);
    const start = performance.now();
    const { outcome } = await rig.mux.send({ session: session.name, keys: "<C-c>" });
    const took = performance.now() - start;
    if (outcome.state !== "done" || outcome.exit !== 130)
      throw new Error(`Ctrl-C: ${outcome.state} ${outcome.exit}`);
    return took;
  };
  const multiplexer = await openSshMultiplexed(target);
  const peers = {
    raw: await openRaw(target),
    openssh: openSsh(target).shell(),
    multiplexed: multiplexer.shell(),
  };
  await Promise.all(Object.values(peers).map(prompt));
  for (const peer of Object.values(peers)) {
    peer.write(`${SANE}\r`);
    await prompt(peer);
  }
  const samples = await inTurns(
    quick ? 4 : 20,
    new Map([
      ["ours", ours],
      ["raw", () => interrupted(peers.raw)],
      ["openssh", () => interrupted(peers.openssh)],
      ["multiplexed", () => interrupted(peers.multiplexed)],
    ]),
  );
  await Promise.all([rig.close(), ...Object.values(peers).map((peer) => peer.close())]);
  await multiplexer.dispose();
  const worst = Math.max(...samples("ours"));
  const both = (name: "raw" | "openssh" | "multiplexed") =>
    `${ms(median(samples(name)))}, worst ${ms(Math.max(...samples(name)))}`;
  return [
    {
      what: "Ctrl-C under a flood (`yes`), until the shell is back",
      ours: `${ms(median(samples("ours")))}, worst ${ms(worst)}`,
      raw: both("raw"),
      openssh: both("openssh"),
      multiplexed: both("multiplexed"),
      ratio: times(median(samples("ours")) / median(samples("raw"))),
      aim: "≤ 100 ms",
      met: worst <= 100,
    },
  ];
};

async function interrupted(peer: PtyPeer): Promise<number> {
  peer.listen(() => {});
  peer.write("yes\r");
  await pause(FLOOD_MS);
  const back = prompt(peer);
  const start = performance.now();
  peer.write("\u0003");
  await back;
  return performance.now() - start;
}
