import type { Device } from "./device.ts";

/** What a host of unknown platform has shown so far. */
export interface DetectEvidence {
  /** The server's identification line. */
  readonly ident: string;
  /** SSH banner and what stood before the prompt. */
  readonly banner: string;
  /** The prompt's row up to the cursor. */
  readonly promptRow: string;
  /** What the one command printed, once it was asked. */
  readonly output?: { readonly command: string; readonly rows: readonly string[] };
}

/** Either the profile, or the one harmless command that may tell. `reason` is a sentence for people. */
export type Verdict =
  | { readonly id: string | undefined; readonly reason: string }
  | { readonly ask: string; readonly among: readonly string[] };

interface Candidate {
  readonly device: Device;
  readonly ident: boolean;
  readonly banner: boolean;
}

/**
 * Decides which of the profiles fits. The prompt must: no identification or banner outweighs it. What they leave open one
 * command settles; what stays open is nobody's (`id` undefined). Deterministic, types nothing itself.
 */
export function detect(seen: DetectEvidence, devices: readonly Device[]): Verdict {
  const row = seen.promptRow.trimEnd();
  const said = seen.banner.split("\n").map((line) => line.trimEnd());
  const fitting: Candidate[] = devices
    .filter((device) => device.profile.framing !== "sentinel" && device.profile.learn !== true)
    .filter((device) => device.prompt(row) !== undefined)
    .map((device) => ({
      device,
      ident: device.hints.ident(seen.ident),
      banner: said.some((line) => device.hints.banner(line)),
    }));
  const shown = JSON.stringify(row);
  if (fitting.length === 0)
    return {
      id: undefined,
      reason: `no profile knows a prompt such as ${shown}, so it was learned as it stands`,
    };
  if (seen.output) return byOutput(seen.output, fitting, shown);
  const hinted = fitting.filter(({ ident, banner }) => ident || banner);
  const [first] = hinted.length > 0 ? hinted : fitting;
  if (first && hinted.length === 1) return { id: first.device.id, reason: because(first, seen, shown) };
  if (first && fitting.length === 1)
    return { id: first.device.id, reason: `only ${first.device.id} has a prompt such as ${shown}` };
  const ask = commandOf(hinted.length > 0 ? hinted : fitting);
  const among = fitting.map(({ device }) => device.id);
  if (ask !== undefined) return { ask, among };
  return {
    id: undefined,
    reason: `the prompt ${shown} fits ${listed(among)}, so it was learned as it stands`,
  };
}

function byOutput(
  { command, rows }: NonNullable<DetectEvidence["output"]>,
  fitting: readonly Candidate[],
  shown: string,
): Verdict {
  for (const { device } of [...fitting].sort((a, b) => Number(hinted(b)) - Number(hinted(a)))) {
    const row = rows.find((line) => device.hints.output(line.trimEnd()));
    if (row === undefined) continue;
    const said = JSON.stringify(row.trim().slice(0, 80));
    return { id: device.id, reason: `the prompt ${shown} fits ${device.id} and \`${command}\` said ${said}` };
  }
  const among = listed(fitting.map(({ device }) => device.id));
  return {
    id: undefined,
    reason: `the prompt ${shown} fits ${among}, and \`${command}\` told none of them, so it was learned as it stands`,
  };
}

/** The command most of the candidates are told by. */
function commandOf(candidates: readonly Candidate[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { device } of candidates) {
    const { command } = device.hints;
    if (command !== undefined) counts.set(command, (counts.get(command) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function hinted({ ident, banner }: Candidate): boolean {
  return ident || banner;
}

function because({ device, ident }: Candidate, seen: DetectEvidence, shown: string): string {
  const what = ident ? `the identification ${seen.ident}` : "the banner";
  return `${what} and the prompt ${shown} fit ${device.id}`;
}

function listed(ids: readonly string[]): string {
  return ids.length > 4 ? `${ids.slice(0, 4).join(", ")} and ${ids.length - 4} more` : ids.join(", ");
}
