import type { Approvals } from "../../approval/approvals.ts";
import type { Found } from "../../approval/grant.ts";
import { type Order, orderOf } from "../../approval/order.ts";
import type { Action, ContentDigest, Target } from "../../base/contract/action.ts";
import type { HostPolicy } from "../../base/contract/policy.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Redact } from "../../secrets/redactor.ts";
import type { Step } from "../step.ts";

/** Acts on the policy's verdict: what a human has to allow waits for one. `approvals` left out: nobody can be asked. */
export function approval(approvals?: Approvals, redact: Redact = (text) => text): Step {
  return {
    name: "approval",
    async before(passage) {
      const { verdict, notes, caller, action, target, place, policies = [] } = passage;
      if (verdict?.is === "deny") {
        const next = [verdict.wouldPass, ...notes].filter((sentence) => sentence !== undefined).join(" ");
        throw new SshMcpError("denied", said(verdict.why), next === "" ? undefined : next);
      }
      if (verdict?.is !== "ask") return;
      if (caller.confirms === true && passage.mayConfirm === true) {
        passage.approved = { source: "confirm_dangerous, the agent's own word" };
        notes.push(
          "no human was asked: confirm_dangerous counts here, as the operator allows (agent_may_confirm)",
        );
        return;
      }
      if (approvals === undefined || target === undefined)
        throw new SshMcpError(
          "denied",
          `a human has to approve this (${verdict.why}), and nobody can be asked here; nothing was sent.`,
          "Ask the operator to do it, or to change the policy of this host.",
        );
      const content = action.verb === "file" ? await action.digest?.() : undefined;
      if (caller.confirms === true) notes.push(NOT_ENOUGH);
      const whole = orderOf(caller, action, target, verdict, content);
      const order = redacted(whole, redact);
      // By what it says, secrets and all: a grant is given for what a person saw.
      const granted = place === undefined ? undefined : await approvals.granted(whole, place);
      const approved = granted ?? (await approvals.ask(caller, order, howStrict(policies)));
      assertAsAsked(target);
      if (content !== undefined) await assertContent(action, content);
      passage.approved = approved;
      notes.push(`a human approved this (${passage.approved.source})`);
    },
  };
}

const NOT_ENOUGH =
  "confirm_dangerous is not enough here: a human has to approve this one (it cannot be undone, or the operator asks for one)";

/** Nothing happened in the session while a person was asked: what was approved was approved for where it was. */
function assertAsAsked({ session, terminal }: Target): void {
  const now = terminal?.facts?.();
  if (session === undefined || now === undefined) return;
  const same = BOUND.every((fact) => session[fact] === now[fact]);
  if (same && (session.state !== "asking" || session.row === now.row)) return;
  throw new SshMcpError(
    "not_ready",
    `session ${session.name} went on while a human was asked, so the approval is for what is not there any more; nothing was sent`,
    "Look at the session (ssh_read screen:true); if it is still wanted, give it again: a human is asked again.",
  );
}

const BOUND = ["life", "state", "command", "given", "mode", "level"] as const;

async function assertContent(action: Action, before: ContentDigest): Promise<void> {
  const now = action.verb === "file" ? await action.digest?.() : undefined;
  if (now?.sha256 === before.sha256) return;
  throw new SshMcpError(
    "not_ready",
    "what is to be sent changed while a human was asked; nothing was sent",
    "Give it again: a human is asked about what is there now.",
  );
}

function said(why: string): string {
  return why.includes("nothing was sent") ? why : `${why}; nothing was sent.`;
}

function howStrict(policies: readonly HostPolicy[]): HostPolicy["approval"] {
  return policies.some((one) => one.approval === "out_of_band") ? "out_of_band" : "any";
}

function redacted(order: Order, redact: Redact): Order {
  const { text, reasons, wayOut, findings } = order;
  return {
    ...order,
    text: redact(text),
    reasons: reasons.map((reason) => redact(reason)),
    ...(wayOut === undefined ? {} : { wayOut: redact(wayOut) }),
    ...(findings === undefined ? {} : { findings: findings.map((one) => withoutSecrets(one, redact)) }),
  };
}

function withoutSecrets({ risk, meaning, why, via }: Found, redact: Redact): Found {
  const ways = via?.map((words) => redact(words));
  return { risk, meaning: redact(meaning), why: redact(why), ...(ways === undefined ? {} : { via: ways }) };
}
