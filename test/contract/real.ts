import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { systemClock } from "../../src/base/clock.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import { createIosConfig, createIosTerminal } from "../../src/lab/catalyst/ios.ts";
import { deviceShell } from "../../src/lab/device-shell.ts";
import { findScript, ownShell } from "../../src/lab/own-shell.ts";
import { type LabShell, listen } from "../../src/lab/server.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { aHost } from "../a-host.ts";
import { delayProxy } from "../real/kit/proxy.ts";
import { directoryOf } from "../real/rig.ts";
import { Calls } from "./calls.ts";
import { type Fault, faultsOf } from "./oracle.ts";
import { type Act, type Done, type Plan, planOf, play } from "./plan.ts";
import type { FramingName } from "./rig.ts";
import { goesOn, type Run, type Trace } from "./two-callers.ts";

const ENABLE = "s3cret";
const PLATFORM = "cisco_ios";
/** Seeds at once: mostly they wait. */
const AT_ONCE = 8;

/** Made once for all runs of this process: they cost more than a run. */
const catalog = openCatalog();
let keys: { readonly host: KeyPair; readonly client: KeyPair } | undefined;

/** A far end behind real SSH on loopback, and its account of what was done to it. */
interface RealEnd {
  readonly platform: string;
  readonly ident?: string;
  /** The key that interrupts here, if it is not Ctrl-C. */
  readonly interrupt?: string;
  readonly shell: LabShell;
  executed(): readonly string[];
  /** Lines of ours. */
  readonly steps: readonly string[];
}

/** The same two callers as in two-callers.ts, in real time, over SSH through the whole transport. */
export async function realRun(framing: FramingName, seed: number, trace?: Trace): Promise<Run> {
  const plan = planOf(seed, { modes: framing === "device" });
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-contract-"));
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const written: Buffer[] = [];
  const end = framing === "shell" ? await shellEnd(folder, plan) : deviceEnd(written);
  keys ??= { host: newKey(), client: newKey() };
  const { host: hostKey, client: clientKey } = keys;
  const server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "user",
    shell: overheard(end.shell, written),
    ...(end.ident === undefined ? {} : { ident: end.ident }),
  });
  const knownHosts = file("known_hosts", `[${server.address}]:${server.port} ${hostKey.public}\n`);
  const proxy = await delayProxy({
    target: { address: server.address, port: server.port, knownHosts },
    rttMs: 2 * plan.delayMs,
  });
  const host = aHost({
    source: "lab",
    address: proxy.address,
    port: proxy.port,
    auth: [{ method: "key", path: file("key", clientKey.private) }],
    hostKey: { mode: "strict", files: [knownHosts] },
    platform: end.platform,
    enable: { from: "file", path: file("enable", ENABLE) },
    limits: { sessions: 4, channelsPerConnection: 4 },
    // Many dial at once on a busy machine.
    timing: { connectTimeoutMs: 60_000 },
  });
  const secrets = createSecrets();
  const transport = createTransport({ secrets });
  const mux = createMultiplexer({
    directory: directoryOf([host]),
    transport,
    readSecret: secrets.read,
    catalog,
  });
  const calls = new Calls(mux, systemClock);
  try {
    const opened = await calls.open("a");
    if (opened.state !== "done") return { faults: [`broke off: ${JSON.stringify(opened)}`], results: 0 };
    const done = await playAll(calls, plan.acts);
    const evidence = {
      done,
      executed: end.executed(),
      answers: [],
      written: Buffer.concat(written).toString("utf8"),
      steps: end.steps,
    };
    for (const { act, told } of done)
      trace?.(`${act.at} ${act.caller} ${JSON.stringify(act.what)} → ${JSON.stringify(told)}`);
    trace?.(`executed: ${JSON.stringify(evidence.executed)}`);
    const faults: Fault[] = faultsOf(evidence);
    return {
      faults: [...faults, ...(await goesOn(calls, end.executed, (one) => one, end.interrupt))],
      results: done.length,
    };
  } finally {
    await mux.dispose();
    await proxy.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `count` seeds, a few at once; each fault names its seed. */
export async function realSeeds(
  framing: FramingName,
  from: number,
  count: number,
  progress: (done: number) => void = () => {},
  trace?: Trace,
): Promise<Run> {
  const faults: Fault[] = [];
  let [next, ended, results] = [from, 0, 0];
  const work = async () => {
    while (next < from + count) {
      const seed = next++;
      const run = await realRun(framing, seed, trace).catch((error: unknown) => ({
        faults: [`broke off: ${String(error)}`],
        results: 0,
      }));
      results += run.results;
      const alone = `npm run seeds -- --real --framing ${framing} --from ${seed} --seeds 1`;
      faults.push(...run.faults.map((fault) => `seed ${seed} (${alone}): ${fault}`));
      progress(++ended);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
  return { faults, results };
}

/** Each act at its moment; the last wait is over when all are done. */
function playAll(calls: Calls, acts: readonly Act[]): Promise<Done[]> {
  return Promise.all(
    acts.map(
      (act) =>
        new Promise<Done>((resolve, reject) => {
          setTimeout(() => play(calls, act).then((told) => resolve({ act, told }), reject), act.at);
        }),
    ),
  );
}

/** bash in a home of its own, where the commands of the plan are programs that note how they were called. */
async function shellEnd(folder: string, { promptMs }: Plan): Promise<RealEnd> {
  const log = join(folder, "executed");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const programs = {
    mark: 'echo "ran $*"',
    say: 'echo "$*"',
    key: 'echo "$*"',
    late: 'sleep "$(printf 0.%03d "$1")"; shift; echo "$*"',
    slow: "exec sleep 60",
    confirm: 'printf "Proceed? [y/N] "; read -r answer; echo "answered $answer"',
  };
  for (const [name, body] of Object.entries(programs)) {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> ${log}\n${body}\n`);
    chmodSync(path, 0o755);
  }
  const prompt = promptMs === 0 ? "" : `PROMPT_COMMAND='sleep ${promptMs / 1000}'\n`;
  writeFileSync(join(folder, ".bash_profile"), `PATH=${bin}:$PATH\nPS1='user@box:~$ '\n${prompt}`);
  const env = { PATH: process.env.PATH, HOME: folder, SHELL: "/bin/bash", LANG: "C.UTF-8" };
  return {
    platform: "posix",
    shell: ownShell({ env, script: await findScript(process.env), folder }),
    executed: () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []),
    steps: [],
  };
}

/** The simulated switch. It knows no command of the plan; what was entered is read off the keys it got. */
function deviceEnd(written: readonly Buffer[]): RealEnd {
  const config = createIosConfig({ hostname: "sw1", enableSecret: ENABLE });
  const profile = catalog.profile(PLATFORM);
  const modes = Object.values(profile.modes ?? {}).flatMap(({ enter, leave }) => [enter?.send, leave?.send]);
  const open = (profile.open ?? []).map(({ send }) => send);
  return {
    platform: PLATFORM,
    interrupt: "<C-^>",
    ident: "Cisco-1.25",
    shell: deviceShell((login) =>
      createIosTerminal({ ...login, config, clock: systemClock, random: Math.random }),
    ),
    executed: () => entered(Buffer.concat([...written]).toString("utf8")),
    steps: ["", ENABLE, ...open, ...modes].filter((line) => line !== undefined),
  };
}

/** Lines that keys amount to: Ctrl-C, Ctrl-U and Ctrl-Z throw away what stands there. */
function entered(keys: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const key of keys) {
    if (key === "\r") lines.push(line);
    if (/[\r\u0003\u0015\u001a]/.test(key)) line = "";
    else if (key >= " ") line += key;
  }
  return lines;
}

/** The same shell, whose every byte from the client is kept. */
function overheard(shell: LabShell, written: Buffer[]): LabShell {
  return {
    onPty(channel, pty, command) {
      channel.on("data", (bytes: Buffer) => written.push(bytes));
      return shell.onPty(channel, pty, command);
    },
    onExec: (channel, command) => shell.onExec(channel, command),
  };
}

interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** One key in 250 comes out of ssh2 in a form that it does not read itself: its public half begins with a zero byte. */
function newKey(): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
