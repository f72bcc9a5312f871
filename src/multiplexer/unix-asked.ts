import type { Clock } from "../base/clock.ts";
import { holds, type Permit } from "../base/contract/permit.ts";
import type { SshMcpError } from "../base/errors.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { Exec } from "../ssh/contract.ts";
import { admission, takesNone } from "./exec-refusal.ts";
import type { MultiplexerOptions } from "./options.ts";
import type { ExecPlan } from "./types.ts";
import { askForUnix, UNIX_QUESTION } from "./unix-proof.ts";

const LOST_TWICE = "its connection ended both times when what takes exec requests there was asked what it is";

/** What hosts of unknown platform came to when they were asked, before a first command was sent. */
export class UnixAsked {
  readonly #answered = new Map<string, "unix" | SshMcpError>();
  /** Those whose connection ended when they were asked. */
  readonly #lostAt = new Set<string>();
  readonly #clock: Clock;
  readonly #catalog: Catalog | undefined;
  readonly #told: Pick<MultiplexerOptions, "onQuestion" | "refuses">;

  constructor(
    clock: Clock,
    catalog: Catalog | undefined,
    told: Pick<MultiplexerOptions, "onQuestion" | "refuses">,
  ) {
    this.#clock = clock;
    this.#catalog = catalog;
    this.#told = told;
  }

  /**
   * A host of unknown platform is no device's command line: a session on it has shown a Unix shell, or one answers here.
   * What answered as none is not asked again. True: it was asked now.
   */
  async assertNoDevice(
    { host, unix }: ExecPlan,
    exec: Exec,
    { name, permit, ...bounds }: { name: string; permit: Permit; timeoutMs: number; signal: AbortSignal },
  ): Promise<boolean> {
    const admit = await admission(host, this.#catalog);
    if (admit === undefined || unix === true) return false;
    const end = `${host.user}@${host.address}:${host.port}`;
    const known = this.#answered.get(end);
    if (known === "unix") return false;
    if (known !== undefined) throw known;
    const denied = this.#told.refuses?.(UNIX_QUESTION, host);
    if (denied !== undefined)
      throw takesNone(
        host,
        `what it is cannot be asked, ${denied}, and no session on it has shown a Unix shell`,
      );
    const bytes = Buffer.from(UNIX_QUESTION);
    const reason = { as: "setup" } as const;
    if (!holds(permit, bytes, reason)) throw new Error("no permit holds this question");
    this.#told.onQuestion?.({ permit, bytes, reason }, { name, host: host.name });
    const answer = await askForUnix(exec, host, { ...bounds, admit, clock: this.#clock });
    if (answer.is === "unix") {
      this.#answered.set(end, "unix");
      return true;
    }
    const { why, stands } = answer;
    if (stands) this.#answered.set(end, why);
    if (why.code === "connect_failed") {
      // Some devices end the connection, and every session on it, at an exec request.
      if (this.#lostAt.has(end)) this.#answered.set(end, takesNone(host, LOST_TWICE));
      this.#lostAt.add(end);
    }
    throw why;
  }
}
