import type { Action } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { tokensIn } from "../../secrets/mask/token.ts";
import type { Step } from "../step.ts";

/**
 * A token that results show in place of a secret is not given back to a host: a line of a masked configuration would set the
 * token itself as the secret.
 */
export function masked(): Step {
  return {
    name: "masked",
    before({ action }) {
      const [token] = textsOf(action).flatMap(tokensIn);
      if (token === undefined) return;
      throw new SshMcpError(
        "invalid_argument",
        `${token} is what results show in place of a secret, and no secret itself; nothing was sent`,
        "Leave that line out: what the host has stays as it is. A new secret is written out.",
      );
    },
  };
}

function textsOf(action: Action): string[] {
  switch (action.verb) {
    case "run":
      return [action.command];
    case "type":
      return [action.shown, ...(action.enters?.lines ?? [])];
    case "exec":
      return [action.subject ?? action.command, action.stdin ?? "", ...Object.values(action.env ?? {})];
    case "open":
      return (action.lines ?? []).map(({ text }) => text);
    default:
      return [];
  }
}
