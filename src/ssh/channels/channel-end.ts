import { visibleLine } from "../../base/text.ts";
import type { ChannelEnd } from "../contract.ts";

/** What a channel runs on. */
export interface Carrier {
  /** Why the connection is over; undefined while it lives. */
  readonly endedBy: string | undefined;
}

/**
 * How the channel ended (RFC 4254 6.10), from the arguments of its `close`: its `exit` event may come before anybody could
 * listen. Signals stand without their "SIG"; undefined code: the server said nothing, or the link went first.
 */
export function endOf(carrier: Carrier, code?: number | null, signal?: string): ChannelEnd {
  if (typeof code === "number") return { reason: "exit", code };
  if (signal !== undefined) return { reason: "exit", signal: signalName(signal) };
  const lost = carrier.endedBy;
  return lost === undefined ? { reason: "exit" } : { reason: "disconnect", message: lost };
}

/** A signal as RFC 4254 names it; the server may say anything. */
export function signalName(signal: string): string {
  return visibleLine(signal.replace(/^SIG/, ""), 32);
}
