import type { Surroundings } from "../../../app/surroundings.ts";
import type { Prompts } from "./prompts.ts";

/** What the editor does beside editing; each prints by itself and resolves to an exit code. */
export interface Deeds {
  /** Connects for real and explains how that goes. */
  test(name: string): Promise<number>;
  /** Shows the key that the host presents, and records it where `agree` says so. */
  trust(name: string, agree: () => Promise<boolean>): Promise<number>;
  show(name: string): Promise<number>;
  /** Hands the terminal over to a shell on the host, where there is a terminal for that. */
  readonly shell?: (name: string) => Promise<number>;
}

/** What every step of the editor works with. */
export interface Editor {
  readonly around: Surroundings;
  readonly prompts: Prompts;
  readonly deeds: Deeds;
  /** Hosts that were tested since the editor was opened, and how that ended. */
  readonly tested: Map<string, string>;
}
