import { startSshd } from "../../test/real/kit/sshd.ts";
import { deskOver } from "../../test/tools/desk-over.ts";
import type { Part } from "../bench.ts";
import { inTurns, median, ms, timed, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { hostOf, type Target, targetOf } from "../target.ts";
import { COMMAND, clush, HOSTS } from "./exec.ts";

/** `ssh_run` on many hosts, gate, grouping and text included, beside clush with as many at once, in turns. */
export const fleet: Part = async ({ quick }) => {
  const server = await startSshd({ config: ["MaxStartups 500", "MaxSessions 1"] });
  try {
    return [await beside(targetOf(server, "bash"), quick ? 1 : 5)];
  } finally {
    await server.stop();
  }
};

async function beside(target: Target, rounds: number): Promise<Row> {
  const cpu: number[] = [];
  const peers: string[] = [];
  let chars = 0;
  const ours = async () => {
    const host = hostOf(target);
    const names = Array.from({ length: HOSTS }, (_, at) => `leaf${at + 1}`);
    const desk = deskOver(
      names.map((name) => ({ ...host, name })),
      { toolsets: ["config"] },
    );
    const before = process.cpuUsage();
    const took = await timed(async () => {
      const how = { first: false, stop_on: [], timeout_s: 50 };
      const text = await desk.call("ssh_run", { hosts: names, command: COMMAND, ...how });
      if (!text.includes(`ok=${HOSTS} of ${HOSTS}`)) throw new Error(text);
      chars = text.length;
    });
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000 / HOSTS);
    await desk.dispose();
    return took;
  };
  const theirs = async () => {
    const began = performance.now();
    peers.push((await clush(target)) ?? "clush is not installed");
    return performance.now() - began;
  };
  const samples = await inTurns(
    rounds,
    new Map([
      ["ours", ours],
      ["clush", theirs],
    ]),
  );
  const [mine, other] = [median(samples("ours")), median(samples("clush"))];
  return {
    what: `ssh_run on ${HOSTS} hosts in one call, all connections new, 32 at once; wall time, CPU per host`,
    ours: `${ms(mine)}, ${ms(median(cpu))} per host, ${Math.ceil(chars / 4)} tokens`,
    openssh: `clush -f 32: ${peers.at(-1) ?? "–"}`,
    ...(peers.at(-1)?.includes("not installed") === true ? {} : { ratio: times(mine / other) }),
  };
}
