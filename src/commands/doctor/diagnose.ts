import type { Access } from "../../access/access.ts";
import type { Clock } from "../../base/clock.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { Catalog } from "../../devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../../inventory/host.ts";
import type { Multiplexer, Reply } from "../../multiplexer/types.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import { closeSession } from "../../tools/acts/close.ts";
import { openSession } from "../../tools/acts/open.ts";
import { announcedFinding } from "./announced.ts";
import { describeEntry } from "./entry.ts";
import { type Diagnosis, type Finding, finding, type Section } from "./finding.ts";
import { type Failure, hopFindings } from "./hop.ts";
import { linesForHop } from "./inventory-lines.ts";
import { sessionFindings } from "./session.ts";
import { shortSecrets } from "./short-secrets.ts";
import type { Timeline, Trail } from "./timeline.ts";

/** How long the round trip at the end is waited for. */
const ROUND_TRIP_MS = 3_000;
/** One wait for a session that is still being opened. */
const OPENING_MS = 30_000;

/** Nobody gives an examination up but by ending the program. */
const DOCTOR = { id: "doctor", kind: "human", tool: "doctor", signal: new AbortController().signal } as const;

export interface DiagnoseOptions {
  readonly name: string;
  readonly directory: HostDirectory;
  readonly multiplexer: Multiplexer;
  readonly access: Access;
  readonly catalog: Catalog;
  /** Listens to the multiplexer's transport. */
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly readSecret: ReadSecret;
  /** File of the inventory, where there is one. */
  readonly inventoryPath?: string;
  /** Called with all that was found so far, whenever it has become more. */
  readonly found?: (sections: readonly Section[]) => void;
}

/**
 * Opens one session the way every other is opened, tells how each step went, and closes it. Types nothing beyond what
 * opening a session types. Never throws for what is wrong with the host.
 */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const { name, directory, timeline, clock } = options;
  const began = clock.now();
  let host: ResolvedHost;
  try {
    host = await directory.resolve(name);
  } catch (error) {
    const { message, next } = known(error);
    const findings = [finding("fail", "inventory", message, { ms: clock.now() - began })];
    return { sections: [{ findings }], healthy: false, ...(next === undefined ? {} : { next }) };
  }
  const entry = finding("ok", "inventory", describeEntry(host, options.inventoryPath), {
    ms: clock.now() - began,
  });
  const short = await shortSecrets(host, options.readSecret);
  const withEntry = (sections: readonly Section[]) =>
    sections.map((section, index) => ({
      ...section,
      findings: [...(index === 0 ? [entry, ...short] : []), ...section.findings],
    }));
  let reply: Reply | undefined;
  let failure: Failure | undefined;
  const dialled = clock.now();
  const tell = () => options.found?.(withEntry(wayTo(host, timeline, dialled, "goes_on").sections));
  tell();
  timeline.onStep(tell);
  try {
    reply = await openedSession(options);
  } catch (error) {
    failure = { error: known(error), at: clock.now() };
  }
  const end = clock.now();
  timeline.onStep(() => {});
  const way = wayTo(host, timeline, dialled, failure);
  const target = timeline.of(host);
  const opened = reply && (await openedFindings(options, host, target, reply, end));
  const sections = withEntry(way.sections);
  const last = sections.at(-1);
  if (last && opened) last.findings.push(...opened.findings);
  const { stuck } = way;
  const mended = stuck && failure && linesForHop(stuck, failure.error);
  const inventory = opened?.inventory ?? mended;
  // The lines say the same, and mind what the entry allows already.
  const next = mended === undefined ? (failure ? nextAfter(failure.error) : opened?.next) : undefined;
  if (reply !== undefined) await closed(options, reply);
  return {
    sections,
    healthy: sections.every(({ findings }) => findings.every(({ verdict }) => verdict !== "fail")),
    ...(next === undefined ? {} : { next }),
    ...(inventory === undefined ? {} : { inventory }),
  };
}

/** The reply that has the first prompt, or why there is none: a way through jump hosts may take several waits. */
async function openedSession({ name, multiplexer, access }: DiagnoseOptions): Promise<Reply> {
  let reply = await openSession({ multiplexer, access, caller: DOCTOR }, { host: name }, {});
  const session = reply.session.name;
  // Until it is found there, it is being opened; dialling ends by its own timeouts.
  while (multiplexer.find(session) === undefined)
    reply = await multiplexer.read(session, undefined, DOCTOR, { timeoutMs: OPENING_MS });
  return reply;
}

/** The session is over already where the host ended it, and its end is no reason to call the host ill. */
async function closed({ multiplexer, access }: DiagnoseOptions, { session }: Reply): Promise<void> {
  await closeSession({ multiplexer, access, caller: DOCTOR }, session.name).catch(() => undefined);
}

/** What to do about a failure, said for a person at a shell. */
function nextAfter({ code, next }: SshMcpError): string | undefined {
  if (code === "internal") return "This is a mistake in ssh-mcp itself: please report it with these lines.";
  return next;
}

/** The hops in the order they are reached, up to the one that failed; `stuck`: the trail of that one. */
function wayTo(
  host: ResolvedHost,
  timeline: Timeline,
  began: number,
  failure: Failure | "goes_on" | undefined,
): { readonly sections: readonly Section[]; readonly stuck?: Trail } {
  const sections: Section[] = [];
  let since = began;
  const hops = [...host.jump.map((jump, index) => ({ ...jump, jump: host.jump.slice(0, index) })), host];
  for (const [index, hop] of hops.entries()) {
    const trail = timeline.of(hop);
    const loggedIn = trail.first("logged_in");
    const terminal = trail.first("terminal");
    const findings =
      trail.steps.length === 0 ? beforeDial(failure, since) : hopFindings(trail, since, failure);
    const place = `Hop ${index + 1} of ${hops.length}, ${hop === host ? "the host" : "jump host"} ${hop.name}`;
    sections.push({ ...(hops.length > 1 ? { title: place } : {}), findings });
    if (loggedIn === undefined) return { sections, stuck: trail };
    if (hop === host && typeof failure === "object") {
      const what = terminal === undefined ? "terminal" : "session";
      findings.push(finding("fail", what, failure.error.message, { ms: failure.at - loggedIn.at }));
    }
    since = loggedIn.at;
  }
  return { sections };
}

/** What fails before the first packet: an unknown platform, an audit log that cannot be written, a limit. */
function beforeDial(failure: Failure | "goes_on" | undefined, since: number): Finding[] {
  if (typeof failure !== "object") return [];
  const { code, message } = failure.error;
  return [finding("fail", BEFORE_DIAL[code] ?? "opening", message, { ms: failure.at - since })];
}

const BEFORE_DIAL: Partial<Record<SshMcpError["code"], string>> = {
  inventory_invalid: "inventory",
  unknown_host: "inventory",
  audit_failed: "audit log",
  denied: "policy",
  limit_reached: "limits",
};

async function openedFindings(
  { catalog }: DiagnoseOptions,
  host: ResolvedHost,
  trail: Trail,
  reply: Reply,
  end: number,
): Promise<Awaited<ReturnType<typeof sessionFindings>>> {
  const loggedIn = trail.first("logged_in");
  const terminal = trail.first("terminal");
  if (loggedIn === undefined || terminal === undefined) return { findings: [] };
  const { cols, rows } = reply.session.size;
  const open = finding("ok", "terminal", `a terminal of ${cols}x${rows} is open`, {
    ms: terminal.at - loggedIn.at,
  });
  const ident = trail.first("ident")?.ident;
  const found = await sessionFindings(host, reply, catalog, { ms: end - terminal.at, ident });
  // A device that cannot stand keepalives is not asked for this either.
  const asked = reply.outcome.state !== "closed" && trail.host.login?.keepalive !== "off";
  const trip = asked ? [await roundTrip(loggedIn.roundTrip)] : [];
  // The answer to the round trip came behind the proofs of the keys.
  const keys = announcedFinding(host, trail);
  return { ...found, findings: [open, ...found.findings, ...trip, ...(keys === undefined ? [] : [keys])] };
}

async function roundTrip(measure: (timeoutMs: number) => Promise<number | undefined>): Promise<Finding> {
  const ms = await measure(ROUND_TRIP_MS);
  if (ms !== undefined)
    return finding("ok", "round trip", "a request at SSH level was answered; nothing was typed", { ms });
  const details = ["if sessions drop when idle: timeouts: {keepalive: 0}"];
  const text = `a request at SSH level was not answered in ${ROUND_TRIP_MS / 1000} s`;
  return finding("warn", "round trip", text, { details });
}

function known(error: unknown): SshMcpError {
  return error instanceof SshMcpError ? error : new SshMcpError("internal", messageOf(error));
}
