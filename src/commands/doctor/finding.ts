/** How one step went. `warn`: it works, but something about it is worth knowing. */
export type Verdict = "ok" | "warn" | "fail";

/** One step of the way to a session. */
export interface Finding {
  readonly verdict: Verdict;
  /** `tcp`, `host key`, `login`, … */
  readonly what: string;
  readonly text: string;
  /** What the step took, in milliseconds; undefined where time says nothing. */
  readonly ms: number | undefined;
  /** Lines below it. */
  readonly details: readonly string[];
  /** Further lines for whoever wants to know all. */
  readonly more?: readonly string[];
}

/** The steps on one host; jump hosts have sections of their own. */
export interface Section {
  /** Which hop it is, where there are several. */
  readonly title?: string;
  readonly findings: readonly Finding[];
}

/** Everything the doctor has to say of a host. */
export interface Diagnosis {
  readonly sections: readonly Section[];
  /** The next step of what failed. */
  readonly next?: string;
  /** Lines of the host's inventory entry that would make it work, or work better. */
  readonly inventory?: InventoryLines;
  /** Nothing failed. */
  readonly healthy: boolean;
}

export interface InventoryLines {
  /** The host whose entry they belong to. */
  readonly host: string;
  readonly lines: readonly string[];
  /** What they do: `make it work`, … */
  readonly purpose: string;
}

/** How long a step may take before it is called slow, and what usually makes it so. */
const SLOW: Readonly<Record<string, { readonly ms: number; readonly why: string }>> = {
  name: { ms: 1_000, why: "the name server answers late" },
  tcp: { ms: 900, why: "packets are lost (the first repetition comes after a second) or the path is long" },
  tunnel: { ms: 2_000, why: "the jump host reaches the next one late, or looks its name up" },
  identification: { ms: 2_000, why: "the server is busy, limits connections or looks up names (UseDNS)" },
  algorithms: { ms: 2_000, why: "the device computes slowly; curve25519 or a smaller group helps" },
  login: {
    ms: 3_000,
    why: "the server looks up our name (UseDNS) or waits for RADIUS, TACACS+, LDAP or a PAM module",
  },
  terminal: { ms: 3_000, why: "the server starts the shell late (PAM session modules, a mounted home)" },
  prompt: { ms: 8_000, why: "start-up files or a long banner; a profile that is given needs no detection" },
  "round trip": { ms: 300, why: "every keystroke and every command takes that long at least" },
};

export function finding(
  verdict: Verdict,
  what: string,
  text: string,
  extra: {
    readonly ms?: number | undefined;
    readonly details?: readonly string[];
    readonly more?: readonly string[] | undefined;
  } = {},
): Finding {
  const { ms, details = [], more } = extra;
  const rest = { what, text, ms, ...(more === undefined ? {} : { more }) };
  const slow = SLOW[what];
  if (slow === undefined || ms === undefined || ms < slow.ms || verdict === "fail")
    return { verdict, ...rest, details };
  return { verdict: "warn", ...rest, details: [...details, `slow: ${slow.why}`] };
}
