import type { Clock } from "../../base/clock.ts";
import type { Verb } from "../../base/contract/action.ts";
import type { HostPolicy } from "../../base/contract/policy.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Passage, Step } from "../step.ts";

const CHANGES: ReadonlySet<Verb> = new Set(["run", "type", "exec", "file"]);
const WINDOW_MS = 10 * 60_000;

/** The last act on a host that may have changed it. */
interface Change {
  readonly at: number;
}

/**
 * At most so many hosts by one call, and so many changed within ten minutes, where the operator says how many: a mistake stays
 * as small as that. Each host's own limit counts for an act on it.
 */
export function breadth(clock: Clock): Step {
  /** When each host was changed last. */
  const changed = new Map<string, Change>();
  /** What acts counted for that were the first on their host. */
  const firsts = new WeakMap<Passage, Change>();
  return {
    name: "breadth",
    before(passage) {
      const { action, target, policies = [], found } = passage;
      if (target === undefined || !CHANGES.has(action.verb)) return;
      const hosts = action.verb === "exec" ? (action.among?.length ?? 1) : 1;
      const perCall = least(policies, ({ hostsPerCall }) => hostsPerCall);
      if (hosts > perCall) throw tooMany(hosts, perCall);
      if (found?.risk === "read" || isPart(passage)) return;
      const now = clock.now();
      for (const [host, { at }] of changed) if (now - at >= WINDOW_MS) changed.delete(host);
      const { name } = target.host;
      const known = changed.has(name);
      const perWindow = least(policies, ({ hostsPerWindow }) => hostsPerWindow);
      if (!known && changed.size >= perWindow)
        throw enough(name, perWindow, Math.min(...[...changed.values()].map(({ at }) => at)), now);
      const change = { at: now };
      if (!known) firsts.set(passage, change);
      changed.set(name, change);
    },
    refused(passage) {
      const own = firsts.get(passage);
      const name = passage.target?.host.name;
      // Another act may have changed it meanwhile.
      if (own !== undefined && name !== undefined && changed.get(name) === own) changed.delete(name);
    },
  };
}

/** The whole that it is a part of was judged, and counted where it was no reading. */
function isPart({ action, found }: Passage): boolean {
  return (
    (action.verb === "run" || action.verb === "type") && action.under !== undefined && found === undefined
  );
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
