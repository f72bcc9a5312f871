import type { Clock, Disposable } from "../../base/clock.ts";

/** What a script waits for: its framing's word (at most `ms`), time alone, or work of ours. */
export type Wait =
  | { readonly for: "met"; readonly ms: number | undefined }
  | { readonly for: "time"; readonly ms: number }
  | { readonly for: "work"; readonly work: Promise<unknown> };

/**
 * Something done in steps. Between two waits it runs in one go: nothing can arrive between what it saw and what it types.
 */
export type Script<Result = void> = Generator<Wait, Result, "met" | "late">;

/** Waits until the framing says that what the script expects has come; false: not in `ms`. */
export function* met(ms?: number): Script<boolean> {
  return (yield { for: "met", ms }) === "met";
}

export function* pause(ms: number): Script {
  yield { for: "time", ms };
}

/** The value of a promise; what it rejects with is thrown here. */
export function* finished<T>(promise: Promise<T>): Script<T> {
  const box: { value?: { readonly it: T } } = {};
  yield {
    for: "work",
    work: promise.then((it) => {
      box.value = { it };
    }),
  };
  if (box.value === undefined) throw new Error("a script went on before its work was done");
  return box.value.it;
}

/** Runs one script at a time. */
export class ScriptRunner {
  readonly #clock: Clock;
  readonly #within: (step: () => void) => void;
  #script: Script | undefined;
  #over: ((error: unknown) => void) | undefined;
  #timer: Disposable | undefined;
  #waits: Wait | undefined;
  /** The generator is on the stack: it must not be entered again. */
  #inside = false;
  /** What came while it was. */
  #early: "met" | { readonly error: unknown } | undefined;
  readonly #idle: (() => void)[] = [];

  /** `within`: what wakes a script by itself (time, work that is done) goes on inside it. */
  constructor(clock: Clock, within: (step: () => void) => void = (step) => step()) {
    this.#clock = clock;
    this.#within = within;
  }

  get busy(): boolean {
    return this.#script !== undefined;
  }

  /** Resolves when no script runs any more, or `release` is called. */
  async idle(): Promise<void> {
    if (this.busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  release(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** `over` is called once, with what the script threw or `undefined`; not after `stop`. */
  run(script: Script, over: (error: unknown) => void): void {
    this.stop();
    this.#script = script;
    this.#over = over;
    this.#advance(script, () => script.next("met"));
  }

  /** What the script expects has come. */
  met(): void {
    if (this.#inside) this.#early ??= "met";
    else if (this.#waits?.for === "met") this.#resume("met");
  }

  /** Ends the script's wait with an error, whatever it waits for. */
  fail(error: unknown): void {
    const script = this.#script;
    if (!script) return;
    if (this.#inside) this.#early = { error };
    else this.#advance(script, () => script.throw(error));
  }

  /** Ends the script: but for its own `finally` nothing more of it is done. */
  stop(): void {
    this.#timer?.dispose();
    const script = this.#script;
    this.#script = undefined;
    this.#over = undefined;
    this.#waits = undefined;
    this.#early = undefined;
    // What it has to say at its end is said.
    if (!this.#inside) script?.return();
    this.release();
  }

  #resume(how: "met" | "late"): void {
    const script = this.#script;
    if (script) this.#advance(script, () => script.next(how));
  }

  #advance(script: Script, step: () => IteratorResult<Wait, void>): void {
    this.#timer?.dispose();
    this.#waits = undefined;
    this.#early = undefined;
    let result: IteratorResult<Wait, void>;
    this.#inside = true;
    try {
      result = step();
    } catch (error) {
      this.#inside = false;
      this.#end(script, error);
      return;
    }
    this.#inside = false;
    if (this.#script !== script) return;
    if (result.done === true) this.#end(script, undefined);
    else this.#await(script, result.value);
  }

  #await(script: Script, wait: Wait): void {
    const early = this.#early;
    if (typeof early === "object") {
      this.fail(early.error);
      return;
    }
    if (early === "met" && wait.for === "met") {
      this.#resume("met");
      return;
    }
    this.#waits = wait;
    const still = (act: () => void) => () => {
      if (this.#script === script && this.#waits === wait) this.#within(act);
    };
    if (wait.for === "work")
      wait.work.then(
        still(() => this.#resume("met")),
        (error: unknown) => still(() => this.fail(error))(),
      );
    else if (wait.ms !== undefined)
      this.#timer = this.#clock.after(
        wait.ms,
        still(() => this.#resume("late")),
      );
  }

  #end(script: Script, error: unknown): void {
    if (this.#script !== script) return;
    const over = this.#over;
    this.stop();
    over?.(error);
  }
}
