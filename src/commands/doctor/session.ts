import { visibleLine } from "../../base/text.ts";
import type { Catalog } from "../../devices/catalog.ts";
import type { Profile } from "../../devices/profile.ts";
import { looksRefused } from "../../devices/refusal.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { Reply } from "../../multiplexer/types.ts";
import { deviceOf } from "../../shell/cli/platform.ts";
import type { Outcome } from "../../shell/record/outcome.ts";
import { type Finding, finding, type InventoryLines } from "./finding.ts";
import { promptLine } from "./inventory-lines.ts";

/** What was found out about the session itself. */
export interface SessionFindings {
  readonly findings: readonly Finding[];
  readonly next?: string;
  readonly inventory?: InventoryLines;
}

/** Platform, prompt and session preparation, from the reply that opened the session; `ms`: from terminal to reply, `ident`: the server's identification. */
export async function sessionFindings(
  host: ResolvedHost,
  reply: Reply,
  catalog: Catalog,
  { ms, ident }: { readonly ms: number; readonly ident: string | undefined },
): Promise<SessionFindings> {
  const { session, outcome } = reply;
  const id = profileIn(session.framing, catalog);
  const notes = outcome.notes.map((note) => visibleLine(note, 200));
  const others = await othersCalledSo(host, ident, catalog);
  const profile = id === undefined ? undefined : catalog.profile(id);
  const platform = platformFinding(host, session.framing, profile, others);
  if (outcome.state !== "done") return noPrompt(host, reply, [platform], ms, notes);
  const unframed = session.state === "unframed";
  const { mode, host: hostname } = outcome;
  const place = [
    mode === undefined ? "" : `mode ${mode}`,
    hostname === undefined ? "" : `host ${visibleLine(hostname, 80)}`,
  ].filter((word) => word !== "");
  const how = unframed
    ? "no shell or device we know: commands end when this prompt comes back, without an exit code"
    : `found (${outcome.evidence})`;
  const text = [how, ...place].join(", ");
  const prompt = finding(unframed ? "warn" : "ok", "prompt", text, { ms, details: notes });
  const findings = [platform, prompt, ...(await pagingFinding(host, reply, catalog, id))];
  // A platform that is given saves its detection at every connect.
  const detected = host.platform === "auto" && id !== undefined && catalog.profile(id).learn !== true;
  if (!detected) return { findings };
  const inventory = { host: host.name, lines: [`platform: ${id}`], purpose: "make it faster and sure" };
  return { findings, inventory };
}

/** The profile's id, which the framing names in parentheses; undefined: a shell. */
function profileIn(framing: string, catalog: Catalog): string | undefined {
  const named = [...framing.matchAll(/\(([a-z0-9_-]+)\)/g)].map(([, id]) => id);
  return named.find((id) => id !== undefined && catalog.ids().includes(id));
}

/** A sentence when the server's identification is that of other platforms than the one given. */
async function othersCalledSo(
  { platform }: ResolvedHost,
  ident: string | undefined,
  catalog: Catalog,
): Promise<string | undefined> {
  if (ident === undefined || platform === "auto") return undefined;
  const called: string[] = [];
  for (const id of catalog.ids()) {
    // A profile with a mistake is no reason to fail here.
    const device = await catalog.device(id).catch(() => undefined);
    if (device?.hints.ident(ident)) called.push(id);
  }
  if (called.length === 0 || called.includes(platform)) return undefined;
  return `the server calls itself ${visibleLine(ident, 80)}, as ${called.join(", ")} ${called.length === 1 ? "does" : "do"}`;
}

function platformFinding(
  host: ResolvedHost,
  framing: string,
  profile: Profile | undefined,
  others: string | undefined,
): Finding {
  const found = host.platform === "auto";
  const what = profile === undefined ? `a shell: ${framing}` : framing;
  const text = `${found ? "found" : `given as ${host.platform}`}: ${visibleLine(what, 240)}`;
  if (others !== undefined) return finding("warn", "platform", text, { details: [others] });
  if (!found || profile?.learn !== true) return finding("ok", "platform", text);
  const details = ["without a profile only the prompt is known: `platform:` in the inventory names one"];
  return finding("warn", "platform", text, { details });
}

function noPrompt(
  host: ResolvedHost,
  reply: Reply,
  before: readonly Finding[],
  ms: number,
  notes: readonly string[],
): SessionFindings {
  const row = visibleLine(reply.session.screen().cursorText, 120);
  const shows =
    row === "" ? "the terminal shows nothing on the cursor's row" : `the cursor's row shows: ${row}`;
  const details = [shows, ...notes];
  const findings = [...before, finding("fail", "prompt", whyNot(reply.outcome), { ms, details })];
  const { state } = reply.outcome;
  const stands = state === "running" || (state === "asking" && reply.outcome.asked === "question");
  const looksLikePrompt = stands && /[>#$%\]]$/.test(row) && row.length <= 80;
  if (!looksLikePrompt) return { findings, next: NEXT[state] };
  const inventory = {
    host: host.name,
    lines: [promptLine(row)],
    purpose: "make it work, if that row is its prompt",
  };
  const own = "`ssh-mcp devices test` shows which profiles know such a prompt";
  return { findings, next: `Name the host's platform (auto finds it), or its prompt; ${own}.`, inventory };
}

const NEXT: Readonly<Record<Outcome["state"], string>> = {
  done: "Nothing has to be done.",
  ready: "Nothing has to be done.",
  stopped: "Nothing has to be done.",
  asking: "Log in by hand once and see what the host asks: nothing answers it by itself.",
  screen: "Log in by hand once and see which program fills the screen at login.",
  running: "Log in by hand once and see what the host shows, and how long it takes.",
  closed:
    "Log in by hand once: the host ends the session itself. Its start-up files, the account's shell or its access rules have the reason.",
};

function whyNot(outcome: Outcome): string {
  switch (outcome.state) {
    case "asking":
      return `none yet: the host asks (${outcome.asked}): ${visibleLine(outcome.row, 120)}`;
    case "screen":
      return "none yet: a full-screen program has the terminal";
    case "closed":
      return `none: the session ended (${outcome.evidence}): ${visibleLine(outcome.detail, 120)}`;
    case "running":
      return outcome.from === outcome.to
        ? `none: the host sent nothing in ${Math.round(outcome.durationMs / 100) / 10} s`
        : `none was recognised in ${Math.round(outcome.durationMs / 100) / 10} s`;
    case "done":
    case "ready":
    case "stopped":
      return "found";
  }
}

/** What the profile typed to prepare the session, and whether the device took it. A shell needs none of it. */
async function pagingFinding(
  host: ResolvedHost,
  { session, outcome }: Reply,
  catalog: Catalog,
  id: string | undefined,
): Promise<Finding[]> {
  if (id === undefined) return [];
  const device = await deviceOf(host, id, catalog);
  const steps = (device.profile.open ?? [])
    .filter(
      ({ modes }) => modes === undefined || (outcome.mode !== undefined && modes.includes(outcome.mode)),
    )
    .map(({ send }) => send);
  if (steps.length === 0) {
    const { pagers = [] } = device.profile;
    const text = pagers.length > 0 ? "left on; its pages are answered" : "nothing is known of a pager here";
    return [finding("ok", "paging", text)];
  }
  const { lines } = await session.text(outcome.from, outcome.to);
  const refused = lines.filter((row) => device.message(row.trimEnd())?.is === "error" || looksRefused(row));
  const typed = steps.map((step) => `\`${step}\``).join(", ");
  if (refused.length === 0) return [finding("ok", "paging", `switched off; typed: ${typed}`)];
  const details = refused.slice(0, 5).map((row) => `the device said: ${visibleLine(row, 120)}`);
  return [finding("warn", "paging", `the device refused some of it; typed: ${typed}`, { details })];
}
