import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DelayProxy } from "../real/kit/proxy.ts";
import { seeded } from "../seeds/random.ts";
import { type ServedHosts, servedHosts } from "./served-hosts.ts";

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
  const served = await servedHosts();
  const lab = new Lab(served);
  return { run: (seed) => lab.run(seed), close: () => served.close() };
}

class Lab {
  readonly #parts: ServedHosts;

  constructor(parts: ServedHosts) {
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
    const opened = await this.#parts.call("ssh_connect", { host, session, timeout_s: 40 });
    if (!/ done /.test(lastLine(opened))) wrong.push(`the session did not open: ${lastLine(opened)}`);
    const length = 0.5 + next();
    const command = `echo line >> ${counter}; echo begun-${seed}; sleep ${length.toFixed(2)}; seq 1 200; echo ended-${seed}`;
    const began = performance.now();
    const ran = this.#parts.call("ssh_shell", { session, command, timeout_s: 20 });
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
    const read = await this.#parts.call("ssh_read", { session, command: 1 });
    if (text.includes(`begun-${seed}`) && !read.includes(`[${session} `))
      wrong.push(`its output cannot be read: ${lastLine(read)}`);
    await this.#parts.call("ssh_disconnect", { session });
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
    const opening = this.#parts.call("ssh_connect", { host, session, timeout_s: 40 });
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
    await this.#parts.call("ssh_disconnect", { session });
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
