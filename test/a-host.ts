import type { ResolvedHost } from "../src/inventory/host.ts";

/** How the builder is told what is other about a host; of its times and bounds each alone can be given. */
export type HostChange = Partial<Omit<ResolvedHost, "timing" | "limits" | "policy">> & {
  readonly timing?: Partial<ResolvedHost["timing"]>;
  readonly limits?: Partial<ResolvedHost["limits"]>;
  readonly policy?: Partial<ResolvedHost["policy"]>;
};

/** A policy that lets everything pass. */
export const UNRESTRICTED: ResolvedHost["policy"] = {
  denyPatterns: [],
  level: "unrestricted",
  rules: [],
  approval: "any",
};

/** A resolved host: a shell at a documentation address, no way to log in, never idle. Tests say what is other about theirs. */
export function aHost({ timing, limits, policy, ...change }: HostChange = {}): ResolvedHost {
  return {
    name: "box",
    source: "inventory",
    address: "192.0.2.1",
    port: 22,
    user: "user",
    auth: [],
    jump: [],
    hostKey: { mode: "strict", files: [] },
    platform: "posix",
    tags: [],
    groups: [],
    terminal: { cols: 120, rows: 40, term: "xterm-256color" },
    limits: { sessions: 50, transcriptBytes: 1 << 20, channelsPerConnection: 8, ...limits },
    policy: { ...UNRESTRICTED, ...policy },
    timing: {
      connectTimeoutMs: 10_000,
      keepaliveIntervalMs: 15_000,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 20_000,
      ...timing,
    },
    ...change,
  };
}
