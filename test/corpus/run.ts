import type { Rig } from "../real/rig.ts";
import { type Expected, expectedOf, settled, withoutTrailingBlanks } from "./judge.ts";
import type { Recording } from "./recording.ts";
import type { Journal } from "./replayed-terminal.ts";

/** What one run of a recording through the whole stack gave. */
export interface Ran {
  /** Commands whose outcome and text were compared. */
  readonly commands: number;
  /** One sentence for each thing that was not as recorded. */
  readonly faults: readonly string[];
}

/** Bounds every wait; a device of the corpus answers within 10 s at the slowest pace, on a busy machine in several times that. */
const WAIT_MS = 50_000;

export interface RunOptions {
  readonly journal: Journal;
  /** Lines the profile types at login; anything else the device did not expect is a fault. */
  readonly prepares: readonly string[];
  /** Profiles the session may say it works with. */
  readonly platforms: readonly string[];
}

/** Logs in to the host and gives every command of the recording in its order. */
export async function runRecording(
  rig: Rig,
  host: string,
  recording: Recording,
  { journal, prepares, platforms }: RunOptions,
): Promise<Ran> {
  const faults: string[] = [];
  const opened = await rig.open(host);
  const { outcome } = opened.first;
  if (outcome.state !== "done" || outcome.evidence !== "prompt")
    return { commands: 0, faults: [`login: ${JSON.stringify(outcome)}`] };
  const { framing } = opened.view();
  if (!platforms.some((id) => framing.includes(`(${id})`))) faults.push(`framed as ${framing}`);
  let commands = 0;
  for (const expected of expectedOf(recording)) {
    // An Enter alone, and several lines in one step, are no command of ours.
    if (expected.command === "" || expected.command.includes("\n")) continue;
    const played = journal.played;
    const result = await opened.run(expected.command, { timeoutMs: WAIT_MS });
    commands++;
    const why = faultOf(result, expected);
    const steps = journal.played - played;
    if (why !== undefined) faults.push(`${expected.command}: ${why}`);
    else if (steps !== 1 + expected.pages) faults.push(`${expected.command}: ${steps} steps were played`);
    if (result.outcome.state !== "done") break;
  }
  if (journal.strays.length > 0) faults.push(`keys nobody asked for: ${JSON.stringify(journal.strays)}`);
  const odd = journal.unknown.filter((line) => !prepares.includes(line));
  if (odd.length > 0) faults.push(`lines nobody gave: ${JSON.stringify(odd)}`);
  return { commands, faults };
}

function faultOf(
  { outcome, text }: Awaited<ReturnType<Awaited<ReturnType<Rig["open"]>>["run"]>>,
  { rows, closes, prompt }: Expected,
): string | undefined {
  if (closes) return outcome.state === "closed" ? undefined : `not closed but ${JSON.stringify(outcome)}`;
  if (outcome.state !== "done" || outcome.evidence !== "prompt")
    return `not done but ${JSON.stringify(outcome)}`;
  if (!prompt.includes(outcome.host ?? "")) return `on host ${outcome.host}, the prompt is ${prompt}`;
  const got = withoutTrailingBlanks(text === "" ? [] : text.split("\n").map(settled));
  const want = rows.map(settled);
  const differs = Array.from({ length: Math.max(got.length, want.length) }, (_unused, at) => at).find(
    (at) => got[at] !== want[at],
  );
  if (differs === undefined) return undefined;
  const [g, w] = [got, want].map((all) => JSON.stringify(all.slice(differs, differs + 3)));
  return `row ${differs} of ${want.length}: got ${g}, recorded ${w}`;
}
