import { SshMcpError } from "../../base/errors.ts";
import { runCommand } from "../../base/run-command.ts";
import { visibleLine } from "../../base/text.ts";
import type { Commands } from "./evaluate.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
/** A host is looked up with each call; the answer holds for a moment. */
const KEEP_MS = 30_000;
/** Commands behind commands, of one host. */
const MAX_ROUNDS = 16;

/** Runs the commands of `Match exec` lines that matter for one host, each once in half a minute. */
export class MatchExec {
  readonly #env: NodeJS.ProcessEnv;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly holds: boolean; readonly until: number }>();

  constructor(env: NodeJS.ProcessEnv, now: () => number = () => performance.now()) {
    this.#env = env;
    this.#now = now;
  }

  /**
   * What `look` finds once every command it asks about has been run. @throws SshMcpError `inventory_invalid` for a command
   * that does not end, and what `look` throws.
   */
  async settle<T>(look: (commands: Commands) => T): Promise<T> {
    const ran = new Map<string, boolean>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const wanted = new Set<string>();
      let found: { readonly value: T } | { readonly error: unknown };
      try {
        found = { value: look({ ran, wanted }) };
      } catch (error) {
        found = { error };
      }
      if (wanted.size === 0) {
        if ("error" in found) throw found.error;
        return found.value;
      }
      for (const command of wanted) ran.set(command, await this.#holds(command));
    }
    throw new SshMcpError(
      "inventory_invalid",
      `More than ${MAX_ROUNDS} Match exec lines hang on one another.`,
    );
  }

  async #holds(command: string): Promise<boolean> {
    const known = this.#known.get(command);
    if (known !== undefined && known.until > this.#now()) return known.holds;
    const bounds = { env: this.#env, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    const end = await runCommand([this.#env.SHELL || "/bin/sh", "-c", command], bounds);
    if (end.failed !== undefined)
      throw new SshMcpError(
        "inventory_invalid",
        `The command of a Match exec line ${end.failed}: ${visibleLine(command, 100)}`,
        "Correct it in the ssh configuration, or set settings.ssh_config: {exec: false} in hosts.yaml.",
      );
    const holds = end.code === 0;
    this.#known.set(command, { holds, until: this.#now() + KEEP_MS });
    return holds;
  }
}
