import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { TakesNoExec } from "../../multiplexer/exec-refusal.ts";
import type { ExecRecord } from "../../multiplexer/types.ts";
import { NATURE_STEPS, type Nature, natureOf, programsStep, withPrograms } from "../../recipes/nature.ts";
import type { RanSteps } from "../../recipes/ran.ts";
import type { AnyRecipe, GivenSecret } from "../../recipes/recipe.ts";
import { type Script, scriptOf, stepsIn } from "../../recipes/script.ts";
import type { Result } from "../../results/result.ts";
import type { ToolContext } from "./context.ts";
import { type ExecKnown, endedBy, execOn } from "./exec.ts";

/** What a host is and has changes seldom; programs are installed now and then. */
const KNOWN_MS = 10 * 60_000;
const DEFAULT_S = 30;

/** What was found out, by the sessions' owner, which is one for a process. */
const natures = new WeakMap<object, Map<string, Known>>();

interface Known {
  readonly nature: Nature;
  readonly at: number;
  /** Programs it was asked for beside those of every host. */
  readonly asked: ReadonlySet<string>;
}

interface Wanted {
  readonly host: string;
  readonly inputs: unknown;
  readonly timeout_s?: number | undefined;
}

/**
 * Runs a recipe as one command on a channel of its own; where nothing is known of the host yet, it is asked first what it
 * is. @throws SshMcpError `unsupported` where such a host has no means for it, and those of ssh_exec.
 */
export async function runRecipe(
  context: ToolContext,
  recipe: AnyRecipe,
  { host, inputs, timeout_s = recipe.seconds ?? DEFAULT_S }: Wanted,
): Promise<Result> {
  const { clock } = context;
  await assertUnix(context, host);
  const began = clock.now();
  const left = () => Math.max(1, timeout_s * 1000 - (clock.now() - began));
  const nature = await natureFor(context, host, recipe.asks(inputs), left);
  const plan = recipe.plan(inputs, nature);
  if (typeof plan === "string") throw new SshMcpError("unsupported", `${host}: ${plan}`);
  const { steps, secret } = plan;
  const script = scriptOf(steps, { reads: secret?.step });
  const known = recipe.changes === true ? changing(recipe, inputs) : READING;
  const record = await ranOn(context, host, script, left(), known, { secret, ends: recipe.ends });
  const { ran, notes } = stepsOf(record, script, Object.keys(steps));
  const shown = plan.read(ran);
  return {
    kind: "recipe",
    report: {
      host: record.host,
      name: recipe.name,
      facts: shown.facts,
      lines: shown.lines,
      words: shown.words ?? [],
      notes: [...notes, ...(shown.notes ?? [])],
      durationMs: clock.now() - began,
    },
  };
}

/** A recipe is a shell's script: nothing of it goes to a device's command line. @throws SshMcpError `unsupported`. */
async function assertUnix({ multiplexer }: ToolContext, host: string): Promise<void> {
  const plan = await multiplexer.execs.plan(host).catch((error: unknown) => {
    if (error instanceof TakesNoExec) return undefined;
    throw error;
  });
  if (plan !== undefined && plan.host.limits.exact !== true) return;
  throw new SshMcpError(
    "unsupported",
    `${host} is a network device, and this recipe is for Unix systems; nothing was sent`,
    "ssh_exec and ssh_shell run the device's own commands; the toolset devices asks for what it knows.",
  );
}

async function natureFor(
  context: ToolContext,
  host: string,
  programs: readonly string[],
  left: () => number,
): Promise<Nature> {
  const { multiplexer, clock } = context;
  const known = natures.get(multiplexer) ?? new Map<string, Known>();
  natures.set(multiplexer, known);
  const kept = known.get(host);
  const found = kept !== undefined && clock.now() - kept.at < KNOWN_MS ? kept : undefined;
  const more = programs.filter((name) => found?.asked.has(name) !== true);
  if (found !== undefined && more.length === 0) return found.nature;
  const steps = {
    ...(found === undefined ? NATURE_STEPS : {}),
    ...(more.length === 0 ? {} : { more: programsStep(more) }),
  };
  const script = scriptOf(steps);
  const record = await ranOn(context, host, script, left(), READING);
  const { ran } = stepsOf(record, script, Object.keys(steps));
  const nature = withPrograms(found?.nature ?? natureIn(ran, record, host), ran);
  known.set(host, {
    nature,
    at: found?.at ?? clock.now(),
    asked: new Set([...(found?.asked ?? []), ...more]),
  });
  return nature;
}

function natureIn(ran: RanSteps, record: ExecRecord, host: string): Nature {
  try {
    return natureOf(ran);
  } catch (error) {
    const said = [...record.stderr.text().segments, ...record.stdout.text().segments].flatMap(
      ({ lines }) => lines,
    );
    throw new SshMcpError(
      "unsupported",
      `${host} was asked what it is, and ${error instanceof Error ? error.message : "did not say"}: ${visibleLine(said.join(" "), 200) || "nothing was printed"}`,
      "Recipes run on Unix systems with /bin/sh; ssh_exec and ssh_shell run what else there is.",
    );
  }
}

async function ranOn(
  context: ToolContext,
  host: string,
  { line }: Script,
  timeoutMs: number,
  known: ExecKnown,
  {
    secret,
    ends = false,
  }: { readonly secret?: GivenSecret | undefined; readonly ends?: boolean | undefined } = {},
): Promise<ExecRecord> {
  const wait = ends ? endedBy(timeoutMs) : { timeoutMs };
  return execOn(context, host, { command: line, secret }, wait, known);
}

const READING: ExecKnown = { declared: "read" };

/** Its command is made anew each time; its inputs say what it does. */
function changing({ name }: AnyRecipe, inputs: unknown): ExecKnown {
  return { declared: "disruptive", subject: `${name} ${JSON.stringify(inputs)}` };
}

/** @throws SshMcpError where the command did not come to its end. */
function stepsOf(
  record: ExecRecord,
  { mark }: Script,
  names: readonly string[],
): { readonly ran: RanSteps; readonly notes: readonly string[] } {
  const { end, id } = record;
  const { segments, dropped } = record.stdout.text();
  const ran = stepsIn(
    segments.flatMap(({ lines }) => lines),
    mark,
  );
  if (end.is !== "exit")
    throw new SshMcpError(
      "not_ready",
      `the recipe's command (ssh_exec #${id} on ${record.host}) did not come to its end (${end.is}); ${ran.size} of ${names.length} of its steps were done`,
      `ssh_read(exec: ${id}) shows what it printed; timeout_s gives it longer.`,
    );
  const missing = names.filter((name) => !ran.has(name));
  return {
    ran,
    notes: [
      ...(missing.length > 0
        ? [`these steps did not run, or their output is not kept: ${missing.join(", ")}`]
        : []),
      ...(dropped > 0 ? [`${dropped} bytes of the output are no longer kept`] : []),
    ],
  };
}
