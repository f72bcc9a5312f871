import {
  createIosConfig,
  createIosTerminal,
  type IosBehaviour,
  type IosConfig,
} from "../../src/lab/catalyst/ios.ts";
import type { LabTerminal } from "../../src/lab/terminal.ts";
import { FakeClock } from "../fake-clock.ts";

export const SECRET = "s3cret";

export interface ConsoleOptions {
  readonly config?: IosConfig;
  readonly hostname?: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly behaviour?: IosBehaviour;
  readonly random?: () => number;
}

/** A person at the switch's terminal, with time in hand. */
export class SwitchConsole {
  readonly clock = new FakeClock();
  readonly config: IosConfig;
  readonly terminal: LabTerminal;
  hungUp = false;
  #all = "";
  #read = 0;

  constructor(options: ConsoleOptions = {}) {
    const { hostname, cols = 80, rows = 24, behaviour, random = () => 0.5 } = options;
    this.config =
      options.config ??
      createIosConfig({ enableSecret: SECRET, ...(hostname === undefined ? {} : { hostname }) });
    this.terminal = createIosTerminal({
      config: this.config,
      cols,
      rows,
      output: (bytes) => {
        this.#all += bytes.toString("latin1");
      },
      hangUp: () => {
        this.hungUp = true;
      },
      clock: this.clock,
      random,
      ...(behaviour === undefined ? {} : { behaviour }),
    });
  }

  get all(): string {
    return this.#all;
  }

  /** What came since the last call. */
  said(): string {
    const text = this.#all.slice(this.#read);
    this.#read = this.#all.length;
    return text;
  }

  /** Types; what came since. */
  type(text: string): string {
    this.said();
    this.terminal.input(Buffer.from(text, "utf8"));
    return this.said();
  }

  /** Types a line; what came after its Enter. */
  run(line: string): string {
    this.type(line);
    return this.type("\r").replace(/^\r\n/, "");
  }

  enable(): this {
    this.run("enable");
    this.run(SECRET);
    return this;
  }
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
