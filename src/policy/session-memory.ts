import type { SessionFacts } from "../base/contract/action.ts";
import type { CliState } from "./cli/judge.ts";
import type { PosixState } from "./posix/judge.ts";

/** Sessions whose past is remembered; of one that is forgotten, the shell is judged as at its login. */
const MOST = 1_000;

/** What earlier texts of a session left behind, and what reads there now. */
export type Remembered =
  | { readonly kind: "posix"; readonly state: PosixState }
  | { readonly kind: "cli"; readonly state: CliState };

/** What each session was given so far comes to, by the life of its shell. */
export class SessionMemory {
  readonly #known = new Map<string, { readonly life: number | undefined; readonly what: Remembered }>();

  of({ name, life }: SessionFacts): Remembered | undefined {
    const known = this.#known.get(name);
    return known === undefined || known.life !== life ? undefined : known.what;
  }

  keep({ name, life }: SessionFacts, what: Remembered): void {
    this.#known.delete(name);
    this.#known.set(name, { life, what });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  forget(name: string): void {
    this.#known.delete(name);
  }
}
