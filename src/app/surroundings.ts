import type { Toolset } from "../base/toolsets.ts";
import type { HttpGiven } from "./http-options.ts";

/** The process a command runs in, as `cli.ts` found it. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
}

/** Everything outside the program that decides what it works with. */
export interface Surroundings extends Place {
  /** `--config`: this inventory instead of the one that is searched for. */
  readonly configPath?: string;
  /** `--toolsets`: those that are on beside the core; left out: the environment or the inventory says. */
  readonly toolsets?: readonly Toolset[];
  /** `--daemon`: the sessions are a daemon's; left out: the environment says. */
  readonly daemon?: boolean;
  /** `--lab`: with the embedded hosts. */
  readonly lab: boolean;
  /** `--http`, and what goes with it; left out: the environment may say so. */
  readonly http?: HttpGiven;
  /** `ADDR:PORT` that it serves at, as it was asked for; left out: not over HTTP. */
  readonly serves?: string;
}
