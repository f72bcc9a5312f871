import type { AuditLog } from "../audit/log.ts";
import type { Action, Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import { mint } from "../base/contract/mint.ts";
import type { Permit } from "../base/contract/permit.ts";
import type { HostDirectory } from "../inventory/host.ts";
import { denyPatterns } from "../policy/deny.ts";
import type { Judge } from "../policy/verdict.ts";
import type { Passage, Step } from "./step.ts";
import { approval } from "./steps/approval.ts";
import { audit } from "./steps/audit.ts";
import { policy } from "./steps/policy.ts";
import { redaction } from "./steps/redaction.ts";

/** The one gate: whatever a caller does passes here, and only what passed holds a permit to act with. */
export interface Access {
  /**
   * Lets `act` run if every step of the gate agrees, with a permit for exactly this action. `target`: undefined where no
   * host is meant.
   *
   * @throws SshMcpError `denied`, `unknown_host`, `inventory_invalid`, `audit_failed`, and whatever `act` throws.
   */
  pass<T>(
    caller: Caller,
    action: Action,
    target: Target | undefined,
    act: (permit: Permit) => Promise<T>,
  ): Promise<T>;
}

export interface AccessParts {
  readonly directory: Pick<HostDirectory, "resolve">;
  readonly audit?: AuditLog;
  /** The rules of the policy; the strictest verdict counts. */
  readonly judges?: readonly Judge[];
}

export function createAccess({ directory, audit: log, judges = [denyPatterns] }: AccessParts): Access {
  return gateOf([redaction(), policy(directory, judges), approval(), audit(log)]);
}

/** A gate of these steps. */
export function gateOf(steps: readonly Step[]): Access {
  return {
    async pass(caller, action, target, act) {
      const passage: Passage = { caller, action, target };
      try {
        for (const step of steps) await step.before?.(passage);
      } catch (error) {
        for (const step of steps) step.refused?.(passage, error);
        throw error;
      }
      const result = await act(mint(caller, action, target?.session)).catch((error: unknown) => {
        for (const step of steps) step.failed?.(passage, error);
        throw error;
      });
      for (const step of steps) await step.done?.(passage, result);
      return result;
    },
  };
}
