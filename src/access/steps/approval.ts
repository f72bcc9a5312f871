import { SshMcpError } from "../../base/errors.ts";
import type { Step } from "../step.ts";

/** Acts on the policy's verdict. There is nobody to ask yet, so what a human would have to allow is refused. */
export function approval(): Step {
  return {
    name: "approval",
    before({ verdict, notes }) {
      if (verdict?.is === "deny") {
        const next = [verdict.wouldPass, ...notes].filter((sentence) => sentence !== undefined).join(" ");
        throw new SshMcpError("denied", verdict.why, next === "" ? undefined : next);
      }
      if (verdict?.is === "ask")
        throw new SshMcpError(
          "denied",
          `a human has to approve this (${verdict.why}), and nobody can be asked here; nothing was sent.`,
          "Ask the operator to do it, or to change the policy of this host.",
        );
    },
  };
}
