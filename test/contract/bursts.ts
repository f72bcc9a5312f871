import { createAccess } from "../../src/access/access.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import type { Clock } from "../../src/base/clock.ts";
import { pick, seeded } from "../seeds/random.ts";
import { hostWith } from "../tools/fake.ts";
import type { CallerName } from "./calls.ts";
import { type Fault, faultsOf } from "./oracle.ts";
import type { Act, Done, Plan } from "./plan.ts";
import { type FramingName, type Rig, rigOf } from "./rig.ts";
import { delayOf, goesOn, playAll, putFaults, type Run, STEPS, type Trace, traceOf } from "./two-callers.ts";

const CALLERS: readonly CallerName[] = ["a", "b", "c", "d"];
const BURSTS = 5;
const LARGEST_BURST = 6;
const TIMEOUTS_MS = [0, 50, 500, 4000] as const;
/** Between two bursts: some come while the one before is still being typed. */
const PAUSES_MS = [1, 20, 150, 700, 5000] as const;
/** Until the inventory answers. */
const INVENTORY_MS = [0, 0, 1, 5, 80] as const;

/** What two to four callers do in bursts: all acts of one come in the same moment. */
export function burstsOf(seed: number): Plan {
  const random = seeded(seed ^ 0x5eed);
  const below = (bound: number) => Math.floor(random() * bound);
  const callers = CALLERS.slice(0, 2 + below(3));
  const acts: Act[] = [];
  let [at, number] = [0, 0];
  const act = (caller: CallerName, what: (token: string) => Act["what"]) => {
    const token = `${caller}-${String(++number).padStart(3, "0")}`;
    const cancelled = random() < 0.1 ? { cancelMs: below(300) } : {};
    acts.push({ at, caller, token, what: what(token), timeoutMs: pick(random, TIMEOUTS_MS), ...cancelled });
  };
  for (let burst = 0; burst < BURSTS; burst++) {
    const size = 1 + below(LARGEST_BURST);
    for (let one = 0; one < size; one++) {
      const caller = pick(random, [callers[below(callers.length)] ?? "a"]);
      switch (pick(random, ["run", "run", "run", "text", "text", "interrupt", "secret"])) {
        case "run":
          act(caller, (token) => ({ kind: "run", command: commandOf(random, token) }));
          break;
        case "text":
          act(caller, (token) => ({ kind: "text", text: `say ${token} `, enter: random() < 0.5 }));
          break;
        case "interrupt":
          act(caller, () => ({ kind: "interrupt" }));
          break;
        case "secret":
          // A command that asks, and the answer right behind it: at the prompt that is there now it would be a command.
          act(caller, (token) => ({ kind: "run", command: `secret ${token}` }));
          act(caller, (token) => ({ kind: "text", text: `hush ${token}`, enter: true }));
      }
    }
    at += pick(random, PAUSES_MS);
  }
  return {
    seed,
    delayMs: below(121),
    jitterMs: below(31),
    promptMs: pick(random, [0, 0, 30, 120]),
    acts,
    random,
  };
}

function commandOf(random: () => number, token: string): string {
  return pick(random, [
    `mark ${token} whole`,
    `mark ${token} whole`,
    `late ${Math.floor(random() * 300)} ${token}`,
    `slow ${token}`,
  ]);
}

/** Bursts of several callers on one session behind the whole gate; what was not as it had to be. */
export async function bursts(framing: FramingName, seed: number, trace?: Trace): Promise<Run> {
  const plan = burstsOf(seed);
  const log: AuditEvent[] = [];
  const access = (clock: Clock) =>
    createAccess({
      clock,
      audit: { record: (event) => void log.push(event), close: () => {} },
      directory: {
        async resolve() {
          const ms = pick(plan.random, INVENTORY_MS);
          if (ms > 0) await new Promise<void>((resolve) => void clock.after(ms, resolve));
          return hostWith([]);
        },
      },
    });
  const rig = await rigOf(framing, { delayMs: delayOf(plan), promptMs: plan.promptMs, access });
  try {
    const begun = rig.clock.now();
    const done = await playAll(rig, plan);
    if (trace) {
      traceOf(rig, plan, done, begun, trace);
      for (const event of log) trace(JSON.stringify(event));
    }
    const { executed, answers } = rig.far;
    const evidence = { done, executed: [...executed], answers: [...answers], written: rig.written() };
    const faults = [
      ...faultsOf({ ...evidence, steps: STEPS, singleKey: framing === "device" }),
      ...putFaults(rig),
      ...orderFaults(rig, done),
      ...secretFaults(done, JSON.stringify(log), answers),
      ...(log.some(({ event }) => event === "action") ? [] : ["no audit: nothing was recorded"]),
    ];
    const on = await goesOn(
      rig,
      () => rig.far.executed,
      (promise) => rig.till(promise),
    );
    return { faults: [...faults, ...on], results: done.length };
  } finally {
    await rig.end();
  }
}

/** What is typed is typed in the order of arrival, an interrupt is never refused, and nothing that came before it follows it. */
function orderFaults(rig: Rig, done: readonly Done[]): Fault[] {
  const faults: Fault[] = [];
  const written = rig.written();
  const interrupts: number[] = [];
  let length = 0;
  for (const { permit, bytes } of rig.putLog()) {
    if (permit.verb === "interrupt") interrupts.push(length);
    length += (bytes?.toString("utf8") ?? "").length;
  }
  const last = new Map<CallerName, { token: string; at: number; waited: boolean }>();
  /** Callers that had a call before, behind which a command of theirs may have waited. */
  const waited = new Set<CallerName>();
  /** Acts that came since the last interrupt, and where what they typed begins. */
  let typed: { token: string; at: number }[] = [];
  for (const { act, told } of done) {
    const mayWait = waited.has(act.caller);
    waited.add(act.caller);
    if (act.what.kind === "interrupt") {
      if (told.error !== undefined)
        faults.push(`an interrupt refused: ${act.token} ${told.error} ${told.text}`);
      const key = interrupts.shift();
      if (key === undefined) faults.push(`an interrupt not sent: ${act.token} ${told.text}`);
      else
        for (const { token, at } of typed)
          if (at > key) faults.push(`typed behind an interrupt that came after it: ${token}`);
      typed = [];
      continue;
    }
    const at = written.indexOf(act.token);
    if (at < 0) continue;
    // A command waits for its own caller's call before it, and others do not wait for that: of all callers' acts only keys and
    // the first commands have one order.
    for (const [caller, before] of last)
      if (at < before.at && (caller === act.caller || !(before.waited || mayWait)))
        faults.push(`out of order: ${act.token} was typed before ${before.token}`);
    last.set(act.caller, { token: act.token, at, waited: mayWait });
    typed.push({ token: act.token, at });
  }
  return faults;
}

/** A text that answers the question of the command before it is never in the log, unless that command did not run. */
function secretFaults(done: readonly Done[], log: string, answers: readonly string[]): Fault[] {
  return done.flatMap(({ act, told }, index) => {
    const asks = done[index - 1];
    if (act.what.kind !== "text" || !act.what.text.startsWith("hush") || !log.includes(act.token)) return [];
    const answered = answers.some((answer) => answer.includes(act.token));
    if (answered) return [`a password in the log: ${act.token}`];
    const refused = told.error !== undefined && asks?.told.error === undefined;
    return refused ? [`a refused secret in the log: ${act.token} ${told.error} ${told.text}`] : [];
  });
}

/** Runs `count` seeds; each fault names its seed. */
export async function burstSeeds(
  framing: FramingName,
  from: number,
  count: number,
  progress: (done: number) => void = () => {},
  trace?: Trace,
): Promise<Run> {
  const faults: Fault[] = [];
  let results = 0;
  for (let seed = from; seed < from + count; seed++) {
    const run = await bursts(framing, seed, trace).catch((error: unknown) => ({
      faults: [`broke off: ${String(error)}`],
      results: 0,
    }));
    results += run.results;
    faults.push(...run.faults.map((fault) => `seed ${seed} (bursts): ${fault}`));
    progress(seed - from + 1);
  }
  return { faults, results };
}
