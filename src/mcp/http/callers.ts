import { SshMcpError } from "../../base/errors.ts";
import type { Desk } from "../../desk/contract.ts";
import type { Identity, Realms } from "../../desk/realms.ts";

/** A desk that a caller enters anew with each call: what its token may do is asked each time. */
export function deskOf(realms: Realms, who: () => Identity): Desk {
  return {
    async definitions() {
      const entered = realms.enter(who());
      try {
        return await entered.desk.definitions();
      } finally {
        entered.leave();
      }
    },
    async call(caller, tool, args) {
      try {
        const entered = realms.enter(who());
        try {
          return await entered.desk.call(caller, tool, args);
        } finally {
          entered.leave();
        }
      } catch (error) {
        if (!(error instanceof SshMcpError)) throw error;
        return { result: { kind: "error", error }, text: error.toText() };
      }
    },
  };
}

/** Under which name this caller is known. @throws SshMcpError `limit_reached`. */
export function callerIdOf(realms: Realms, who: Identity): string {
  const entered = realms.enter(who);
  entered.leave();
  return entered.callerId;
}
