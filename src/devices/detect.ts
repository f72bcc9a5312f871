import type { Device } from "./device.ts";

/** What a host of unknown platform has shown so far. */
export interface DetectEvidence {
  /** The server's identification line. */
  readonly ident: string;
  /** SSH banner and what stood before the prompt; the row above the prompt comes last. */
  readonly banner: string;
  /** The prompt's row up to the cursor. */
  readonly promptRow: string;
  /** What the one command printed, once it was asked. */
  readonly output?: { readonly command: string; readonly rows: readonly string[] };
}

/** A profile whose prompt fits, with what else speaks for it, in words. */
export interface Candidate {
  readonly id: string;
  readonly reasons: readonly string[];
}

/**
 * Either the profile (`id` undefined: none) or the one harmless command that may tell. `reason` is a sentence for people;
 * `candidates` stand best first.
 */
export type Verdict =
  | {
      readonly id: string | undefined;
      readonly reason: string;
      readonly candidates: readonly Candidate[];
    }
  | { readonly ask: string; readonly candidates: readonly Candidate[] };

/** Hints from weak to strong: many systems share an identification, a banner names the product. */
type Hint = "ident" | "context" | "banner";
const WEIGHT: Readonly<Record<Hint, number>> = { ident: 1, context: 2, banner: 4 };

/** A hostname and a mark, with the brackets and paths of devices between them: none of these is a row of words. */
const SHAPES: readonly RegExp[] = [
  /^[[(<*!{~]*[\w.@:/()[\]{}~*+<-]{2,}[\])]?[>#$%\]]$/,
  /^\([^()]{1,60}\) ?(?:\*?\[[\w.:/-]{1,40}\] ?)?[>#]$/,
  /^[\w.@-]{2,}(?: \([^()]{1,40}\))? ?[#>$]$/,
  /^[\w.-]* ?\[[\w-]+: [\w-]+\] ?(?:\([^()]{1,40}\) ?)?[>#]$/,
];

/** Does a session with it begin with lines of ours? */
function types({ profile }: Device): boolean {
  return (profile.open ?? []).length > 0;
}

interface Fit extends Candidate {
  readonly device: Device;
  readonly hints: readonly Hint[];
  readonly weight: number;
}

/** Rows of an answer in which a device's own error row is looked for. */
const HEAD_ROWS = 6;

/**
 * Decides which of the profiles fits. The prompt must: no identification or banner outweighs it. What they leave open one
 * command settles; what stays open is nobody's (`id` undefined). Deterministic, types nothing itself.
 */
export function detect(seen: DetectEvidence, devices: readonly Device[]): Verdict {
  const row = seen.promptRow.trimEnd();
  const shown = JSON.stringify(row);
  const fits = rank(seen, row, devices);
  const candidates = fits.map(({ id, reasons }) => ({ id, reasons }));
  const nobody = (reason: string): Verdict => ({
    id: undefined,
    reason: `${reason}, so this very row is taken as its prompt`,
    candidates,
  });
  if (fits.length === 0) return nobody(`no profile knows a prompt such as ${shown}`);

  if (seen.output) {
    const found = byOutput(seen.output, fits, devices);
    if (found)
      return { id: found.id, reason: `the prompt ${shown} fits ${found.id} and ${found.why}`, candidates };
    const { command } = seen.output;
    return nobody(`the prompt ${shown} fits ${listed(fits)}, and \`${command}\` identified none of them`);
  }

  const hinted = fits.filter(({ hints }) => hints.length > 0);
  const banners = hinted.filter(({ hints }) => hints.includes("banner"));
  const [only] = banners.length === 1 ? banners : hinted.length === 1 ? hinted : [];
  if (only) {
    const reason = `${only.reasons.join(" and ")} and the prompt ${shown} fit ${only.id}`;
    return { id: only.id, reason, candidates };
  }
  const [first] = fits;
  // A prompt alone decides nothing where something would be typed on the strength of it: any program may print such a row.
  if (first && fits.length === 1 && !types(first.device))
    return { id: first.id, reason: `only ${first.id} has a prompt such as ${shown}`, candidates };
  if (hinted.length === 0 && !SHAPES.some((shape) => shape.test(row)))
    return nobody(`nothing but the prompt ${shown} speaks for ${listed(fits)}`);
  const ask = commandOf(hinted.length > 0 ? hinted : fits);
  return ask === undefined ? nobody(`the prompt ${shown} fits ${listed(fits)}`) : { ask, candidates };
}

/** The profiles whose prompt fits, most hints first, then by id. */
function rank(seen: DetectEvidence, row: string, devices: readonly Device[]): Fit[] {
  const said = seen.banner
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const above = said.at(-1);
  const fits = devices.flatMap((device): Fit[] => {
    if (device.profile.framing === "sentinel" || device.profile.learn === true) return [];
    const prompt = device.prompt(row);
    if (!prompt) return [];
    const banner = said.find((line) => device.hints.banner(line));
    const told: [Hint, string][] = [];
    if (device.hints.ident(seen.ident)) told.push(["ident", `the identification ${seen.ident}`]);
    if (banner !== undefined) told.push(["banner", `the banner ${quoted(banner)}`]);
    if (above !== undefined && prompt.context?.(above))
      told.push(["context", `the row ${quoted(above)} above`]);
    return [
      {
        device,
        id: device.id,
        hints: told.map(([hint]) => hint),
        reasons: told.map(([, reason]) => reason),
        weight: told.reduce((sum, [hint]) => sum + WEIGHT[hint], 0),
      },
    ];
  });
  return fits.sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
}

/** What devices of many makes say to a line they do not take. */
const COMMON_REFUSAL =
  /^\s*% ?(?:Invalid|Incomplete|Ambiguous)|^\s*(?:unknown|invalid|bad|unrecogni[sz]ed) (?:command|input|syntax)\W*$/i;
/** Profiles that may refuse in the same words, and these words still tell one of them. */
const FEW = 4;

function refuses(device: Device, row: string): boolean {
  const said = device.message(row);
  return said?.is === "error" && said.class === "syntax";
}

/** What many makes say to a line that they do not take tells none of them, also where only one of their prompts fits. */
function isTelling(row: string, all: readonly Device[]): boolean {
  if (COMMON_REFUSAL.test(row)) return false;
  return all.filter((device) => device.profile.learn !== true && refuses(device, row)).length <= FEW;
}

/** The profile the answer names, or the only one whose way of refusing the command it is. */
function byOutput(
  { command, rows }: NonNullable<DetectEvidence["output"]>,
  fits: readonly Fit[],
  all: readonly Device[],
): { readonly id: string; readonly why: string } | undefined {
  const lines = rows.map((line) => line.trimEnd());
  for (const { device } of fits) {
    const row = lines.find((line) => device.hints.output(line));
    if (row !== undefined) return { id: device.id, why: `\`${command}\` said ${quoted(row)}` };
  }
  const refusing = fits.flatMap(({ device }) => {
    // A profile that is told by this very command would have been named above.
    if (device.hints.command === command) return [];
    const row = lines.slice(0, HEAD_ROWS).find((line) => refuses(device, line) && isTelling(line, all));
    return row === undefined
      ? []
      : [{ id: device.id, why: `refused \`${command}\` with ${quoted(row)} as that does` }];
  });
  return refusing.length === 1 ? refusing[0] : undefined;
}

/** The command most of them are told by; the first in rank where several are as common. */
function commandOf(fits: readonly Fit[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { device } of fits) {
    const { command } = device.hints;
    if (command !== undefined) counts.set(command, (counts.get(command) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function quoted(row: string): string {
  return JSON.stringify(row.trim().slice(0, 80));
}

function listed(fits: readonly Fit[]): string {
  const ids = fits.map(({ id }) => id);
  return ids.length > 4 ? `${ids.slice(0, 4).join(", ")} and ${ids.length - 4} more` : ids.join(", ");
}
