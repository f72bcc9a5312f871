import type { Access } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../../src/inventory/host.ts";
import { createMultiplexer } from "../../src/multiplexer/multiplexer.ts";
import type { Multiplexer, Reply } from "../../src/multiplexer/types.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import type { Outcome } from "../../src/shell/record/outcome.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { type PermittedMux, permitted, type TestWait } from "../multiplexer/permitted.ts";
import { until } from "./kit/until.ts";

/** The whole stack below the tools, over hosts given in code. */
export interface Rig {
  readonly mux: PermittedMux;
  /** Opens a session of that name on the host. */
  open(host: string, session?: string): Promise<Opened>;
  close(): Promise<void>;
}

export interface Result {
  readonly outcome: Outcome;
  /** Output lines joined by newlines. */
  readonly text: string;
}

export interface Opened {
  readonly name: string;
  readonly first: Reply;
  run(
    command: string,
    options?: TestWait & { readonly here?: "prompt"; readonly secret?: string },
  ): Promise<Result>;
  keys(keys: string, options?: TestWait): Promise<Result>;
  type(text: string, options?: TestWait): Promise<Result>;
  /** Waits until the session settles. */
  settle(options?: TestWait): Promise<Result>;
  view(): ReturnType<Multiplexer["view"]>;
  close(): Promise<void>;
}

export function directoryOf(hosts: readonly ResolvedHost[], maxSessions = 500): HostDirectory {
  return {
    settings: { maxSessions },
    async resolve(name) {
      const host = hosts.find((candidate) => candidate.name === name);
      if (!host) throw new SshMcpError("unknown_host", `there is no host "${name}"`);
      return host;
    },
    async list() {
      const summaries = hosts.map(({ name, source, platform, tags, groups, site, user, address, port }) => ({
        ...{ name, source, platform, tags, groups, jump: [] },
        ...(site === undefined ? {} : { site }),
        target: `${user}@${address}:${port}`,
      }));
      return { hosts: summaries, notes: [] };
    },
    dispose() {},
  };
}

/** Does some work in a session of its own on a host, and closes it whatever comes of that. */
export type WithSession = (host: string, work: (session: Opened) => Promise<void>) => Promise<void>;

/** `named`: each session has a name of its own, so that its commands count from 1; left out: the name it gets. */
export function sessionsOf(rig: () => Rig, named?: string): WithSession {
  let opened = 0;
  return async (host, work) => {
    const session = await rig().open(host, named && `${named}-${++opened}`);
    try {
      await work(session);
    } finally {
      await session.close();
    }
  };
}

/** `gate` makes the gate of the calls; left out: everything passes. */
export function rigFor(hosts: readonly ResolvedHost[], gate?: (directory: HostDirectory) => Access): Rig {
  const secrets = createSecrets();
  const transport = createTransport({ secrets });
  const directory = directoryOf(hosts);
  const mux = permitted(
    createMultiplexer({
      directory,
      transport,
      readSecret: secrets.read,
      catalog: openCatalog(),
    }),
    systemClock,
    gate?.(directory),
  );
  const resultOf = async (reply: Reply): Promise<Result> => {
    const { from, to } = reply.outcome;
    const { lines } = await reply.session.text(from, to);
    return { outcome: reply.outcome, text: lines.join("\n") };
  };
  return {
    mux,
    async open(host, session) {
      const first = await mux.connect({ host, ...(session === undefined ? {} : { session }) });
      const { name } = first.session;
      return {
        name,
        first,
        run: async (command, options) => {
          const reply = await mux.shell({ session: name, command, ...options });
          // A short wait may be over before a busy machine has typed the command: keys that follow are for what it runs.
          if (reply.outcome.state === "running")
            await until(() => !["clearing", "typing"].includes(mux.view(name).facts().state), {
              describe: `${command} is still being typed`,
            });
          return resultOf(reply);
        },
        keys: async (keys, options) => resultOf(await mux.send({ session: name, keys, ...options })),
        type: async (text, options) =>
          resultOf(await mux.send({ session: name, text, enter: true, ...options })),
        settle: async (options) => resultOf(await mux.wait({ session: name, timeoutMs: 20_000, ...options })),
        view: () => mux.view(name),
        close: async () => {
          await mux.disconnect(name);
        },
      };
    },
    close: () => mux.dispose(),
  };
}
