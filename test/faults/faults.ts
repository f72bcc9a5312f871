import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { descendants } from "../real/kit/process.ts";
import { until } from "../real/kit/until.ts";
import { seeded } from "../seeds/random.ts";
import type { TestServer } from "../ssh/sshd.ts";
import { LOGIN_STEPS, SAYS } from "./hanging-host.ts";
import { type ServedHosts, servedHosts } from "./served-hosts.ts";

/** What happens to the link, at a moment of the seed's own choice. */
export const FAULTS = [
  "none",
  "reset",
  "drop",
  "half",
  "black hole",
  "stop and continue",
  "killed peer",
  "slow",
  "bytes",
  "rekey",
  "stall",
  "dead hop",
  "hanging login",
] as const;
type Fault = (typeof FAULTS)[number];

/** No wait lasts longer: the call's own time, the sign of life, and a machine that is busy. */
const BOUND_MS = 60_000;
/** Of a login that hangs: the host's 2 s, and a machine that is busy. */
const LOGIN_BOUND_MS = 20_000;
/** Faults that lose nothing. */
const HARMLESS: readonly Fault[] = ["none", "slow", "bytes", "rekey", "stall", "stop and continue"];

export interface FaultRun {
  readonly seed: number;
  readonly fault: Fault;
  /** What was wrong; none: all held. */
  readonly wrong: readonly string[];
  /** How the call ended, in the words of its status line. */
  readonly ended: string;
}

/** A built server, hosts behind links of every kind, and a counter on the far side. */
export interface FaultLab {
  run(seed: number): Promise<FaultRun>;
  close(): Promise<void>;
}

export async function faultLab(): Promise<FaultLab> {
  const served = await servedHosts();
  // What is loaded with the first session belongs to the baseline.
  await served.call("ssh_connect", { host: "plain", session: "first" });
  await served.call("ssh_disconnect", { session: "first" });
  const lab = new Lab(served);
  return { run: (seed) => lab.run(seed), close: () => served.close() };
}

/** One run: its fault, the host it concerns, its session, and what was wrong so far. */
interface Run {
  readonly seed: number;
  readonly fault: Fault;
  readonly host: string;
  readonly session: string;
  readonly next: () => number;
  readonly wrong: string[];
}

class Lab {
  readonly #parts: ServedHosts;
  /** Descriptors of the server without any connection. */
  readonly #idle: number;

  constructor(parts: ServedHosts) {
    this.#parts = parts;
    this.#idle = this.#descriptors() - this.#connections();
  }

  /** Each fault in turn; what else is chosen is the seed's. */
  async run(seed: number): Promise<FaultRun> {
    const fault = FAULTS[seed % FAULTS.length] ?? "none";
    const session = `s${seed}`;
    const run = { seed, fault, host: hostFor(fault), session, next: seeded(seed), wrong: [] };
    if (fault === "hanging login") return this.#hangingLogin(run);
    return run.next() < 0.25 ? this.#whileOpening(run) : this.#whileRunning(run);
  }

  async #whileRunning({ seed, fault, host, session, next, wrong }: Run): Promise<FaultRun> {
    const counter = join(this.#parts.folder, `count-${seed}`);
    const opened = await this.#parts.call("ssh_connect", { host, session, timeout_s: 40 });
    if (!/ ready /.test(lastLine(opened))) wrong.push(`the session did not open: ${lastLine(opened)}`);
    const length = 0.5 + next();
    const command = `echo line >> ${counter}; echo begun-${seed}; sleep ${length.toFixed(2)}; seq 1 200; echo ended-${seed}`;
    const began = performance.now();
    const ran = this.#parts.call("ssh_shell", { session, command, timeout_s: 20 });
    await pause(next() * length * 1_000);
    await this.#inject(fault);
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
    if (HARMLESS.includes(fault) && state !== "done")
      wrong.push(`not done though nothing was lost: ${status}`);
    if (
      state === "closed" &&
      text.includes(`begun-${seed}`) &&
      !text.includes(`ended-${seed}`) &&
      !/unknown|not known|cut off|did not end|had not ended|lost|disconnect/.test(text)
    )
      wrong.push("not told that nobody knows how it ended");
    if (fault === "dead hop" && state === "closed" && !/jump host hop\b/.test(text))
      wrong.push(`the hop that died is not named: ${text.slice(-300)}`);
    wrong.push(...withoutAdvice(text));
    const read = await this.#parts.call("ssh_read", { session, command: 1 });
    if (text.includes(`begun-${seed}`) && !read.includes(`[${session} `))
      wrong.push(`its output cannot be read: ${lastLine(read)}`);
    wrong.push(...(await this.#release(session)));
    const count = existsSync(counter) ? readFileSync(counter, "utf8").split("\n").length - 1 : 0;
    if (count > 1) wrong.push(`the command ran ${count} times`);
    if (state === "done" && count !== 1) wrong.push(`done, and the far side counted ${count}`);
    return { seed, fault, wrong, ended: status };
  }

  /** The link fails while the session is being opened: the call ends in time, by an error or by a prompt. */
  async #whileOpening({ seed, fault, host, session, next, wrong }: Run): Promise<FaultRun> {
    const began = performance.now();
    const opening = this.#parts.call("ssh_connect", { host, session, timeout_s: 40 });
    await pause(next() * 400);
    await this.#inject(fault);
    const text = await opening;
    if (performance.now() - began > BOUND_MS)
      wrong.push(`opening took ${Math.round(performance.now() - began)} ms`);
    const ended = lastLine(text);
    const known =
      / (ready|closed|running|asking) /.test(ended) ||
      /^(connect_failed|auth_failed|session_closed|channel_refused|host_key_\w+):/.test(text);
    if (!known) wrong.push(`no known end of the opening: ${text.slice(0, 200)}`);
    if (HARMLESS.includes(fault) && !/ ready /.test(ended))
      wrong.push(`not open though nothing was lost: ${ended}`);
    if (fault === "dead hop" && !/ ready /.test(ended) && !/\bhop\b/.test(text))
      wrong.push(`the hop that died is not named: ${text.slice(-300)}`);
    wrong.push(...withoutAdvice(text), ...(await this.#release(session)));
    return { seed, fault, wrong, ended };
  }

  /** The server falls silent at one step of the login: that step is named, with what to do. */
  async #hangingLogin({ seed, fault, host, session, wrong }: Run): Promise<FaultRun> {
    const { call, links, hanging } = this.#parts;
    const step = LOGIN_STEPS[Math.floor(seed / FAULTS.length) % LOGIN_STEPS.length] ?? "prompt";
    hanging.hangAt(step);
    links.login.blackhole(step === "identification");
    const began = performance.now();
    const text = await call("ssh_connect", { host, session, timeout_s: 4 });
    if (performance.now() - began > LOGIN_BOUND_MS)
      wrong.push(`it took ${Math.round(performance.now() - began)} ms`);
    if (!SAYS[step].test(text)) wrong.push(`hung at ${step}, and said: ${text.slice(-400)}`);
    links.login.blackhole(false);
    links.login.cut("rst");
    wrong.push(...(await this.#release(session)));
    return { seed, fault, wrong, ended: `${lastLine(text)} (${step})` };
  }

  /** Closes the session; what is wrong with the answer, or is still held behind it on either side. */
  async #release(session: string): Promise<string[]> {
    const text = await this.#parts.call("ssh_disconnect", { session });
    const wrong: string[] = [];
    const closed = new RegExp(`^\\[${session} #\\d+ closed `).test(lastLine(text));
    if (!closed && !/^unknown_session: [\s\S]*\nNext: /.test(text))
      wrong.push(`ssh_disconnect said: ${text.slice(0, 200)}`);
    const servers = Object.values(this.#parts.sshd);
    const shells = () => servers.flatMap(shellsOf);
    const over = () => this.#descriptors() - this.#connections() - this.#idle;
    // One connection to a host is kept for the next caller.
    const kept = () => Object.values(this.#parts.links).every((link) => link.connections().open <= 1);
    await until(() => shells().length === 0 && over() <= 0 && kept(), {
      describe: () =>
        `${shells().length} processes of its shell are left, ${over()} descriptors too many, ${this.#connections()} connections`,
      timeoutMs: 20_000,
    }).catch((error: Error) => wrong.push(error.message));
    return wrong;
  }

  #descriptors(): number {
    return readdirSync(`/proc/${this.#parts.wire.child.pid}/fd`).length;
  }

  #connections(): number {
    return Object.values(this.#parts.links).reduce((sum, link) => sum + link.connections().open, 0);
  }

  async #inject(fault: Fault): Promise<void> {
    const { links, sshd } = this.#parts;
    switch (fault) {
      case "reset":
        return links.plain.cut("rst");
      case "drop":
        return links.plain.cut("fin");
      case "half":
        return links.plain.cut("half");
      case "black hole":
        links.plain.blackhole(true);
        await pause(6_000);
        links.plain.blackhole(false);
        // What vanished never comes: a connection that is still there is one that nobody can use.
        return links.plain.cut("rst");
      case "stop and continue":
        return this.#stopped(sshd.main);
      case "killed peer":
        for (const pid of serversOf(sshd.main)) signal(pid, "SIGKILL");
        return;
      case "stall":
        links.plain.stall(true);
        await pause(700);
        return links.plain.stall(false);
      case "dead hop":
        for (const pid of serversOf(sshd.hop)) signal(pid, "SIGKILL");
        return;
      default:
    }
  }

  async #stopped(server: TestServer): Promise<void> {
    for (const pid of serversOf(server)) signal(pid, "SIGSTOP");
    await pause(700);
    for (const pid of serversOf(server)) signal(pid, "SIGCONT");
  }
}

function hostFor(fault: Fault): string {
  if (fault === "slow" || fault === "bytes" || fault === "rekey") return fault;
  if (fault === "dead hop") return "behind";
  return fault === "hanging login" ? "login" : "plain";
}

/** An error without a next step leaves an agent to guess. */
function withoutAdvice(text: string): string[] {
  const isError = /^(?!note:|warning:)[a-z_]+: /.test(text);
  return isError && !/\nNext: .{10,}/.test(text) ? [`no next step: ${text.slice(0, 200)}`] : [];
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

/** The processes that serve connections: sshd's own below the one that listens. */
function serversOf({ pid }: TestServer): number[] {
  return descendants(pid).filter((one) => nameOf(one).startsWith("sshd"));
}

/** What runs in the sessions of a server. */
function shellsOf({ pid }: TestServer): number[] {
  return descendants(pid).filter((one) => !["", "sshd", "sshd-session", "sshd-auth"].includes(nameOf(one)));
}

/** Empty: it has ended. */
function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
