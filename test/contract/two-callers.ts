import type { Calls } from "./calls.ts";
import { SECRET } from "./far/wire.ts";
import { denies, type Fault, faultsOf } from "./oracle.ts";
import { type Done, type Plan, planOf, play } from "./plan.ts";
import { type FramingName, type Rig, rigOf } from "./rig.ts";

export interface Run {
  readonly faults: readonly Fault[];
  /** Results that were judged. */
  readonly results: number;
}

/** Is told what happened, moment by moment, once a seed is over. */
export type Trace = (moment: string) => void;

/** Milliseconds after the last act: by then every wait is over. */
const REST_MS = 10_000;
/** What leads from a mode to another. */
export const STEPS = ["", "enable", "disable", "configure terminal", "end"];

/** Two callers on one session over a slow link, as the seed says; what was not as it had to be. */
export async function twoCallers(framing: FramingName, seed: number, trace?: Trace): Promise<Run> {
  const plan = planOf(seed, { modes: framing === "device" });
  const rig = await rigOf(framing, { delayMs: delayOf(plan), promptMs: plan.promptMs });
  try {
    const begun = rig.clock.now();
    const done = await playAll(rig, plan);
    if (trace) traceOf(rig, plan, done, begun, trace);
    const { executed, answers } = rig.far;
    const evidence = { done, executed: [...executed], answers: [...answers], written: rig.written() };
    const faults = [
      ...faultsOf({ ...evidence, steps: STEPS, singleKey: framing === "device" }),
      ...earlyAnswers(rig),
      ...putFaults(rig),
    ];
    return {
      faults: [
        ...faults,
        ...(await goesOn(
          rig,
          () => rig.far.executed,
          (promise) => rig.till(promise),
        )),
      ],
      results: done.length,
    };
  } finally {
    await rig.end();
  }
}

export function delayOf({ delayMs, jitterMs, random }: Plan): () => number {
  return () => delayMs + Math.floor(random() * (jitterMs + 1));
}

/** The same callers taking turns, each result awaited and nothing typed by hand: what the oracle must find no fault in. */
export async function takingTurns(framing: FramingName, seed: number): Promise<Run> {
  const plan = planOf(seed, { modes: framing === "device" });
  const rig = await rigOf(framing, { delayMs: delayOf(plan), promptMs: plan.promptMs });
  try {
    const done: Done[] = [];
    for (const act of plan.acts) {
      if (act.what.kind === "text" || act.what.kind === "keys") continue;
      done.push({ act, told: await rig.till(play(rig, act)) });
      await rig.pass(REST_MS);
    }
    const { executed, answers } = rig.far;
    const faults = faultsOf({ done, executed, answers, written: rig.written(), steps: STEPS });
    return { faults, results: done.length };
  } finally {
    await rig.end();
  }
}

export async function playAll(rig: Rig, plan: Plan): Promise<Done[]> {
  const calls = plan.acts.map(
    (act) =>
      new Promise<Done>((resolve, reject) => {
        rig.clock.after(act.at, () => {
          play(rig, act).then((told) => resolve({ act, told }), reject);
        });
      }),
  );
  const done = await rig.till(Promise.all(calls));
  await rig.pass(REST_MS);
  return done;
}

/** Acts, what was written and what arrived, in the order of the clock. */
export function traceOf(
  rig: Rig,
  { delayMs, jitterMs, promptMs }: Plan,
  done: readonly Done[],
  begun: number,
  trace: Trace,
) {
  const acts = done.flatMap(({ act, told }) => {
    const { what, caller, timeoutMs, cancelMs } = act;
    const { rows, error, state, command, about, text, tookMs } = told;
    const given = cancelMs === undefined ? `${timeoutMs} ms` : `${timeoutMs} ms, given up after ${cancelMs}`;
    return [
      { at: begun + act.at, line: `${caller} ${JSON.stringify(what)} (${given})` },
      {
        at: begun + act.at + tookMs,
        line: `${caller} ${act.token} is told ${error ?? state} #${command} ${about} ${JSON.stringify(rows)} ${text}`,
      },
    ];
  });
  const wrote = rig.wire.sent.map(({ at, text }) => ({ at, line: `  → ${JSON.stringify(text)}` }));
  const came = rig.wire.received.map(({ at, text }) => ({
    at,
    line: `      arrived ${JSON.stringify(text)}`,
  }));
  trace(`link ${delayMs} ms + ${jitterMs}, prompt ${promptMs} ms`);
  for (const { at, line } of [...acts, ...wrote, ...came].sort((one, other) => one.at - other.at))
    if (at >= begun) trace(`${String(at - begun).padStart(6)} ${line}`);
  trace(`executed: ${JSON.stringify(rig.far.executed)}, answers: ${JSON.stringify(rig.far.answers)}`);
}

const LAST = "mark a-999 the last";

/** Whatever came before: after an interrupt the session runs the next command, and that one alone. */
export async function goesOn(
  calls: Calls,
  executed: () => readonly string[],
  till: <T>(promise: Promise<T>) => Promise<T>,
  /** The key that interrupts what runs, where Ctrl-C only throws a line away. */
  interrupt?: string,
): Promise<Fault[]> {
  if (calls.facts().state === "closed") return ["closed: the session did not survive"];
  if (interrupt !== undefined) await till(calls.keys("a", interrupt, { timeoutMs: 5000 }));
  await till(calls.keys("a", "<C-c>", { timeoutMs: 5000 }));
  const before = executed().length;
  const last = await till(calls.run("a", LAST, { timeoutMs: 20_000 }));
  const ran = executed().slice(before);
  const well = last.state === "done" && last.about === LAST && !denies(last, "a-999") && ran.join() === LAST;
  return well ? [] : [`stuck: ${JSON.stringify({ last, ran })}`];
}

/** A question was answered by text that was written before the command which asks had even arrived. */
function earlyAnswers(rig: Rig): Fault[] {
  const { sent, received } = rig.wire;
  const asked = received.filter(({ text }) => /confirm [a-d]-\d+/.test(text));
  return rig.far.answers.flatMap((answer) => {
    const token = /[a-d]-\d{3}/.exec(answer)?.[0];
    if (token === undefined) return [];
    const typed = sent.find(({ text }) => text.includes(token));
    const came = received.find(({ text }) => text.includes(token));
    const question = asked.findLast(({ at }) => at <= (came?.at ?? 0));
    if (typed === undefined || question === undefined || typed.at >= question.at) return [];
    return [
      `answered before it was asked: ${JSON.stringify(answer)} answers ${JSON.stringify(question.text)}`,
    ];
  });
}

/** Every byte was decided on in the epoch it was typed in, and the log holds what was written, byte for byte. */
export function putFaults(rig: Rig): Fault[] {
  const puts = rig.putLog();
  const late = puts.filter(({ epoch, decidedIn }) => epoch !== decidedIn);
  // The log keeps no secret.
  const logged = puts.map(({ bytes }) => bytes?.toString("utf8") ?? `${SECRET}\r`).join("");
  return [
    ...late.map(({ epoch, decidedIn, bytes }) => {
      const shown = JSON.stringify(bytes?.toString("utf8"));
      return `decided in another epoch: ${shown} decided in ${decidedIn}, typed in ${epoch}`;
    }),
    ...(logged === rig.written() ? [] : ["written past the log: what was written is not what the Pty put"]),
  ];
}

/** Runs `count` seeds; each fault names its seed and the command that runs it alone. */
export async function runSeeds(
  framing: FramingName,
  from: number,
  count: number,
  progress: (done: number) => void = () => {},
  trace?: Trace,
): Promise<Run> {
  const faults: Fault[] = [];
  let results = 0;
  for (let seed = from; seed < from + count; seed++) {
    const run = await twoCallers(framing, seed, trace).catch((error: unknown) => ({
      faults: [`broke off: ${String(error)}`],
      results: 0,
    }));
    results += run.results;
    const alone = `npm run seeds -- --framing ${framing} --from ${seed} --seeds 1`;
    faults.push(...run.faults.map((fault) => `seed ${seed} (${alone}): ${fault}`));
    progress(seed - from + 1);
  }
  return { faults, results };
}
