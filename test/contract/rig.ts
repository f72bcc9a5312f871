import type { Access } from "../../src/access/access.ts";
import type { Clock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { patternOf } from "../../src/base/pattern.ts";
import type { HostDirectory } from "../../src/inventory/host.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import type { Put } from "../../src/shell/pty/put.ts";
import type { Transport } from "../../src/ssh/contract.ts";
import { createScreen } from "../../src/terminal/screen.ts";
import { aHost, type HostChange } from "../a-host.ts";
import { FakeClock } from "../fake-clock.ts";
import { Calls } from "./calls.ts";
import { DeviceEnd } from "./far/device-end.ts";
import type { FarEnd, FarOptions } from "./far/far-end.ts";
import { deviceCatalog, PLATFORM } from "./far/profile.ts";
import { ShellEnd } from "./far/shell-end.ts";
import { SECRET, Wire } from "./far/wire.ts";

export type FramingName = "shell" | "device";
export const FRAMINGS: readonly FramingName[] = ["shell", "device"];

export interface RigOptions extends FarOptions {
  /** One way, in milliseconds; a function is asked for each piece. */
  readonly delayMs?: number | (() => number);
  /** Milliseconds until a PTY is open. */
  readonly dialMs?: number;
  readonly maxSessions?: number;
  /** The gate; left out: one without a step. */
  readonly access?: (clock: Clock) => Access;
  readonly host?: HostChange;
  /** Leave the session `box` unopened. */
  readonly unopened?: boolean;
}

/**
 * One host whose far end is a fake of either kind, behind the public multiplexer, on a clock that stands still. The host
 * is `box`, and so is its session; `other` is a second host of the same kind.
 */
export interface Rig extends Calls {
  readonly framing: FramingName;
  readonly clock: FakeClock;
  /** The newest far end and the link to it; all of them in `wires`. */
  readonly far: FarEnd;
  readonly wire: Wire;
  readonly wires: readonly Wire[];
  /** Takes every host out of the inventory. */
  forgetHosts(): void;
  /** Lets time pass until the promise is settled. */
  till<T>(promise: Promise<T>): Promise<T>;
  pass(ms: number): Promise<void>;
  /** What was written to the far end since `mark` (an earlier `written()`), as text. */
  written(mark?: number): string;
  /** How much was written so far. */
  mark(): number;
  /** The log of the Pty's writes, once it keeps one; see two-callers.ts. */
  putLog(): readonly Put[];
  end(): Promise<void>;
}

/** Loads what is loaded on first use, so that afterwards nothing takes real time. Call once before the tests. */
export async function warmUp(): Promise<void> {
  (await createScreen({ cols: 80, rows: 24 })).dispose();
  patternOf("x", { multiline: true });
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

class FakeRig extends Calls implements Rig {
  readonly framing: FramingName;
  readonly clock: FakeClock;
  readonly wires: Wire[];
  readonly #puts: Put[];
  readonly #fars: FarEnd[];
  readonly #inventory: Set<string>;

  constructor(framing: FramingName, options: RigOptions) {
    const clock = new FakeClock();
    const { delayMs = 0, dialMs = 0 } = options;
    const delay = typeof delayMs === "number" ? () => delayMs : delayMs;
    const fars: FarEnd[] = [];
    const wires: Wire[] = [];
    const transport: Transport = {
      link: () => ({
        openPty: async () => {
          await new Promise<void>((resolve) => void clock.after(dialMs, resolve));
          const far = farEnd(framing, clock, options);
          const wire = new Wire(far, clock, delay);
          fars.push(far);
          wires.push(wire);
          return wire.opened;
        },
      }),
      dispose: async () => {},
    };
    const inventory = new Set(["box", "other"]);
    const directory = directoryOf(framing, inventory, options);
    const puts: Put[] = [];
    const readSecret = async () => ({ reveal: () => SECRET });
    const onPut = (put: Put) => void puts.push(put);
    const catalog = deviceCatalog();
    const mux = createMultiplexer({ directory, transport, readSecret, clock, catalog, onPut });
    super(mux, clock, options.access?.(clock));
    this.#puts = puts;
    this.framing = framing;
    this.clock = clock;
    this.wires = wires;
    this.#fars = fars;
    this.#inventory = inventory;
  }

  putLog(): readonly Put[] {
    return this.#puts;
  }

  forgetHosts(): void {
    this.#inventory.clear();
  }

  get far(): FarEnd {
    return newest(this.#fars);
  }

  get wire(): Wire {
    return newest(this.wires);
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
    await this.till(this.mux.dispose());
  }
}

function farEnd(framing: FramingName, clock: Clock, options: FarOptions): FarEnd {
  return framing === "shell" ? new ShellEnd(clock, options) : new DeviceEnd(clock, options);
}

function newest<T>(all: readonly T[]): T {
  const last = all.at(-1);
  if (last === undefined) throw new Error("nothing was opened yet");
  return last;
}

function directoryOf(
  framing: FramingName,
  inventory: ReadonlySet<string>,
  { maxSessions = 100, host = {} }: RigOptions,
): HostDirectory {
  return {
    settings: { maxSessions },
    async resolve(name) {
      if (!inventory.has(name)) throw new SshMcpError("unknown_host", `there is no host "${name}"`);
      return hostNamed(name, framing, host);
    },
    list: async () => ({ hosts: [], notes: [] }),
    dispose() {},
  };
}

function hostNamed(name: string, framing: FramingName, change: HostChange) {
  const platform = framing === "shell" ? "posix" : PLATFORM;
  return aHost({ name, platform, enable: { from: "env", name: "ENABLE" }, ...change });
}
