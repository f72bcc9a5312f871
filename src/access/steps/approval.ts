import type { Approvals } from "../../approval/approvals.ts";
import { type Order, orderOf } from "../../approval/order.ts";
import type { HostPolicy } from "../../base/contract/policy.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Redact } from "../../secrets/redactor.ts";
import type { Step } from "../step.ts";

/** Acts on the policy's verdict: what a human has to allow waits for one. `approvals` left out: nobody can be asked. */
export function approval(approvals?: Approvals, redact: Redact = (text) => text): Step {
  return {
    name: "approval",
    async before(passage) {
      const { verdict, notes, caller, action, target, policies = [] } = passage;
      if (verdict?.is === "deny") {
        const next = [verdict.wouldPass, ...notes].filter((sentence) => sentence !== undefined).join(" ");
        throw new SshMcpError("denied", said(verdict.why), next === "" ? undefined : next);
      }
      if (verdict?.is !== "ask") return;
      if (approvals === undefined || target === undefined)
        throw new SshMcpError(
          "denied",
          `a human has to approve this (${verdict.why}), and nobody can be asked here; nothing was sent.`,
          "Ask the operator to do it, or to change the policy of this host.",
        );
      const order = redacted(orderOf(caller, action, target, verdict), redact);
      passage.approved = await approvals.ask(caller, order, howStrict(policies));
      notes.push(`a human approved this (${passage.approved.source})`);
    },
  };
}

function said(why: string): string {
  return why.includes("nothing was sent") ? why : `${why}; nothing was sent.`;
}

function howStrict(policies: readonly HostPolicy[]): HostPolicy["approval"] {
  return policies.some((one) => one.approval === "out_of_band") ? "out_of_band" : "any";
}

function redacted(order: Order, redact: Redact): Order {
  return { ...order, text: redact(order.text), reasons: order.reasons.map((reason) => redact(reason)) };
}
