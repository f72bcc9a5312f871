import { setTimeout as pause } from "node:timers/promises";
import type { Entry } from "../../src/lab/journal.ts";
import { seeded } from "../lab/ios-console.ts";
import type { Drilled, Tried } from "./drilled.ts";
import { drilledEos } from "./eos.ts";
import { drilledIos } from "./ios.ts";
import { drilledJunos } from "./junos.ts";
import { type Keys, newKeys } from "./keys.ts";
import { type Place, place, type Rig, serve } from "./rig.ts";
import { drilledRouterOs } from "./routeros.ts";

export type Kind = "lockout" | "reload" | "link" | "kill" | "good" | "meddled";

/** What came of one drill. */
export interface Outcome {
  readonly seed: number;
  readonly platform: string;
  readonly kind: string;
  /** As the tool ended it; `refused` where it planned nothing. */
  readonly claim: string;
  /** What was not as it should be, by what the device says of itself. */
  readonly wrong: readonly string[];
  /** The tool's last words. */
  readonly text: string;
}

interface Drill {
  readonly seed: number;
  readonly kind: Kind;
  readonly name: string;
  readonly device: Drilled;
  readonly tried: Tried;
  readonly random: () => number;
}

/** Drills of one kind, or on one device. */
export interface Only {
  readonly kind?: Kind;
  readonly device?: string;
}

type Make = (keys: Keys, times: number) => Promise<Drilled>;
const DEVICES: Readonly<Record<string, Make>> = {
  ios: drilledIos,
  eos: drilledEos("4.31.2F"),
  eos32: drilledEos("4.32.1F"),
  junos: drilledJunos,
  routeros: drilledRouterOs,
};

/** A device's time passes so many times faster where something has to run out. */
const HURRY = 10;
/** The same where nine minutes have to go by. */
const PATIENT_HURRY = 60;
const LOCKOUT_S = 60;
const GOOD_S = 1200;
/** Longest that a device may take to be what it was, in our time. */
const BACK_MS = 150_000;

/** Drills by kind, out of 20. */
const KINDS: readonly (readonly [Kind, number])[] = [
  ["lockout", 10],
  ["reload", 1],
  ["link", 2],
  ["kill", 3],
  ["good", 3],
  ["meddled", 1],
];

function kindOf(random: () => number): Kind {
  const all = KINDS.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  return all[Math.floor(random() * all.length)] ?? "lockout";
}

function oneOf<T>(random: () => number, all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error("nothing to choose from");
  return one;
}

/** Drills of these seeds at once, over one server; those that kill theirs have one each. */
export async function runBatch(seeds: readonly number[], only: Only = {}): Promise<Outcome[]> {
  const keys = newKeys();
  const drills = await Promise.all(seeds.map((seed) => drillOf(seed, keys, only)));
  const calm = drills.filter(({ kind }) => kind !== "kill");
  const at = place(new Map(drills.map(({ name, device }) => [name, device])), keys);
  const rig = await serve(at);
  try {
    return await Promise.all(
      drills.map(async (drill) => {
        if (calm.includes(drill)) return run(drill, rig);
        const own = place(new Map([[drill.name, drill.device]]), keys);
        try {
          return await killed(drill, own);
        } finally {
          own.remove();
        }
      }),
    );
  } finally {
    await rig.close();
    await Promise.all(drills.map(({ device }) => device.close()));
    at.remove();
  }
}

async function drillOf(seed: number, keys: Keys, only: Only): Promise<Drill> {
  const random = seeded(seed);
  const kind = only.kind ?? kindOf(random);
  const times = kind === "good" || kind === "meddled" ? 1 : HURRY;
  const name = only.device ?? oneOf(random, Object.keys(DEVICES));
  const make = DEVICES[name];
  if (make === undefined)
    throw new Error(`no such device: ${name}; there are ${Object.keys(DEVICES).join(", ")}`);
  const device = await make(keys, name === "routeros" && times > 1 ? PATIENT_HURRY : times);
  const harmless = kind === "good" || kind === "meddled" || kind === "reload" || kind === "link";
  const isGood = harmless || (kind === "kill" && random() < 0.4);
  const tried = oneOf(random, isGood ? device.goods : device.lockouts);
  return { seed, kind, name: `d${seed}`, device, tried, random };
}

async function run(drill: Drill, rig: Rig): Promise<Outcome> {
  const { kind, device, tried, random } = drill;
  const before = device.running();
  const id = await planned(drill, rig);
  if (id.change === undefined) return outcome(drill, before, id.text, ["no plan was made"]);
  if (kind === "meddled") device.meddle();
  const now = device.running();
  const moment = kind === "reload" || kind === "link" ? momentOf(drill) : undefined;
  const disturbed = moment?.then(async () => {
    if (kind === "reload") {
      device.reload();
      return;
    }
    device.server.link(false);
    await pause(random() * 20_000);
    device.server.link(true);
  });
  const text = await gone(rig, id.change);
  await disturbed;
  const wrong: string[] = [];
  const claim = claimIn(text);
  if (kind === "good" && claim !== "kept") wrong.push(`a good change ended as ${claim}`);
  if (kind === "meddled" && claim !== "to be planned again")
    wrong.push(`planned for another state, and ${claim}`);
  if (kind === "lockout" && claim !== "undone") wrong.push(`${tried.kind} ended as ${claim}`);
  const isClaimed = claim === "undone" || claim === "kept" || claim === "not begun";
  if (kind === "reload" && !isClaimed) wrong.push(`a reload ended as ${claim}`);
  if (kind === "link" && !isClaimed) wrong.push(`a dead link ended as ${claim}`);
  return outcome(drill, now, text, wrong);
}

async function planned(drill: Drill, rig: Rig): Promise<{ change: string | undefined; text: string }> {
  const { kind, tried } = drill;
  const seconds = kind === "good" || kind === "meddled" ? GOOD_S : LOCKOUT_S;
  const time = drill.device.timed ? { confirm_after_s: seconds } : {};
  const text = await rig.change({ host: drill.name, lines: tried.lines, ...time });
  const [, change] = /\bplanned change=(C\d+)/.exec(text) ?? [];
  return { change, text };
}

/** Until it has ended, in as many calls as that takes. */
async function gone(rig: Rig, change: string): Promise<string> {
  let text = await rig.change({ change, go: true });
  while (claimIn(text) === "running") text = await rig.change({ change });
  return text;
}

export function claimIn(text: string): string {
  const [, state] =
    /^\[\S+ change (kept|undone|UNKNOWN|unknown|not begun|to be planned again|planned|running)\b/m.exec(
      text,
    ) ?? [];
  return state ?? "refused";
}

/** Somewhere on the way: armed, at one of its lines, or a while later. */
async function momentOf({ device, tried, random, kind }: Drill): Promise<void> {
  const kinds: Entry["kind"][] =
    kind === "kill" ? ["armed", "line", "line", "confirmed", "saved"] : ["armed", "line"];
  const wanted = oneOf(random, kinds);
  let left = wanted === "line" ? 1 + Math.floor(random() * (tried.lines.length + 1)) : 1;
  await new Promise<void>((resolve) => {
    const listening = device.journal.listen((entry) => {
      if (entry.kind !== wanted || --left > 0) return;
      listening.dispose();
      resolve();
    });
    // A moment that does not come: what cuts itself off is never confirmed.
    setTimeout(resolve, 25_000).unref();
  });
  await pause(random() < 0.5 ? 0 : random() * 3000);
}

/** The server dies somewhere on the way; the next one knows of it, and sends nothing again. */
async function killed(drill: Drill, at: Place): Promise<Outcome> {
  const { device, tried } = drill;
  const before = device.running();
  const first = await serve(at);
  const id = await planned(drill, first);
  if (id.change === undefined) {
    await first.close();
    return outcome(drill, before, id.text, ["no plan was made"]);
  }
  const moment = momentOf(drill);
  const going = gone(first, id.change).catch(() => "");
  // It may be over before its moment comes.
  await Promise.race([moment, going]);
  await first.kill();
  const typed = device.journal.entries.filter(({ kind }) => kind === "line").length;
  const wrong: string[] = [];
  const second = await serve(at);
  try {
    const early = await second.change({ change: id.change });
    wrong.push(...untrue(drill, before, early).map((one) => `at once: ${one}`));
    const listed = await second.change({ list: true });
    const armed = device.pending() && claimIn(early) !== "undone";
    if (armed && !listed.includes(id.change)) wrong.push("the next start does not name what is armed");
    await settled(device);
    const text = await second.change({ change: id.change });
    const again = device.journal.entries.filter(({ kind }) => kind === "line").length;
    if (again !== typed) wrong.push("lines were sent again");
    const cuts = device.lockouts.includes(tried);
    const claim = claimIn(text);
    const wasBegun = device.journal.entries.some(({ kind }) => kind === "armed");
    if (cuts && device.running() !== before) wrong.push("it was not undone");
    // What was not confirmed before it died is not claimed before its time is over, whatever timer the device shows.
    const isOpen = claim === "UNKNOWN" && /Its timer has \d+ s left/.test(text);
    if (wasBegun && !isOpen && claim !== "undone" && claim !== "kept" && !/has ended|was begun/.test(text))
      wrong.push(`after the restart: ${claim}`);
    return outcome(drill, before, text, wrong);
  } finally {
    await second.close();
  }
}

/** Nothing is on its way any more, and it can be reached. */
async function settled(device: Drilled): Promise<void> {
  const last = performance.now() + BACK_MS;
  while ((device.pending() || !device.reachable()) && performance.now() < last) await pause(50);
}

function outcome(drill: Drill, before: string, text: string, wrong: readonly string[]): Outcome {
  const { seed, device, kind, tried } = drill;
  const all = [...wrong, ...untrue(drill, before, text)];
  if (device.lockouts.includes(tried) && device.journal.entries.some((entry) => entry.kind === "confirmed"))
    all.push("a change that cuts us off was confirmed");
  const what = kind === "lockout" || kind === "kill" ? `${kind}: ${tried.kind}` : kind;
  return { seed, platform: device.platform, kind: what, claim: claimIn(text), wrong: all, text };
}

/** What the tool claims, and the device does not bear out at this moment. */
function untrue({ device }: Drill, before: string, text: string): string[] {
  const claim = claimIn(text);
  const same = device.running() === before;
  const wrong: string[] = [];
  if (claim === "undone" || claim === "not begun" || claim === "to be planned again") {
    if (!same) wrong.push(`said to be ${claim}, and the configuration is another one`);
    if (device.pending()) wrong.push(`said to be ${claim}, and a timer runs`);
  }
  if (claim === "kept") {
    if (same) wrong.push("said to be kept, and it is as before");
    if (device.pending()) wrong.push("said to be kept, and a timer runs");
    if (/ saved=yes/.test(text) && device.startup() !== undefined && device.startup() !== device.running())
      wrong.push("said to be saved, and it is not");
  }
  return wrong;
}
