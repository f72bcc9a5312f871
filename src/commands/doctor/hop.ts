import { isIP } from "node:net";
import type { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { NAMES, shortfall } from "../../ssh/protocol/algorithms.ts";
import { listed } from "../../ssh/protocol/sentences.ts";
import { type Finding, finding } from "./finding.ts";
import { attemptLines } from "./logins.ts";
import { offerLines, preferences } from "./offer.ts";
import type { Trail } from "./timeline.ts";

/** What ended the way to the host, and when. */
export interface Failure {
  readonly error: SshMcpError;
  readonly at: number;
}

/**
 * A hop's steps up to its login, or to the one that failed; where the way goes on, to the last one that is done.
 * `since`: when its own first step began.
 */
export function hopFindings(
  trail: Trail,
  since: number,
  failure: Failure | "goes_on" | undefined,
): Finding[] {
  const findings: Finding[] = [];
  // What came before the last dial is no part of its first step's time.
  let from = trail.attempts > 1 ? (trail.first("dialling")?.at ?? since) : since;
  for (const step of STEPS) {
    const done = step(trail, from);
    if (done === "not_there") continue;
    if (failure === "goes_on" && ("failed" in done || done.pending === true)) return findings;
    if ("failed" in done) {
      const { error, at } = typeof failure === "object" ? failure : {};
      const text = error?.message ?? "it was not reached";
      const ms = at === undefined ? undefined : at - from;
      const details = done.details?.(at ?? from) ?? [];
      return [...findings, finding("fail", done.failed, text, { ms, details })];
    }
    findings.push(
      finding(done.verdict ?? "ok", done.what, done.text, {
        ms: done.at - from,
        details: done.details ?? [],
        more: done.more,
      }),
    );
    from = done.at;
  }
  return findings;
}

/** One step: not taken on this way, done, or the one that failed. */
type Step = (trail: Trail, from: number) => "not_there" | Done | Failed;

interface Done {
  readonly what: string;
  readonly text: string;
  readonly at: number;
  readonly verdict?: "warn";
  /** More of it comes with the next step, unless something fails before. */
  readonly pending?: boolean;
  readonly details?: readonly string[];
  readonly more?: readonly string[];
}

interface Failed {
  readonly failed: string;
  readonly details?: (end: number) => readonly string[];
}

const name: Step = (trail) => {
  const { address, jump } = trail.host;
  const found = trail.all("resolved");
  const last = found.at(-1);
  if (last !== undefined) {
    const addresses = [...new Set(found.map((one) => one.address))];
    return { what: "name", text: `${visibleLine(address, 100)} is ${listed(addresses)}`, at: last.at };
  }
  if (jump.length > 0 || isIP(address) !== 0 || trail.first("connected") !== undefined) return "not_there";
  return { failed: "name" };
};

const connected: Step = (trail) => {
  const { host } = trail;
  const via = host.jump.at(-1);
  const what = via === undefined ? "tcp" : "tunnel";
  const done = trail.first("connected");
  if (done === undefined) return { failed: what };
  const target = `${visibleLine(host.address, 100)} port ${host.port}`;
  const text = via === undefined ? `connected to ${target}` : `${via.name} connected us to ${target}`;
  return { what, text, at: done.at };
};

const identification: Step = (trail) => {
  const done = trail.first("ident");
  const dropped = trail.attempts - 1;
  const before =
    dropped > 0
      ? [`it dropped ${dropped} ${dropped === 1 ? "connection" : "connections"} before it identified itself`]
      : [];
  if (done === undefined) return { failed: "identification", details: () => before };
  const said = done.greeting === "" ? [] : [`before it, the server said: ${done.greeting}`];
  return { what: "identification", text: done.ident, at: done.at, details: [...said, ...before] };
};

const algorithms: Step = (trail) => {
  const offered = trail.first("offer");
  const lines = offered === undefined ? [] : offerLines(offered.offer, trail.host);
  // The server's key comes with its half of the exchange, so from then on algorithms were agreed.
  const key = trail.first("host_key");
  if (key === undefined) {
    const missing = offered && shortfall(offered.offer, trail.host.legacy);
    const kinds = missing?.kinds.map((kind) => NAMES[kind].text) ?? [];
    const nothing = kinds.length === 0 ? [] : [`nothing in common for: ${listed(kinds)}`];
    return { failed: "algorithms", details: () => [...nothing, ...lines] };
  }
  const agreed = trail.first("agreed");
  const text =
    agreed === undefined
      ? "there is something in common"
      : [agreed.kex, agreed.hostKey, agreed.cipher, agreed.mac].filter((one) => one !== "").join(", ");
  const weak = agreed?.legacy ?? [];
  const preferred = offered && agreed ? preferences(offered.offer, agreed, trail.host) : undefined;
  return {
    what: "algorithms",
    text,
    at: key.at,
    pending: agreed === undefined,
    ...(weak.length > 0 ? { verdict: "warn" } : {}),
    details: [...weak, ...(preferred?.kex ?? [])],
    more: [...(preferred?.others ?? []), ...lines],
  };
};

const hostKey: Step = (trail) => {
  const key = trail.first("host_key");
  const agreed = trail.first("agreed");
  const print = key === undefined ? "" : `${key.type} ${key.fingerprint}`;
  if (key === undefined || agreed === undefined)
    return { failed: "host key", details: () => [`presented: ${print}`] };
  const where = key.where === undefined ? "" : ` (${key.where})`;
  const how: Readonly<Record<string, string>> = {
    known: `known${where}`,
    pinned: "the one the inventory pins",
    certified: `certified by the authority known${where}`,
    unknown: "new; recorded, as this host's accept-new policy says",
  };
  return { what: "host key", text: `${print} is ${how[key.verdict] ?? key.verdict}`, at: agreed.at };
};

const login: Step = (trail) => {
  const done = trail.first("logged_in");
  if (done === undefined) return { failed: "login", details: (end) => attemptLines(trail, end) };
  const { user } = trail.host;
  const text = `logged in as ${visibleLine(user, 64)} by ${done.method}`;
  return { what: "login", text, at: done.at, details: attemptLines(trail, done.at) };
};

const STEPS: readonly Step[] = [name, connected, identification, algorithms, hostKey, login];
