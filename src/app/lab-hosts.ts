import type { ResolvedHost } from "../inventory/host.ts";
import type { LabHost } from "../lab/lab.ts";

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
    // The simulated devices run commands in a terminal only, whatever those of their platform do.
    ...(host.platform === "posix" ? {} : { device: { exec_channel: false } }),
    ...(host.enablePath === undefined ? {} : { enable: { from: "file", path: host.enablePath } }),
    tags: ["lab"],
    groups: [],
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 64, transcriptBytes: 16 * 1024 * 1024, channelsPerConnection: 64 },
    policy: { denyPatterns: [], level: "unrestricted", rules: [], approval: "any" },
    timing: {
      connectTimeoutMs: 10_000,
      keepaliveIntervalMs: 15_000,
      keepaliveCount: 3,
      idleTimeoutMs: 30 * 60_000,
      commandTimeoutMs: 30_000,
    },
  };
}
