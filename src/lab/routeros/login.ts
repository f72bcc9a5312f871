import type { Clock } from "../../base/clock.ts";
import { type Activity, Entry, Question } from "./activity.ts";
import { BOTTOM } from "./ansi.ts";
import { banner, helpRows } from "./banner.ts";
import type { RouterOsBehaviour } from "./behaviour.ts";
import type { RouterOsConfig } from "./config.ts";
import type { Key } from "./keys.ts";
import { sensibleSize } from "./login-name.ts";
import type { Surface } from "./painter.ts";
import { type Measured, Probe } from "./probe.ts";

/** Longest wait for a terminal that does not answer; about what was measured on 7.23. */
const PROBE_TIMEOUT_MS = 10_000;

export interface LoginOptions {
  readonly config: RouterOsConfig;
  readonly surface: Surface;
  readonly behaviour: RouterOsBehaviour;
  readonly clock: Clock;
  readonly detection: boolean;
  write(text: string): void;
  /** A key typed before anything asked for it. */
  ahead(key: Key): void;
  /** @param returns carriage returns before the first prompt */
  done(returns: number): void;
}

/** From the first byte to the first prompt: banner, licence, terminal detection, new password. */
export class Login implements Activity {
  readonly #options: LoginOptions;
  #step: Activity | undefined;
  #probe: Probe | undefined;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  start(): void {
    const { config, surface, behaviour, write } = this.#options;
    write(banner(config, surface));
    if (behaviour.license !== true) {
      this.#detect();
      return;
    }
    write("Do you want to see the software license? [Y/n]: ");
    this.#step = new Question((char) => {
      write(`${char}\r\n`);
      if (char.toLowerCase() !== "n")
        write("\r\n(The text of the licence is not part of this simulation.)\r\n");
      this.#detect();
    });
  }

  key(key: Key): void {
    if (key.kind === "position") this.#probe?.answer(key.row, key.col);
    else if (this.#step !== undefined) this.#step.key(key);
    else if (key.kind !== "identity") this.#options.ahead(key);
  }

  dispose(): void {
    this.#step?.dispose();
    this.#probe?.dispose();
  }

  #detect(): void {
    const { config, surface, behaviour, clock, detection, write } = this.#options;
    this.#step = undefined;
    write(helpRows(config, surface));
    if (!detection || surface.dumb) {
      this.#askPassword();
      return;
    }
    this.#probe = new Probe({
      send: write,
      clock,
      timeoutMs: behaviour.probeTimeoutMs ?? PROBE_TIMEOUT_MS,
      done: (measured) => {
        this.#probe = undefined;
        this.#believe(measured);
        this.#askPassword();
      },
    });
  }

  #believe({ width, height }: Measured): void {
    const { surface } = this.#options;
    if (width !== undefined) surface.width = sensibleSize(width, 20);
    if (height !== undefined) surface.height = sensibleSize(height, 4);
  }

  /** Captured from 7.23: the question stands there twice, Ctrl-C leaves the password as it is. */
  #askPassword(): void {
    const { behaviour, surface, write, done } = this.#options;
    if (behaviour.passwordChange !== true) {
      write("\r\n\r\n");
      done(3);
      return;
    }
    write(`\r\n\r\n\r\nChange your password (Ctrl-C to skip)\r\n\r\r\r${surface.dumb ? "" : BOTTOM}`);
    this.#enterPassword();
  }

  #enterPassword(): void {
    const { done } = this.#options;
    this.#enter("new password> ", (first) => {
      if (first === undefined) done(4);
      else this.#enter("repeat new password> ", (second) => this.#compare(first, second));
    });
  }

  #compare(first: string, second: string | undefined): void {
    const { write, done } = this.#options;
    if (second === undefined || (first === second && first !== "")) {
      if (second !== undefined) write("\r\nPassword changed\r\n");
      done(4);
      return;
    }
    const reason = first === "" ? "Password is empty" : "Passwords do not match";
    write(`Try again, error: ${reason}\r\n`);
    this.#enterPassword();
  }

  #enter(label: string, done: (value: string | undefined) => void): void {
    const { write } = this.#options;
    write(`${label}\r${label}`);
    this.#step = new Entry({ write, secret: true, done });
  }
}
