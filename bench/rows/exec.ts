import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../test/real/kit/process.ts";
import { startSshd } from "../../test/real/kit/sshd.ts";
import type { Part } from "../bench.ts";
import { compiled } from "../compiled.ts";
import { openSsh, openSshMultiplexed } from "../peers/openssh.ts";
import { connectRaw, rawExec } from "../peers/raw-ssh2.ts";
import { inTurns, median, ms, timed, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { hostOf, type Target, targetOf } from "../target.ts";

export const COMMAND = "echo hi";
const BURST = 20;
export const HOSTS = 200;

/** The whole server but the protocol, as it is built. */
const desks = async (): Promise<typeof import("../../test/tools/desk-over.ts")> =>
  import((await compiled(new URL("../../test/tools/desk-over.ts", import.meta.url))).href);

/** One command without a session, and one on many hosts. */
export const exec: Part = async ({ server, quick }) => [
  await one(targetOf(server, "bash"), quick ? 5 : 25),
  await many(quick ? 1 : 5),
];

/** `ssh_exec` as a client calls it, gate and text included, against ssh2's own exec on a connection that stands. */
async function one(target: Target, rounds: number): Promise<Row> {
  const host = hostOf(target);
  const { deskOver } = await desks();
  const desk = deskOver([host]);
  const client = await connectRaw(target);
  const plain = openSsh(target);
  const shared = await openSshMultiplexed(target);
  const ours = async () => {
    const text = await desk.call("ssh_exec", { host: host.name, command: COMMAND });
    if (!text.includes(" done exit=0 ")) throw new Error(text);
  };
  await ours();
  const samples = await inTurns(
    rounds,
    new Map([
      ["ours", () => burst(ours)],
      ["raw", () => burst(() => rawExec(client, COMMAND))],
      ["openssh", () => timed(() => plain.exec(COMMAND))],
      ["multiplexed", () => timed(() => shared.exec(COMMAND))],
    ]),
  );
  await Promise.all([desk.dispose(), shared.dispose()]);
  client.end();
  const [mine, raw] = [median(samples("ours")), median(samples("raw"))];
  return {
    what: "ssh_exec `echo hi`, bash, median",
    ours: ms(mine),
    raw: ms(raw),
    openssh: ms(median(samples("openssh"))),
    multiplexed: ms(median(samples("multiplexed"))),
    ratio: times(mine / raw),
    aim: "≤ 1.2× raw ssh2",
    met: mine <= 1.2 * raw,
  };
}

async function burst(work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let at = 0; at < BURST; at++) took.push(await timed(work));
  return median(took);
}

/** 200 names of one server, each with a connection of its own; beside it clush, where there is one. */
async function many(rounds: number): Promise<Row> {
  const { deskOver } = await desks();
  const server = await startSshd({ config: ["MaxStartups 500", "MaxSessions 1"] });
  try {
    const target = targetOf(server, "bash");
    const cpu: number[] = [];
    const wall: number[] = [];
    let chars = 0;
    for (let round = 0; round < rounds; round++) {
      const host = hostOf(target);
      const names = Array.from({ length: HOSTS }, (_, at) => `leaf${at + 1}`);
      // Hosts of different names share no connection.
      const desk = deskOver(names.map((name) => ({ ...host, name })));
      const before = process.cpuUsage();
      const took = await timed(async () => {
        const text = await desk.call("ssh_exec", { host: names, command: COMMAND, timeout_s: 50 });
        if (!text.includes(`ok=${HOSTS} of ${HOSTS}`)) throw new Error(text);
        chars = text.length;
      });
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1000 / HOSTS);
      wall.push(took);
      await desk.dispose();
    }
    const peer = await clush(target);
    return {
      what: `ssh_exec on ${HOSTS} hosts in one call, all connections new; wall time, CPU per host`,
      ours: `${ms(median(wall))}, ${ms(median(cpu))} per host, ${chars} characters`,
      openssh: peer === undefined ? "clush is not installed" : `clush -f 32: ${peer}`,
    };
  } finally {
    await server.stop();
  }
}

/** Wall time, and processor time of it and its ssh per host; undefined: it is not installed. */
export async function clush(target: Target): Promise<string | undefined> {
  if ((await run("sh", ["-c", "command -v clush"])).code !== 0) return undefined;
  const dir = mkdtempSync(join(tmpdir(), "ssh-mcp-bench-"));
  try {
    const config = join(dir, "config");
    writeFileSync(
      config,
      [
        "Host leaf*",
        `HostName ${target.address}`,
        `Port ${target.port}`,
        `User ${target.login}`,
        `IdentityFile ${target.keyPath}`,
        `UserKnownHostsFile ${target.knownHosts}`,
        `HostKeyAlias [${target.address}]:${target.port}`,
        "IdentitiesOnly yes",
      ].join("\n  "),
    );
    const line = `clush -f 32 -b -w 'leaf[1-${HOSTS}]' -o '-F ${config}' '${COMMAND}' >${dir}/out 2>&1; times`;
    const start = performance.now();
    const { stdout } = await run("bash", ["-c", line], { timeoutMs: 120_000 });
    const took = performance.now() - start;
    const [, children = ""] = stdout.trim().split("\n");
    const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    const total = seconds.reduce((sum, one) => sum + one, 0);
    return `${ms(took)}, ${ms((total * 1000) / HOSTS)} per host`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
