import { pick, seeded } from "../seeds/random.ts";
import type { CallerName, CallOptions, Calls, Told } from "./calls.ts";

/** One act of a caller at a moment, with a token of its own in everything it types. */
export interface Act {
  readonly at: number;
  readonly caller: CallerName;
  readonly token: string;
  readonly what:
    | { readonly kind: "run"; readonly command: string; readonly mode?: string }
    | { readonly kind: "text"; readonly text: string; readonly enter: boolean }
    | { readonly kind: "keys"; readonly text: string; readonly enter: boolean }
    | { readonly kind: "interrupt" }
    | { readonly kind: "read" }
    | { readonly kind: "resize"; readonly cols: number; readonly rows: number };
  readonly timeoutMs: number;
  readonly cancelMs?: number;
}

/** What a seed makes of a session: its link, its prompt, and what both callers do. */
export interface Plan {
  readonly seed: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly promptMs: number;
  readonly acts: readonly Act[];
  /** For the jitter; goes on where the plan ended. */
  readonly random: () => number;
}

/** What an act came to. */
export interface Done {
  readonly act: Act;
  readonly told: Told;
}

const ACTS = 14;
/** Most acts come close behind the one before: that is where calls meet. */
const PAUSES_MS = [0, 5, 20, 60, 60, 150, 150, 300, 700, 1500] as const;
const TIMEOUTS_MS = [50, 200, 500, 1500, 4000, 4000] as const;

/** The plan of a seed. `modes`: the far end is a device, whose commands may ask for a mode. */
export function planOf(seed: number, { modes }: { readonly modes: boolean }): Plan {
  const random = seeded(seed);
  const below = (bound: number) => Math.floor(random() * bound);
  const delayMs = below(151);
  const jitterMs = below(41);
  const promptMs = pick(random, [0, 0, 30, 120, 250]);
  const acts: Act[] = [];
  let at = 0;
  for (let number = 1; number <= ACTS; number++) {
    at += pick(random, PAUSES_MS);
    const caller = pick<CallerName>(random, ["a", "b"]);
    const token = `${caller}-${String(number).padStart(3, "0")}`;
    const cancelled = random() < 0.1 ? { cancelMs: below(600) } : {};
    const timeoutMs = pick(random, TIMEOUTS_MS);
    acts.push({ at, caller, token, what: whatOf(random, token, modes), timeoutMs, ...cancelled });
  }
  return { seed, delayMs, jitterMs, promptMs, acts, random };
}

function whatOf(random: () => number, token: string, modes: boolean): Act["what"] {
  const kind = pick<Act["what"]["kind"]>(random, [
    "run",
    "run",
    "run",
    "run",
    "text",
    "text",
    "keys",
    "interrupt",
    "read",
    "resize",
  ]);
  const enter = random() < 0.5;
  switch (kind) {
    case "run": {
      const mode = modes && random() < 0.2 ? { mode: pick(random, ["exec", "enable", "config"]) } : {};
      return { kind, command: commandOf(random, token), ...mode };
    }
    case "text":
      return { kind, text: `say ${token} `, enter };
    case "keys":
      return { kind, text: `key ${token} `, enter };
    case "interrupt":
    case "read":
      return { kind };
    case "resize":
      return { kind, cols: 80 + Math.floor(random() * 60), rows: 24 + Math.floor(random() * 20) };
  }
}

function commandOf(random: () => number, token: string): string {
  return pick(random, [
    `mark ${token} whole`,
    `mark ${token} whole`,
    `mark ${token} a longer line that ends with ${token}`,
    `late ${Math.floor(random() * 800)} ${token}`,
    `slow ${token}`,
    `confirm ${token}`,
  ]);
}

/** Does an act; the caller is told what came of it. */
export function play(calls: Calls, act: Act): Promise<Told> {
  const { caller, what, timeoutMs, cancelMs } = act;
  const call: CallOptions = { timeoutMs, ...(cancelMs === undefined ? {} : { cancelMs }) };
  switch (what.kind) {
    case "run":
      return calls.run(caller, what.command, {
        ...call,
        ...(what.mode === undefined ? {} : { mode: what.mode }),
      });
    case "text":
      return calls.text(caller, what.text, { ...call, enter: what.enter });
    case "keys":
      return calls.keys(caller, `${what.text}${what.enter ? "<Enter>" : ""}`, call);
    case "interrupt":
      return calls.keys(caller, "<C-c>", call);
    case "read":
      return calls.read(caller, call);
    case "resize":
      return calls.resize(caller, what.cols, what.rows);
  }
}
