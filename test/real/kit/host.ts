import type { ResolvedHost } from "../../../src/inventory/host.ts";
import { UNRESTRICTED } from "../../a-host.ts";
import { type TestUser, testUser, testUsers } from "./users.ts";

/** Where a host is dialled: a server of the kit, or a proxy in front of one. */
export interface Dialled {
  readonly address: string;
  readonly port: number;
  /** known_hosts file; for a proxy the server's own, with `hostKey.alias` set by `via`. */
  readonly knownHosts: string;
}

/**
 * A complete host: key login as `user` (an account name such as `bash`, or a user of `addTestUser`), strict host key,
 * a 200 by 50 terminal. `overrides` replaces whole top-level properties.
 */
export function hostFor(
  server: Dialled,
  user: string | TestUser,
  overrides: Partial<ResolvedHost> = {},
): ResolvedHost {
  const { login } = typeof user === "string" ? testUser(user) : user;
  return {
    name: typeof user === "string" ? user : user.login,
    source: "inventory",
    address: server.address,
    port: server.port,
    user: login,
    auth: [{ method: "key", path: testUsers().keyPath }],
    jump: [],
    hostKey: { mode: "strict", files: [server.knownHosts] },
    platform: "posix",
    tags: [],
    groups: [],
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 100, transcriptBytes: 16 << 20, channelsPerConnection: 8 },
    policy: UNRESTRICTED,
    timing: {
      connectTimeoutMs: 10_000,
      keepaliveIntervalMs: 15_000,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 20_000,
    },
    ...overrides,
  };
}
