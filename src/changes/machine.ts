/** What is done next. `end`: nothing any more. */
export type Step =
  | "recheck"
  | "arm"
  | "armed"
  | "apply"
  | "checks"
  | "login"
  | "confirm"
  | "settled"
  | "save"
  | "cancel"
  | "watch"
  | "end";

/** How a step came out. `lost`: its answer did not come, so it may have been done or not. */
export type StepEvent =
  | { readonly is: "ok"; readonly note?: string }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "lost"; readonly why: string }
  /** Only of `recheck`: the device is not as it was planned for. */
  | { readonly is: "changed"; readonly why: string };

/** What is known of something that was typed. */
export type Known = "no" | "perhaps" | "yes";

/** Where a change is. Its next step follows from it and from nothing else. */
export interface ChangeState {
  readonly step: Step;
  readonly armed: Known;
  readonly applied: Known;
  readonly confirmed: Known;
  readonly saved: Known;
  /** Its checks held, a fresh login came through, and what was confirmed was read back. */
  readonly proven: boolean;
  /** Why it did not go as it should, in order. */
  readonly why: readonly string[];
  readonly end?: Claim;
}

/** What is claimed at the end; each but `planned_again` and `not_begun` on what the device shows then. */
export type Claim = "kept" | "undone" | "unknown" | "not_begun" | "planned_again";

/** What a platform has. */
export interface Means {
  /** Something undoes it unless it is confirmed. */
  readonly arms: boolean;
  /** A commit that arms and applies in one. */
  readonly atOnce: boolean;
  readonly cancels: boolean;
  readonly confirms: boolean;
  readonly saves: boolean;
}

/** What the device shows when all is over. */
export interface Evidence {
  /** A login of its own came through. */
  readonly reached: boolean;
  readonly timer: "none" | "runs" | "unknown";
  /** The running configuration: as before the change, as after it, as both, neither, or not read. */
  readonly running: "before" | "after" | "same" | "other" | "unknown";
}

export const FRESH: ChangeState = {
  step: "recheck",
  armed: "no",
  applied: "no",
  confirmed: "no",
  saved: "no",
  proven: false,
  why: [],
};

/** The next state. Pure: whatever it rests on is in its arguments. */
export function next(state: ChangeState, event: StepEvent, means: Means): ChangeState {
  if (event.is !== "ok") return trouble(state, event, means);
  switch (state.step) {
    case "recheck":
      return { ...state, step: means.arms ? "arm" : "apply" };
    case "arm":
      return {
        ...state,
        armed: "yes",
        applied: means.atOnce ? "yes" : "no",
        step: "armed",
      };
    case "armed":
      return { ...state, armed: "yes", step: means.atOnce ? "checks" : "apply" };
    case "apply":
      return { ...state, applied: "yes", step: "checks" };
    case "checks":
      return { ...state, step: "login" };
    case "login":
      return { ...state, step: means.arms && means.confirms ? "confirm" : "settled" };
    case "confirm":
      return { ...state, confirmed: "yes", step: "settled" };
    case "settled":
      return means.saves
        ? { ...state, proven: true, step: "save" }
        : ended({ ...state, proven: true }, "kept");
    case "save":
      return ended({ ...state, saved: "yes" }, "kept");
    case "cancel":
      return { ...state, step: "watch" };
    case "watch":
    case "end":
      return state;
  }
}

function trouble(before: ChangeState, event: Exclude<StepEvent, { is: "ok" }>, means: Means): ChangeState {
  const state = { ...before, why: [...before.why, event.why] };
  const lost = event.is === "lost";
  switch (state.step) {
    case "recheck":
      return ended(state, event.is === "changed" ? "planned_again" : "not_begun");
    case "arm":
      // The device said no: nothing is armed. A commit that failed may be armed all the same (netopeer2#1826).
      if (!lost && !means.atOnce) return { ...state, step: "watch" };
      return rescue({ ...state, armed: "perhaps", applied: means.atOnce ? "perhaps" : "no" }, means);
    case "armed":
      return rescue({ ...state, armed: "perhaps" }, means);
    case "apply":
      return rescue({ ...state, applied: "perhaps" }, means);
    case "checks":
    case "login":
      return rescue(state, means);
    case "confirm":
      return { ...state, confirmed: "perhaps", step: "watch" };
    case "settled":
      return { ...state, step: "watch" };
    case "save":
      return ended({ ...state, saved: lost ? "perhaps" : "no" }, "kept");
    case "cancel":
    case "watch":
      return { ...state, step: "watch" };
    case "end":
      return before;
  }
}

/** What was armed is taken back at once where the platform can, else by its own timer. */
function rescue(state: ChangeState, means: Means): ChangeState {
  return { ...state, step: means.cancels ? "cancel" : "watch" };
}

function ended(state: ChangeState, end: Claim): ChangeState {
  return { ...state, step: "end", end };
}

/** The end of what is watched; undefined: it has to be looked at again. `late`: its time is long over. */
export function claim({ reached, timer, running }: Evidence, late: boolean): Claim | undefined {
  const unsure = late ? "unknown" : undefined;
  if (!reached || timer === "unknown" || running === "unknown") return unsure;
  // As long as a timer runs nothing is decided yet.
  if (timer === "runs") return unsure;
  if (running === "before") return "undone";
  if (running === "after") return "kept";
  return unsure;
}

/** What is known of a timer that was armed, beside what the device shows of it. */
export interface Armed {
  /** Milliseconds since the Unix epoch by which it has undone the change; undefined: nothing does. */
  readonly until: number | undefined;
  /** How long the device may take to be done with that. */
  readonly graceMs: number;
  /** It may still run: it was armed, perhaps, and the confirmation was not answered. */
  readonly mayRun: boolean;
  /** By then what arms it has come to its end on the device; left out: it was answered. */
  readonly armingUntil?: number | undefined;
}

/**
 * A timer that is not shown may run nevertheless, or be at work undoing: until its time is over with that, what is there is
 * not kept. Only the configuration of before shows that it is done.
 */
export function timerOf(
  shown: Evidence["timer"],
  running: Evidence["running"],
  { until, graceMs, mayRun, armingUntil = 0 }: Armed,
  now: number,
): Evidence["timer"] {
  // A commit under way makes the configuration of before another one.
  if (shown === "none" && now < armingUntil) return "unknown";
  if (shown !== "none" || running === "before" || until === undefined || !mayRun) return shown;
  return now < until + graceMs ? "runs" : "none";
}

export function finished(state: ChangeState, end: Claim): ChangeState {
  return ended(state, end);
}

/** Where the change makes no difference that is shown, no configuration proves that it was undone. */
export function runningIs(
  state: string,
  before: string | undefined,
  after: string | undefined,
): Evidence["running"] {
  if (before === after) return state === before ? "same" : "other";
  return state === before ? "before" : state === after ? "after" : "other";
}
