import { SshMcpError } from "../../base/errors.ts";
import { patternOf } from "../../base/pattern.ts";
import { visibleLine } from "../../base/text.ts";
import { type Answer, answerOf } from "../../recipes/device/answer.ts";
import { type JobName, jobs } from "../../recipes/device/jobs.ts";
import { posixQueries } from "../../recipes/device/posix.ts";
import { deviceQueries, type Way } from "../../recipes/device/queries.ts";
import { recordsShown, textShown } from "../../recipes/device/report.ts";
import type { Result } from "../../results/result.ts";
import type { ToolContext } from "./context.ts";
import { type Asked, type AskedOn, ask, platformOf } from "./device-ask.ts";

const DEFAULT_S = 30;
/** Rows of a log where the caller names none. */
const LOG_ROWS = 100;

export interface DeviceWanted extends AskedOn {
  readonly by?: string | undefined;
  readonly match?: string | undefined;
  readonly lines?: number | undefined;
  readonly timeout_s?: number | undefined;
}

/** The way that worked, by host and job: the next call begins with it. */
const worked = new WeakMap<object, Map<string, Way>>();

/** What a device answered, and how it was asked. */
export interface JobAnswer {
  readonly way: Way;
  readonly command: string;
  readonly answer: Exclude<Answer, { readonly is: "strange" }>;
  readonly asked: Asked;
  /** Ways that were not answered before, and why. */
  readonly passed: readonly string[];
}

/**
 * Asks for something in the ways that are known for its platform, until one is answered. @throws SshMcpError `unsupported` and
 * those of ssh_exec or ssh_shell. Where every way says that there is nothing: the first of these.
 */
export async function readJob(
  context: ToolContext,
  job: JobName,
  { host, platform }: { readonly host: string; readonly platform: string },
  wanted: DeviceWanted,
): Promise<JobAnswer> {
  const { clock, multiplexer } = context;
  const { by, lines: rows = LOG_ROWS, timeout_s = DEFAULT_S } = wanted;
  const began = clock.now();
  const ways = waysFor(host, platform, job, by);
  const known = worked.get(multiplexer) ?? new Map<string, Way>();
  worked.set(multiplexer, known);
  const key = `${host} ${job} ${by ?? ""}`;
  const best = known.get(key);
  const order =
    best === undefined || !ways.includes(best) ? ways : [best, ...ways.filter((way) => way !== best)];
  const passed: string[] = [];
  const nothing: JobAnswer[] = [];
  for (const way of order) {
    const command = way.command.replace("{lines}", String(rows));
    const left = Math.max(1, timeout_s * 1000 - (clock.now() - began));
    const asked = await ask(context, wanted, { command, mode: way.mode }, left);
    const answer: Answer | undefined = asked.refused === undefined ? answerOf(way, asked.lines) : undefined;
    if (answer?.is === "nothing") nothing.push({ way, command, answer, asked, passed: [...passed] });
    if (answer === undefined || answer.is === "strange" || answer.is === "nothing") {
      passed.push(`"${command}": ${whyNot(asked, answer)} (${asked.at})`);
      continue;
    }
    known.set(key, way);
    return { way, command, answer, asked, passed };
  }
  const [first] = nothing;
  if (first !== undefined && nothing.length === passed.length) return { ...first, passed };
  throw unread(host, job, passed, "unsupported");
}

function unread(host: string, job: JobName, passed: readonly string[], code: "not_ready" | "unsupported") {
  return new SshMcpError(
    code,
    `${host} gave no answer that could be read as ${job}: ${passed.join("; ")}`,
    "ssh_exec and ssh_shell run the device's own commands.",
  );
}

/** Asks a device for something; what is read of the answer are facts, and the answer itself stays to be read. @throws as `readJob`. */
export async function runDeviceJob(
  context: ToolContext,
  job: JobName,
  wanted: DeviceWanted,
): Promise<Result> {
  const { clock } = context;
  const { match, lines: rows = LOG_ROWS } = wanted;
  const pattern = match === undefined ? undefined : patternOf(match);
  const began = clock.now();
  const { host, platform } = await platformOf(context, wanted);
  const { way, command, answer, asked, passed } = await readJob(context, job, { host, platform }, wanted);
  if (answer.is === "nothing") throw unread(host, job, passed, "not_ready");
  const source = { platform, command, by: way.by, at: asked.at, readBy: asked.readBy };
  const shown =
    answer.is === "records"
      ? recordsShown(jobs[job].fields, answer.records, answer.unread, source, pattern)
      : textShown(answer.lines, source, { match: pattern, last: job === "log" ? rows : undefined });
  return {
    kind: "recipe",
    report: {
      host,
      name: `device_${job}`,
      facts: shown.facts,
      lines: shown.lines,
      words: shown.words ?? [],
      notes: [
        ...passed.map((one) => `asked before: ${one}`),
        ...asked.notes,
        ...(shown.notes ?? []),
        ...others(waysFor(host, platform, job, wanted.by), way),
      ],
      durationMs: clock.now() - began,
    },
  };
}

function waysFor(host: string, platform: string, job: JobName, by: string | undefined): readonly Way[] {
  const all = deviceQueries();
  const ways = platform === "posix" ? posixQueries()[job] : all.get(platform)?.[job];
  const next = "ssh_exec and ssh_shell run the device's own commands.";
  if (ways === undefined) {
    const known = [...all].filter(([, jobsOf]) => jobsOf[job] !== undefined).map(([id]) => id);
    throw new SshMcpError(
      "unsupported",
      `how to ask ${host} (${visibleLine(platform, 64)}) for its ${job} is not known; nothing was sent. It is for ${known.join(", ")}`,
      next,
    );
  }
  const meant = by === undefined ? ways : ways.filter((way) => way.by === by);
  if (meant.length > 0) return meant;
  throw new SshMcpError("unsupported", `${host} (${platform}) is not asked by ${by}; nothing was sent`, next);
}

function whyNot({ refused }: Asked, answer: Answer | undefined): string {
  if (refused !== undefined) return refused;
  if (answer?.is === "nothing") return visibleLine(answer.said, 160);
  const row =
    answer?.is === "strange" && answer.row !== "" ? `, such as: ${visibleLine(answer.row.trim(), 120)}` : "";
  return row === "" ? "it printed nothing" : `its output has not the form that is known${row}`;
}

/** Two protocols may each know neighbours that the other does not. */
function others(ways: readonly Way[], used: Way): string[] {
  const more = [...new Set(ways.flatMap(({ by }) => (by === undefined || by === used.by ? [] : [by])))];
  return more.map((by) => `only ${used.by} was asked for these; by: "${by}" asks the other one`);
}
