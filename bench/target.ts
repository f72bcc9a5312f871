import type { ResolvedHost } from "../src/inventory/host.ts";
import { type Dialled, hostFor } from "../test/real/kit/host.ts";
import { testUser, testUsers } from "../test/real/kit/users.ts";

/** Where and as whom every contestant connects. Plain data: it is also handed to child processes. */
export interface Target extends Dialled {
  readonly account: string;
  readonly login: string;
  readonly keyPath: string;
}

export function targetOf(server: Dialled, account: string): Target {
  const { address, port, knownHosts } = server;
  return { address, port, knownHosts, account, login: testUser(account).login, keyPath: testUsers().keyPath };
}

/** What an inventory gives a host that says nothing of it (src/inventory/merge.ts). */
const TRANSCRIPT_BYTES = 8 << 20;

/** The same as our own stack sees it. */
export function hostOf(target: Target, limits: Partial<ResolvedHost["limits"]> = {}): ResolvedHost {
  const host = hostFor(target, target.account);
  return { ...host, limits: { ...host.limits, sessions: 500, transcriptBytes: TRANSCRIPT_BYTES, ...limits } };
}
