import type { Clock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import type { HostDirectory, ResolvedHost } from "../../src/inventory/host.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import type { Multiplexer, Reply, SessionView, WaitOptions } from "../../src/multiplexer/types.ts";
import { readCommand } from "../../src/results/command-output.ts";
import { compilePattern } from "../../src/shell/record/pattern-watch.ts";
import type { Transport } from "../../src/ssh/contract.ts";
import { createScreen } from "../../src/terminal/screen.ts";
import { FakeClock } from "../fake-clock.ts";
import { DeviceEnd } from "./far/device-end.ts";
import type { FarEnd, FarOptions } from "./far/far-end.ts";
import { deviceCatalog, PLATFORM } from "./far/profile.ts";
import { ShellEnd } from "./far/shell-end.ts";
import { Wire } from "./far/wire.ts";

export type FramingName = "shell" | "device";
export const FRAMINGS: readonly FramingName[] = ["shell", "device"];

/** Who acts. */
export type CallerName = "a" | "b";

export interface RigOptions extends FarOptions {
  /** One way, in milliseconds; a function is asked for each piece. */
  readonly delayMs?: number | (() => number);
  /** Milliseconds until a PTY is open. */
  readonly dialMs?: number;
  readonly maxSessions?: number;
  readonly host?: Partial<ResolvedHost>;
  /** Leave the session `box` unopened. */
  readonly unopened?: boolean;
}

/** How long a call waits, and how it is given up. */
export interface CallOptions {
  readonly session?: string;
  readonly timeoutMs?: number;
  readonly waitFor?: string;
  /** Milliseconds after which the caller gives the call up. */
  readonly cancelMs?: number;
}

/** What a caller is told: an outcome, or a refusal (`error`). */
export interface Told {
  /** Code of a refusal. */
  readonly error?: string;
  /** Everything said in words: notes and, where refused, the sentence and the next step. */
  readonly text: string;
  readonly session?: string;
  readonly state?: string;
  readonly evidence?: string;
  readonly asked?: string;
  /** The row that asks. */
  readonly row?: string;
  readonly exit?: number;
  readonly mode?: string;
  readonly match?: string;
  /** Id of the command the result is about, and that command's text. */
  readonly command?: number;
  readonly about?: string;
  readonly durationMs?: number;
  /** Clock time this call took. */
  readonly tookMs: number;
  readonly rows?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly opened?: boolean;
}

/** A session as a list shows it. */
export interface Facts {
  readonly state: string;
  readonly framing: string;
  readonly idleMs: number;
  readonly size: string;
  readonly end: number;
  readonly commands: readonly { readonly id: number; readonly text: string; readonly state: string }[];
}

/**
 * One host whose far end is a fake of either kind, behind the public multiplexer, on a clock that stands still. The host
 * is `box`, and so is its session; `other` is a second host of the same kind. Every call of ours on the multiplexer is
 * in here.
 */
export interface Rig {
  readonly framing: FramingName;
  readonly clock: FakeClock;
  /** The newest far end and the link to it; all of them in `wires`. */
  readonly far: FarEnd;
  readonly wire: Wire;
  readonly wires: readonly Wire[];
  open(caller: CallerName, options?: CallOptions & { readonly host?: string }): Promise<Told>;
  run(caller: CallerName, command: string, options?: CallOptions & { readonly mode?: string }): Promise<Told>;
  text(caller: CallerName, text: string, options?: CallOptions & { readonly enter?: boolean }): Promise<Told>;
  keys(caller: CallerName, keys: string, options?: CallOptions): Promise<Told>;
  /** Waits for what comes; `cursor`: reads from there. Without a timeout: what is new at once. */
  read(caller: CallerName, options?: CallOptions & { readonly cursor?: number }): Promise<Told>;
  resize(caller: CallerName, cols: number, rows: number): Promise<Told>;
  close(caller: CallerName, session?: string): Promise<Told>;
  /** Everything that is remembered of a command, as ssh_read gives it. */
  recall(caller: CallerName, command: number): Promise<string>;
  facts(session?: string): Facts;
  list(): readonly { readonly name: string; readonly state: string }[];
  screen(session?: string): readonly string[];
  /** Lets time pass until the promise is settled. */
  till<T>(promise: Promise<T>): Promise<T>;
  pass(ms: number): Promise<void>;
  /** What was written to the far end since `mark` (an earlier `written()`), as text. */
  written(mark?: number): string;
  /** How much was written so far. */
  mark(): number;
  /** The log of the Pty's writes, once it keeps one; see two-callers.ts. */
  putLog?(): readonly Put[];
  end(): Promise<void>;
}

/** One write of the Pty: in which epoch it was done, and in which it was decided on. */
export interface Put {
  readonly at: number;
  readonly epoch: number;
  readonly decidedIn: number;
  readonly bytes: Buffer;
  readonly reason: unknown;
  readonly permit: unknown;
}

/** Loads what is loaded on first use, so that afterwards nothing takes real time. Call once before the tests. */
export async function warmUp(): Promise<void> {
  (await createScreen({ cols: 80, rows: 24 })).dispose();
  await compilePattern("x");
  await deviceCatalog().device(PLATFORM);
}

export async function rigOf(framing: FramingName, options: RigOptions = {}): Promise<Rig> {
  const rig = new FakeRig(framing, options);
  if (options.unopened !== true) {
    const opened = await rig.till(rig.open("a"));
    if (opened.state !== "done") throw new Error(`the session did not open: ${JSON.stringify(opened)}`);
  }
  return rig;
}

/** More steps than this are no wait that ends. */
const STEPS = 40_000;
const LONGEST_STEP_MS = 10;

class FakeRig implements Rig {
  readonly framing: FramingName;
  readonly clock = new FakeClock();
  readonly wires: Wire[] = [];
  readonly #mux: Multiplexer;
  readonly #fars: FarEnd[] = [];

  constructor(framing: FramingName, options: RigOptions) {
    this.framing = framing;
    const { clock } = this;
    const { delayMs = 0, dialMs = 0 } = options;
    const delay = typeof delayMs === "number" ? () => delayMs : delayMs;
    const transport: Transport = {
      openPty: async () => {
        await new Promise<void>((resolve) => void clock.after(dialMs, resolve));
        const far = farEnd(framing, clock, options);
        const wire = new Wire(far, clock, delay);
        this.#fars.push(far);
        this.wires.push(wire);
        return wire;
      },
      exec: () => Promise.reject(new Error("not asked for here")),
      dispose: async () => {},
    };
    const directory = directoryOf(framing, options);
    this.#mux = createMultiplexer({ directory, transport, clock, catalog: deviceCatalog() });
  }

  get far(): FarEnd {
    return newest(this.#fars);
  }

  get wire(): Wire {
    return newest(this.wires);
  }

  open(_caller: CallerName, { host = "box", ...call }: CallOptions & { host?: string } = {}): Promise<Told> {
    const { session } = call;
    return this.#tell(call, (wait) =>
      this.#mux.connect({ host, ...(session === undefined ? {} : { session }), ...wait }),
    );
  }

  run(_caller: CallerName, command: string, call: CallOptions & { mode?: string } = {}): Promise<Told> {
    const { session = "box", mode } = call;
    return this.#tell(call, (wait) =>
      this.#mux.shell({ session, command, ...(mode === undefined ? {} : { mode }), ...wait }),
    );
  }

  text(_caller: CallerName, text: string, call: CallOptions & { enter?: boolean } = {}): Promise<Told> {
    const { session = "box", enter = false } = call;
    return this.#tell(call, (wait) => this.#mux.send({ session, text, enter, ...wait }));
  }

  keys(_caller: CallerName, keys: string, call: CallOptions = {}): Promise<Told> {
    const { session = "box" } = call;
    return this.#tell(call, (wait) => this.#mux.send({ session, keys, ...wait }));
  }

  read(_caller: CallerName, call: CallOptions & { cursor?: number } = {}): Promise<Told> {
    const { session = "box", cursor } = call;
    return this.#tell(call, (wait) =>
      this.#mux.wait({ session, ...(cursor === undefined ? {} : { cursor }), ...wait }),
    );
  }

  resize(_caller: CallerName, cols: number, rows: number): Promise<Told> {
    return this.#tell({}, () => this.#mux.send({ session: "box", cols, rows, timeoutMs: 100 }));
  }

  close(_caller: CallerName, session = "box"): Promise<Told> {
    const from = this.clock.now();
    return this.#orRefused(from, async () => {
      const { state } = await this.#mux.disconnect(session);
      return { state, text: "", tookMs: this.clock.now() - from };
    });
  }

  async recall(_caller: CallerName, command: number): Promise<string> {
    return (await readCommand(this.#mux.view("box"), { command })).text;
  }

  facts(session = "box"): Facts {
    const view = this.#mux.view(session);
    const { state, framing, idleMs, size, end } = view;
    const commands = view
      .commands()
      .map((command) => ({ id: command.id, text: command.text, state: command.state }));
    return { state, framing, idleMs, size: `${size.cols}x${size.rows}`, end, commands };
  }

  list(): readonly { name: string; state: string }[] {
    return this.#mux.sessions().map(({ name, state }) => ({ name, state }));
  }

  screen(session = "box"): readonly string[] {
    return this.#mux.view(session).screen().rows;
  }

  async till<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const watched = promise.finally(() => {
      settled = true;
    });
    // A refusal reaches the caller below.
    watched.catch(() => {});
    for (let steps = 0; !settled; steps++) {
      if (steps > STEPS) throw new Error(`still waiting at ${this.clock.now()} ms`);
      await this.clock.pass(Math.min(this.clock.next ?? LONGEST_STEP_MS, LONGEST_STEP_MS));
    }
    return watched;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms);
  }

  written(mark = 0): string {
    const all = this.wires.flatMap((wire) => wire.sent.map(({ text }) => text)).join("");
    return all.slice(mark);
  }

  mark(): number {
    return this.written().length;
  }

  async end(): Promise<void> {
    await this.till(this.#mux.dispose());
  }

  #tell(call: CallOptions, act: (wait: WaitOptions) => Promise<Reply>): Promise<Told> {
    const from = this.clock.now();
    const { timeoutMs, waitFor, cancelMs } = call;
    const abort = new AbortController();
    if (cancelMs !== undefined) this.clock.after(cancelMs, () => abort.abort());
    const wait: WaitOptions = {
      signal: abort.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(waitFor === undefined ? {} : { waitFor }),
    };
    return this.#orRefused(from, async () => {
      const reply = await act(wait);
      const tookMs = this.clock.now() - from;
      return told(reply, tookMs);
    });
  }

  async #orRefused(from: number, act: () => Promise<Told>): Promise<Told> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      const text = `${error.message}\n${error.next ?? ""}`;
      return { error: error.code, text, tookMs: this.clock.now() - from };
    }
  }
}

async function told({ session, outcome, opened }: Reply, tookMs: number): Promise<Told> {
  const detail = outcome.state === "closed" ? [outcome.detail] : [];
  const about = session.command(outcome.command)?.text;
  return {
    text: [...outcome.notes, ...detail, ...(opened?.notes ?? [])].join("\n"),
    session: outcome.session,
    state: outcome.state,
    evidence: outcome.evidence,
    ...(outcome.state === "asking" ? { asked: outcome.asked, row: outcome.row } : {}),
    ...(outcome.state === "running" && outcome.match !== undefined ? { match: outcome.match } : {}),
    ...(outcome.exit === undefined ? {} : { exit: outcome.exit }),
    ...(outcome.mode === undefined ? {} : { mode: outcome.mode }),
    command: outcome.command,
    ...(about === undefined ? {} : { about }),
    durationMs: outcome.durationMs,
    tookMs,
    rows: await rowsOf(session, outcome.from, outcome.to),
    from: outcome.from,
    to: outcome.to,
    ...(opened === undefined ? {} : { opened: true }),
  };
}

/** Rows that hold something. */
async function rowsOf(session: SessionView, from: number, to: number): Promise<readonly string[]> {
  const { lines } = await session.text(from, to);
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}

function farEnd(framing: FramingName, clock: Clock, options: FarOptions): FarEnd {
  return framing === "shell" ? new ShellEnd(clock, options) : new DeviceEnd(clock, options);
}

function newest<T>(all: readonly T[]): T {
  const last = all.at(-1);
  if (last === undefined) throw new Error("nothing was opened yet");
  return last;
}

function directoryOf(framing: FramingName, { maxSessions = 100, host = {} }: RigOptions): HostDirectory {
  return {
    settings: { maxSessions },
    async resolve(name) {
      if (name !== "box" && name !== "other")
        throw new SshMcpError("unknown_host", `there is no host "${name}"`);
      return hostNamed(name, framing, host);
    },
    list: async () => ({ hosts: [], notes: [] }),
    dispose() {},
  };
}

function hostNamed(name: string, framing: FramingName, change: Partial<ResolvedHost>): ResolvedHost {
  return {
    name,
    source: "inventory",
    address: "192.0.2.1",
    port: 22,
    user: "user",
    auth: [],
    jump: [],
    hostKey: { mode: "strict", files: [] },
    platform: framing === "shell" ? "posix" : PLATFORM,
    enable: { from: "env", name: "ENABLE" },
    tags: [],
    groups: [],
    terminal: { cols: 120, rows: 40, term: "xterm-256color" },
    limits: { sessions: 50, transcriptBytes: 1 << 20, channelsPerConnection: 8 },
    policy: { denyPatterns: [] },
    timing: timing(0),
    ...change,
  };
}

/** A host's times, with the given time after which an idle session is closed (0: never). */
export function timing(idleTimeoutMs: number): ResolvedHost["timing"] {
  return {
    connectTimeoutMs: 10_000,
    keepaliveIntervalMs: 15_000,
    keepaliveCount: 3,
    idleTimeoutMs,
    commandTimeoutMs: 20_000,
  };
}
