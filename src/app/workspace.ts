import { createAccess } from "../access/access.ts";
import { openAuditLog } from "../audit/log.ts";
import { systemClock } from "../base/clock.ts";
import { keepNurserySmall } from "../base/nursery.ts";
import type { Workspace } from "../desk/contract.ts";
import { openCatalog } from "../devices/catalog.ts";
import { createHostDirectory } from "../inventory/directory.ts";
import type { HostDirectory, ResolvedHost } from "../inventory/host.ts";
import type { LabHost } from "../lab/lab.ts";
import { createMultiplexer } from "../multiplexer/multiplexer.ts";
import { readSecret } from "../secrets/read.ts";
import { createTransport } from "../ssh/transport.ts";

/** Where the program stands, as `cli.ts` found it. */
export interface Surroundings {
  readonly configPath?: string;
  readonly lab: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
}

export function openDirectory(
  around: Surroundings,
  extra: readonly ResolvedHost[] = [],
): Promise<HostDirectory> {
  const { configPath, env, cwd, home } = around;
  return createHostDirectory({ ...(configPath === undefined ? {} : { configPath }), env, cwd, home, extra });
}

/** The whole program behind the protocol: inventory, connections, sessions, policy and audit. */
export async function openWorkspace(around: Surroundings): Promise<Workspace> {
  const lab = around.lab ? await (await import("../lab/lab.ts")).startLab(around.env) : undefined;
  try {
    const directory = await openDirectory(around, lab?.hosts.map(resolvedLabHost));
    const { auditLog } = directory.settings;
    const audit = auditLog === undefined ? undefined : openAuditLog(auditLog, () => systemClock.wallTime());
    const transport = createTransport({ readSecret, env: around.env });
    const { devicesDir } = directory.settings;
    const catalog = openCatalog(devicesDir === undefined ? {} : { dir: devicesDir });
    const multiplexer = createMultiplexer({ directory, transport, catalog });
    keepNurserySmall();
    return {
      multiplexer,
      access: createAccess({ directory, ...(audit === undefined ? {} : { audit }) }),
      clock: systemClock,
      async dispose() {
        await multiplexer.dispose();
        await lab?.dispose();
        audit?.close();
      },
    };
  } catch (error) {
    await lab?.dispose();
    throw error;
  }
}

/** An embedded host as the rest of the program dials any other: strict host key, its own key only. */
export function resolvedLabHost(host: LabHost): ResolvedHost {
  return {
    name: host.name,
    source: "lab",
    description: host.description,
    address: host.address,
    port: host.port,
    user: host.user,
    auth: [{ method: "key", path: host.keyPath }],
    jump: [],
    hostKey: { mode: "strict", files: [host.knownHostsPath] },
    platform: host.platform,
    ...(host.enablePath === undefined ? {} : { enable: { from: "file", path: host.enablePath } }),
    tags: ["lab"],
    groups: [],
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 64, transcriptBytes: 16 * 1024 * 1024, channelsPerConnection: 64 },
    policy: { denyPatterns: [] },
    timing: {
      connectTimeoutMs: 10_000,
      keepaliveIntervalMs: 15_000,
      keepaliveCount: 3,
      idleTimeoutMs: 30 * 60_000,
      commandTimeoutMs: 30_000,
    },
  };
}
