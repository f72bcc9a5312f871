import type { Clock } from "../../base/clock.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { DialStep, Trace } from "../../ssh/trace.ts";

type StepName = DialStep["step"];
type StepOf<K extends StepName> = Extract<DialStep, { step: K }>;

/** A step and when it was told, on the clock's scale. */
export type Timed<S extends DialStep = DialStep> = S & { readonly at: number };

/** What was told of one host. */
export class Trail {
  readonly host: ResolvedHost;
  readonly steps: Timed[] = [];
  /** Dials so far; a server that drops connections is dialled again. */
  attempts = 0;

  constructor(host: ResolvedHost) {
    this.host = host;
  }

  all<K extends StepName>(name: K): Timed<StepOf<K>>[] {
    return this.steps.filter((step): step is Timed<StepOf<K>> => step.step === name);
  }

  first<K extends StepName>(name: K): Timed<StepOf<K>> | undefined {
    return this.all(name)[0];
  }
}

/** Writes down what a transport tells of its dials; of each host only the latest dial. */
export class Timeline {
  readonly #clock: Clock;
  readonly #trails = new Map<string, Trail>();
  #heard: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly trace: Trace = (host, step) => {
    const trail = this.of(host);
    if (step.step === "dialling") {
      trail.attempts++;
      trail.steps.length = 0;
    }
    trail.steps.push({ ...step, at: this.#clock.now() });
    this.#heard();
  };

  /** Called behind every step. */
  onStep(heard: () => void): void {
    this.#heard = heard;
  }

  of(host: ResolvedHost): Trail {
    let trail = this.#trails.get(host.name);
    if (trail === undefined) {
      trail = new Trail(host);
      this.#trails.set(host.name, trail);
    }
    return trail;
  }
}
