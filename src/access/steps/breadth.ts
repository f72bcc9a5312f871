import type { Clock } from "../../base/clock.ts";
import type { Verb } from "../../base/contract/action.ts";
import type { HostPolicy } from "../../base/contract/policy.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Passage, Step } from "../step.ts";

const CHANGES: ReadonlySet<Verb> = new Set(["run", "type", "exec", "file"]);
const WINDOW_MS = 10 * 60_000;

/**
 * At most so many hosts by one call, and so many changed within ten minutes, where the operator says how many: a mistake stays
 * as small as that. Each host's own limit counts for an act on it.
 */
export function breadth(clock: Clock): Step {
  /** When each host was changed last. */
  const changed = new Map<string, number>();
  /** Hosts that an act was the first to count for. */
  const firsts = new WeakMap<Passage, string>();
  return {
    name: "breadth",
    before(passage) {
      const { action, target, policies = [], found } = passage;
      if (target === undefined || !CHANGES.has(action.verb)) return;
      const hosts = action.verb === "exec" ? (action.among?.length ?? 1) : 1;
      const perCall = least(policies, ({ hostsPerCall }) => hostsPerCall);
      if (hosts > perCall) throw tooMany(hosts, perCall);
      if (found?.risk === "read") return;
      const now = clock.now();
      for (const [host, at] of changed) if (now - at >= WINDOW_MS) changed.delete(host);
      const { name } = target.host;
      const known = changed.has(name);
      const perWindow = least(policies, ({ hostsPerWindow }) => hostsPerWindow);
      if (!known && changed.size >= perWindow)
        throw enough(name, perWindow, Math.min(...changed.values()), now);
      if (!known) firsts.set(passage, name);
      changed.set(name, now);
    },
    refused(passage) {
      const name = firsts.get(passage);
      if (name !== undefined) changed.delete(name);
    },
  };
}

function least(policies: readonly HostPolicy[], of: (policy: HostPolicy) => number | undefined): number {
  return Math.min(Number.POSITIVE_INFINITY, ...policies.flatMap((policy) => of(policy) ?? []));
}

function tooMany(hosts: number, most: number): SshMcpError {
  return new SshMcpError(
    "limit_reached",
    `this call is for ${hosts} hosts, and the operator lets one call go to ${most} (hosts_per_call); nothing was sent`,
    `Give it for ${most} hosts first, and look at what it did there before it goes to the others.`,
  );
}

function enough(host: string, most: number, oldest: number, now: number): SshMcpError {
  return new SshMcpError(
    "limit_reached",
    `${most} other hosts were changed within ten minutes, as many as the operator lets be (hosts_per_window); nothing was sent to ${host}`,
    `The next host can be changed in ${Math.ceil((oldest + WINDOW_MS - now) / 1000)} s; those that were changed already go on, and so does reading.`,
  );
}
