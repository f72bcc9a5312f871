import { SshMcpError } from "../../src/base/errors.ts";
import { patternOf } from "../../src/base/pattern.ts";
import type { HostDirectory } from "../../src/inventory/host.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import type { Multiplexer, Reply } from "../../src/multiplexer/types.ts";
import type { LinkInfo, Transport } from "../../src/ssh/contract.ts";
import { createScreen } from "../../src/terminal/screen.ts";
import { aHost, type HostChange } from "../a-host.ts";
import { FakeClock } from "../fake-clock.ts";
import { FakeShell, type FakeShellOptions } from "./fake-shell.ts";
import { type PermittedMux, permitted } from "./permitted.ts";

/** Loads what is loaded on first use, so that afterwards nothing takes real time. Call once before the tests. */
export async function warmUp(): Promise<void> {
  (await createScreen({ cols: 80, rows: 24 })).dispose();
  patternOf("x", { multiline: true });
}

export interface Fleet {
  readonly clock: FakeClock;
  readonly mux: PermittedMux;
  /** What is behind it: its verbs demand permits. */
  readonly multiplexer: Multiplexer;
  /** Every shell that was opened, in order. */
  readonly shells: FakeShell[];
  /** Lets time pass until the promise is settled. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Output of a reply as lines. */
  lines(reply: Reply): Promise<readonly string[]>;
}

export interface FleetOptions {
  /** By name; a function is asked at each look-up. */
  readonly hosts?: Readonly<Record<string, HostChange>> | (() => Readonly<Record<string, HostChange>>);
  readonly maxSessions?: number;
  readonly shell?: Omit<FakeShellOptions, "clock">;
  /** All shells are on one connection. */
  readonly oneConnection?: boolean;
  /** Milliseconds until a PTY is open. */
  readonly dialMs?: number;
  /** Asked at the end of each dial: what it fails with. */
  readonly dialFails?: () => Error | undefined;
}

/** A multiplexer over hosts that are fake shells in this process, on a clock that stands still. */
export function fleet(options: FleetOptions = {}): Fleet {
  const clock = new FakeClock();
  const shells: FakeShell[] = [];
  let connection: LinkInfo | undefined;
  const { hosts = { fake: {} }, dialFails } = options;
  const directory: HostDirectory = {
    settings: { maxSessions: options.maxSessions ?? 100 },
    async resolve(name, via) {
      const change = (typeof hosts === "function" ? hosts() : hosts)[name];
      if (!change) throw new SshMcpError("unknown_host", `there is no host "${name}"`);
      return aHost({ name, ...change, ...(via === undefined ? {} : { via }) });
    },
    list: async () => ({ hosts: [], notes: [] }),
    dispose() {},
  };
  const transport: Transport = {
    link: () => ({
      async openPty() {
        await new Promise<void>((resolve) => void clock.after(options.dialMs ?? 0, resolve));
        const failure = dialFails?.();
        if (failure) throw failure;
        const shell = new FakeShell({ clock, ...options.shell });
        shells.push(shell);
        const { opened } = shell;
        connection ??= opened.info;
        return options.oneConnection === true ? { ...opened, info: connection } : opened;
      },
    }),
    dispose: async () => {},
  };
  const multiplexer = createMultiplexer({
    directory,
    transport,
    readSecret: async ({ from }) => ({ reveal: () => `<${from}>` }),
    clock,
  });
  return {
    clock,
    mux: permitted(multiplexer, clock),
    multiplexer,
    shells,
    async drive(promise) {
      let settled = false;
      const watched = promise.finally(() => {
        settled = true;
      });
      watched.catch(() => {});
      for (let steps = 0; !settled; steps++) {
        if (steps > 20_000) throw new Error(`still waiting at ${clock.now()} ms`);
        await clock.pass(Math.min(clock.next ?? 10, 10));
      }
      return watched;
    },
    async lines(reply) {
      return (await reply.session.text(reply.outcome.from, reply.outcome.to)).lines;
    },
  };
}
