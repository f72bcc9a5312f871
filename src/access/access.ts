import type { Approvals } from "../approval/approvals.ts";
import type { AuditLog } from "../audit/log.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import type { Action, Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import { mint } from "../base/contract/mint.ts";
import type { Permit } from "../base/contract/permit.ts";
import { denyPatterns } from "../policy/deny.ts";
import type { Guard } from "../policy/guard.ts";
import { ALLOW, type Judge, type Verdict } from "../policy/verdict.ts";
import type { Redact } from "../secrets/redactor.ts";
import { type Arrival, Arrivals, type InterruptPlace, type Place } from "./arrivals.ts";
import type { Passage, Step } from "./step.ts";
import { answer } from "./steps/answer.ts";
import { approval } from "./steps/approval.ts";
import { audit } from "./steps/audit.ts";
import { breadth } from "./steps/breadth.ts";
import { masked } from "./steps/masked.ts";
import { pace } from "./steps/pace.ts";
import { judged, type PolicyDirectory, policy } from "./steps/policy.ts";
import { redaction } from "./steps/redaction.ts";

/** The one gate: whatever a caller does passes here, and only what passed holds a permit to act with. */
export interface Access {
  /**
   * Takes the act's place in the order of arrival on its session. To be called before anything else is waited for; the
   * place is left (`leave`) whatever becomes of the act. @throws SshMcpError `busy` when too many wait.
   */
  arrive(arrival: Arrival): Place;
  /** The place of an interrupt: it waits for nobody, and what came before it and is not typed yet is withdrawn. */
  interrupt(arrival: Arrival): InterruptPlace;
  /**
   * Lets `act` run if every step of the gate agrees, with a permit for exactly this action. `target`: undefined where no
   * host is meant. `place`: where its turn has come, for what is typed. What the caller has to know of the decision is added
   * to its `notes`.
   *
   * @throws SshMcpError `denied`, `unknown_host`, `inventory_invalid`, `audit_failed`, `not_ready` where it was withdrawn,
   * and whatever `act` throws.
   */
  pass<T>(
    caller: Caller,
    action: Action,
    target: Target | undefined,
    act: (permit: Permit) => Promise<T>,
    place?: Place | Pick<Place, "notes">,
  ): Promise<T>;
  /** What the policy says of an action; nothing is done, asked or recorded. @throws SshMcpError as `pass` before the act. */
  check(action: Action, target: Target): Promise<Verdict>;
}

export interface AccessParts {
  readonly directory: PolicyDirectory;
  readonly audit?: AuditLog;
  /** The rules of the policy; the strictest verdict counts. */
  readonly judges?: readonly Judge[];
  /** Reads what an action does; left out: the judges alone decide. */
  readonly guard?: Guard;
  /** Asks people; left out: what has to be approved is refused. */
  readonly approvals?: Approvals;
  /** Takes the secrets in use out of what a person is shown. */
  readonly redact?: Redact;
  readonly clock?: Clock;
  /** Count the acts and the hosts, where several gates count them together. */
  readonly limits?: readonly Step[];
}

export function createAccess(parts: AccessParts): Access {
  const { directory, audit: log, judges = [denyPatterns], clock = systemClock, guard } = parts;
  const underWay = new Set<number>();
  const rules = { directory, judges, clock, guard, isUnderWay: (id: number) => underWay.has(id) };
  const steps = [
    masked(),
    answer(),
    redaction(),
    policy(rules),
    ...(parts.limits ?? [pace(clock), breadth(clock)]),
    approval(parts.approvals, parts.redact),
    audit(log),
  ];
  return gateOf(steps, {
    underWay,
    check: async (action, target) => (await judged(rules, action, target)).verdict,
  });
}

interface GateParts {
  /** Ids of the permits whose act is carried out now. */
  readonly underWay?: Set<number>;
  readonly check?: Access["check"];
}

/** A gate of these steps. */
export function gateOf(
  steps: readonly Step[],
  { underWay = new Set(), check = async () => ALLOW }: GateParts = {},
): Access {
  const tell = (how: "refused" | "failed", passage: Passage, error: unknown) => {
    for (const step of steps) {
      try {
        step[how]?.(passage, error);
      } catch {
        // Whoever takes note of an error must not put another in its place.
      }
    }
  };
  const arrivals = new Arrivals(({ caller, session, draft }, error) =>
    tell("refused", { caller, action: draft, target: undefined, session, notes: [] }, error),
  );
  return {
    check,
    arrive: (arrival) => arrivals.arrive(arrival),
    interrupt: (arrival) => arrivals.interrupt(arrival),
    async pass(caller, action, target, act, at) {
      const passage: Passage = { caller, action, target, notes: at?.notes ?? [] };
      const place = at !== undefined && "turn" in at ? at : undefined;
      try {
        for (const step of steps) {
          const done = step.before?.(passage);
          if (done !== undefined) await (place === undefined ? done : place.unlessWithdrawn(done));
        }
      } catch (error) {
        if (!place?.isWithdrawn(error)) tell("refused", passage, error);
        throw error;
      }
      const permit = mint(caller, action, target?.session, place);
      underWay.add(permit.id);
      const result = await act(permit)
        .catch((error: unknown) => {
          tell("failed", passage, error);
          throw error;
        })
        .finally(() => underWay.delete(permit.id));
      for (const step of steps) await step.done?.(passage, result);
      return result;
    },
  };
}
