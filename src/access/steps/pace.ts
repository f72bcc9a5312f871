import type { Clock } from "../../base/clock.ts";
import type { Verb } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Step } from "../step.ts";

const COUNTED: ReadonlySet<Verb> = new Set(["run", "type", "exec", "file"]);
const WINDOW_MS = 60_000;
/** Hosts whose pace is remembered. */
const MOST = 5_000;

/** At most so many acts on a host within a minute, where the operator says how many. */
export function pace(clock: Clock): Step {
  const times = new Map<string, number[]>();
  return {
    name: "pace",
    before({ action, target, policies = [] }) {
      const limits = policies.flatMap(({ perMinute }) => perMinute ?? []);
      if (target === undefined || limits.length === 0 || !COUNTED.has(action.verb)) return;
      const { name } = target.host;
      const now = clock.now();
      const most = Math.min(...limits);
      const before = (times.get(name) ?? []).filter((at) => now - at < WINDOW_MS);
      times.delete(name);
      const [oldest] = before.length >= most ? before.slice(-most) : [];
      times.set(name, oldest === undefined ? [...before, now] : before);
      const [first] = times.keys();
      if (times.size > MOST && first !== undefined) times.delete(first);
      if (oldest === undefined) return;
      throw new SshMcpError(
        "limit_reached",
        `${name} takes ${most} commands within a minute, as the operator set it (commands_per_minute); nothing was sent`,
        `The next one passes in ${Math.ceil((oldest + WINDOW_MS - now) / 1000)} s.`,
      );
    },
  };
}
