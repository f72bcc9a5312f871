import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";

/** A person who has the keyboard of a session. */
export interface Holder {
  /** Id of the caller. */
  readonly id: string;
  /** `jo at pts/3`. */
  readonly name: string;
  /** Agents may send the interrupt key. */
  interrupts: boolean;
  /** How a person frees it; left out: with ssh-mcp kick. */
  readonly freed?: string;
}

/** Who types in a session: everybody in turn, or the one person who has taken it over. */
export class Keyboard {
  #holder: Holder | undefined;

  get holder(): Holder | undefined {
    return this.#holder;
  }

  /** @throws SshMcpError `busy` where another person has it. */
  take(holder: Holder): void {
    const { id, name, freed = "ssh-mcp kick takes it from them." } = this.#holder ?? {};
    if (id !== undefined && id !== holder.id)
      throw new SshMcpError("busy", `${visibleLine(name ?? "", 80)} has the keyboard`, freed);
    this.#holder = holder;
  }

  /** False: somebody else has it, or nobody. */
  release(id: string): boolean {
    if (this.#holder?.id !== id) return false;
    this.#holder = undefined;
    return true;
  }

  /** @throws SshMcpError `not_ready` where a person has the keyboard; nothing was typed. */
  assertFree({ caller }: Pick<Permit, "caller">, interrupts = false): void {
    const holder = this.#holder;
    if (holder === undefined || holder.id === caller.id || (interrupts && holder.interrupts)) return;
    const { freed = "A person frees this one with ssh-mcp kick." } = holder;
    throw new SshMcpError(
      "not_ready",
      `a human (${visibleLine(holder.name, 80)}) has the keyboard of this session; nothing was sent`,
      `ssh_read shows what they do, and that they have finished. Wait, or use another session (ssh_connect new: true). ${freed}`,
    );
  }
}
