import { parseArgs } from "node:util";
import { FRAMINGS, type FramingName } from "../contract/rig.ts";
import { DEVICES, type DeviceName } from "./runs.ts";

export const USAGE = `Usage: npm run seeds -- [options]

Sessions at random, each as its seed says; every outcome and every text is compared with what has to come out.

  ios, routeros   one caller on a simulated device over real SSH, disturbed by odd chunks, delays, log rows and repaints
  cases           dialogues that somebody's tool got wrong, on devices whose output is cut and delayed, on a clock of its own

  tools           dialogues of odd devices at the tools themselves, three of them a seed, their output cut and delayed, too

  shell, device   two callers on one session over a slow link, on a clock of its own: what the far end executed is
                  compared with what each caller sent and was told; and two to four callers in bursts behind the whole
                  gate, with interrupts and secrets among their acts

  states          real shells in states drawn from a grammar (options, traps, IFS, PATH, functions, limits, …), three
                  commands each, compared with what scripts of the same shells do; as root, with --states

  slow            real shells over 100 ms of delay: states of their own, questions at login, shells in front and what only
                  looks like one, every case with words of its seed; as root, with --slow

  --seeds N       how many sessions of each (default 1000; with --real 20, with --states 2000)
  --from N        the first seed (default 1)
  --device LIST   only these devices: ios, routeros, cases, tools
  --framing LIST  only these framings of the two callers: shell, device
  --real          the two callers in real time, over SSH on loopback
  --states        only the states of real shells
  --slow          only the cases over a slow link, all of them, with words of seed --from
  --only TEXT     of the cases over a slow link those with this in their name
  --trace         print what each of the two callers does and is told
  --faults N      print at most so many faults of each kind of session (default 20)
  --help          print this

Exit code 0: nothing was wrong. 1: at least one fault. 2: a mistake in the arguments.
`;

export interface SeedArguments {
  readonly seeds: number;
  readonly from: number;
  readonly devices: readonly DeviceName[];
  readonly framings: readonly FramingName[];
  readonly real: boolean;
  readonly states: boolean;
  readonly slow: boolean;
  /** Of the cases over a slow link those with this in their name. */
  readonly only: string | undefined;
  readonly trace: boolean;
  /** Most faults printed for each kind of session. */
  readonly faults: number;
}

/** @throws Error whose message says what is wrong with the arguments. */
export function seedArguments(argv: readonly string[]): SeedArguments | "help" {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: "string" },
      from: { type: "string" },
      device: { type: "string" },
      framing: { type: "string" },
      faults: { type: "string" },
      real: { type: "boolean", default: false },
      states: { type: "boolean", default: false },
      slow: { type: "boolean", default: false },
      only: { type: "string" },
      trace: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { real, states, slow, only, trace, help, device, framing } = values;
  if (help) return "help";
  if (real && device !== undefined)
    throw new Error("--real is for the two callers; the devices are always run over real SSH");
  for (const [option, alone] of [
    ["--states", states],
    ["--slow", slow],
  ] as const)
    if (alone && (real || (states && slow) || device !== undefined || framing !== undefined))
      throw new Error(`${option} is run alone`);
  if (slow && values.seeds !== undefined) throw new Error("--slow runs all of its cases; --only chooses");
  if (only !== undefined && !slow) throw new Error("--only is for --slow");
  const all = device === undefined && framing === undefined && !states && !slow;
  return {
    seeds: wholeNumber("--seeds", values.seeds, states ? 2000 : real ? 20 : 1000),
    from: wholeNumber("--from", values.from, 1),
    devices: device === undefined ? (all && !real ? DEVICES : []) : listed("--device", device, DEVICES),
    framings: framing === undefined ? (all ? FRAMINGS : []) : listed("--framing", framing, FRAMINGS),
    real,
    states,
    slow,
    only,
    trace,
    faults: wholeNumber("--faults", values.faults, 20),
  };
}

function wholeNumber(option: string, given: string | undefined, byDefault: number): number {
  if (given === undefined) return byDefault;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new Error(`${option} takes a number from 1 on, not "${given}"`);
}

function listed<T extends string>(option: string, given: string, known: readonly T[]): readonly T[] {
  const names = given.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0)
    throw new Error(`${option} does not know "${unknown.join('", "')}"; there are ${known.join(", ")}`);
  return known.filter((one) => names.includes(one));
}
