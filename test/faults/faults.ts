import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import { type DelayProxy, delayProxy } from "../real/kit/proxy.ts";
import { seeded } from "../seeds/random.ts";
import { startSshd, type TestServer } from "../ssh/sshd.ts";

/** What happens to the link, at a moment of the seed's own choice. */
const FAULTS = [
  "none",
  "reset",
  "drop",
  "half",
  "black hole",
  "stop and continue",
  "killed peer",
  "slow",
  "bytes",
] as const;
type Fault = (typeof FAULTS)[number];

/** No wait lasts longer: the call's own time, the sign of life, and a machine that is busy. */
const BOUND_MS = 60_000;
/** The link is given up within (count + 1) × interval. */
const KEEPALIVE = "{ keepalive: 1, keepalive_count: 2, connect: 20 }";

export interface FaultRun {
  readonly seed: number;
  readonly fault: Fault;
  /** What was wrong; none: all held. */
  readonly wrong: readonly string[];
  /** How the call ended, in the words of its status line. */
  readonly ended: string;
}

/** A built server, a host behind links of every kind, and a counter on the far side. */
export interface FaultLab {
  run(seed: number): Promise<FaultRun>;
  close(): Promise<void>;
}

export async function faultLab(): Promise<FaultLab> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-faults-"));
  const sshd = await startSshd();
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(
    knownHosts,
    [...sshd.hostKeys.values()].map((key) => `[127.0.0.1]:${sshd.port} ${key}\n`).join(""),
  );
  const target = { address: "127.0.0.1", port: sshd.port, knownHosts };
  const plain = await delayProxy({ target });
  const slow = await delayProxy({ target, rttMs: 120 });
  const bytes = await delayProxy({ target, chunk: 1 });
  const links = { plain, slow, bytes };
  const entry = ([name, { port }]: [string, DelayProxy]) => `  ${name}: { host: 127.0.0.1, port: ${port} }\n`;
  const config = join(folder, "hosts.yaml");
  writeFileSync(
    config,
    `settings: { ssh_config: false }\ndefaults:\n  user: root\n  platform: posix\n  auth: { method: key, key_path: ${sshd.clientKey} }\n` +
      `  host_key: { known_hosts: ${knownHosts} }\n  timeouts: ${KEEPALIVE}\nhosts:\n${Object.entries(links).map(entry).join("")}`,
    { mode: 0o600 },
  );
  const wire = start([process.execPath, "dist/cli.js", "--config", config]);
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  const lab = new Lab({ wire, links, sshd, folder });
  return {
    run: (seed) => lab.run(seed),
    async close() {
      wire.child.stdin.end();
      await wire.ended;
      await Promise.all(Object.values(links).map((link) => link.close()));
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface LabParts {
  readonly wire: Wire;
  readonly links: { readonly plain: DelayProxy; readonly slow: DelayProxy; readonly bytes: DelayProxy };
  readonly sshd: TestServer;
  readonly folder: string;
}

class Lab {
  readonly #parts: LabParts;
  #id = 10;

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  async run(seed: number): Promise<FaultRun> {
    const { links, folder } = this.#parts;
    const next = seeded(seed);
    const fault = FAULTS[Math.floor(next() * FAULTS.length)] ?? "none";
    const host = fault === "slow" ? "slow" : fault === "bytes" ? "bytes" : "plain";
    const session = `s${seed}`;
    const counter = join(folder, `count-${seed}`);
    const wrong: string[] = [];
    if (next() < 0.25) return this.#whileOpening({ seed, fault, host, session, at: next() * 400 });
    const opened = await this.#call("ssh_connect", { host, session, timeout_s: 40 });
    if (!/ done /.test(lastLine(opened))) wrong.push(`the session did not open: ${lastLine(opened)}`);
    const length = 0.5 + next();
    const command = `echo line >> ${counter}; echo begun-${seed}; sleep ${length.toFixed(2)}; seq 1 200; echo ended-${seed}`;
    const began = performance.now();
    const ran = this.#call("ssh_shell", { session, command, timeout_s: 20 });
    await pause(next() * length * 1_000);
    await this.#inject(fault, links.plain, session);
    const text = await ran;
    const ms = performance.now() - began;
    if (ms > BOUND_MS) wrong.push(`the call took ${Math.round(ms)} ms`);
    const status = lastLine(text);
    const state =
      new RegExp(`^\\[${session} #\\d+ (\\w+)`).exec(status)?.[1] ?? /^(\w+):/.exec(text)?.[1] ?? "?";
    if (!["done", "closed", "running", "session_closed", "not_ready"].includes(state))
      wrong.push(`no known end: ${status}`);
    if (state === "done" && !text.includes(`ended-${seed}`)) wrong.push("said to be done without its output");
    if (state === "done" && !/ exit=0 /.test(status)) wrong.push(`done without its status: ${status}`);
    if (fault === "none" && state !== "done") wrong.push(`not done though nothing happened: ${status}`);
    if (
      state === "closed" &&
      text.includes(`begun-${seed}`) &&
      !text.includes(`ended-${seed}`) &&
      !/unknown|not known|cut off|did not end|had not ended|lost|disconnect/.test(text)
    )
      wrong.push("not told that nobody knows how it ended");
    const read = await this.#call("ssh_read", { session, command: 1 });
    if (!read.includes(`[${session} `)) wrong.push(`its output cannot be read: ${lastLine(read)}`);
    await this.#call("ssh_disconnect", { session });
    await pause(100);
    const count = existsSync(counter) ? readFileSync(counter, "utf8").split("\n").length - 1 : 0;
    if (count > 1) wrong.push(`the command ran ${count} times`);
    if (state === "done" && count !== 1) wrong.push(`done, and the far side counted ${count}`);
    return { seed, fault, wrong, ended: status };
  }

  /** The link fails while the session is being opened: the call ends in time, by an error or by a prompt. */
  async #whileOpening(given: {
    readonly seed: number;
    readonly fault: Fault;
    readonly host: string;
    readonly session: string;
    readonly at: number;
  }): Promise<FaultRun> {
    const { seed, fault, host, session, at } = given;
    const wrong: string[] = [];
    const began = performance.now();
    const opening = this.#call("ssh_connect", { host, session, timeout_s: 40 });
    await pause(at);
    await this.#inject(fault, this.#parts.links.plain, session);
    const text = await opening;
    if (performance.now() - began > BOUND_MS)
      wrong.push(`opening took ${Math.round(performance.now() - began)} ms`);
    const ended = lastLine(text);
    const known =
      / (done|closed|running|asking) /.test(ended) ||
      /^(connect_failed|auth_failed|session_closed|channel_refused|host_key_\w+):/.test(text);
    if (!known) wrong.push(`no known end of the opening: ${text.slice(0, 200)}`);
    if (fault === "none" && !/ done /.test(ended)) wrong.push(`not open though nothing happened: ${ended}`);
    await this.#call("ssh_disconnect", { session });
    return { seed, fault, wrong, ended };
  }

  async #inject(fault: Fault, link: DelayProxy, session: string): Promise<void> {
    const shells = () => childrenOf(this.#parts.sshd.pid);
    switch (fault) {
      case "reset":
        return link.cut("rst");
      case "drop":
        return link.cut("fin");
      case "half":
        return link.cut("half");
      case "black hole":
        link.blackhole(true);
        await pause(6_000);
        link.blackhole(false);
        // What vanished never comes: a connection that is still there is one that nobody can use.
        return link.cut("rst");
      case "stop and continue":
        for (const pid of shells()) signal(pid, "SIGSTOP");
        await pause(700);
        for (const pid of shells()) signal(pid, "SIGCONT");
        return;
      case "killed peer":
        for (const pid of shells()) signal(pid, "SIGKILL");
        return;
      default:
        void session;
    }
  }

  async #call(name: string, args: object): Promise<string> {
    const { wire } = this.#parts;
    const id = ++this.#id;
    wire.send({ id, method: "tools/call", params: { name, arguments: args } });
    const answer = JSON.parse(JSON.stringify(await wire.answer(id)));
    return String(answer.result?.content?.[0]?.text ?? JSON.stringify(answer.error));
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** The processes that serve connections: those that a server itself has started. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}
