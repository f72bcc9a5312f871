import type { SFTPWrapper } from "ssh2";
import { isRecord } from "./refused.ts";

/** More than all the requests that are ever out ask for. */
export const WIDE_WINDOW = 8 * 1024 * 1024;
/** A channel over which less has come is left as it is; from then on the server is given more before it has to wait. */
const FIRST = 1536 * 1024;

/**
 * Lets a server send what it was asked for without waiting for leave. ssh2 1.17.0 grants 2 MiB, and more only when half of it is
 * used up: at a distance a download then stands still once in a round trip. Where ssh2's inside is not as known, its own way
 * is taken. Memory is bounded by what is asked for.
 */
export function widenWindow(raw: SFTPWrapper): void {
  const [incoming, outgoing, protocol] = [
    Reflect.get(raw, "incoming"),
    Reflect.get(raw, "outgoing"),
    Reflect.get(raw, "_protocol"),
  ];
  const push: unknown = Reflect.get(raw, "push");
  if (!isRecord(incoming) || !isRecord(outgoing) || !isRecord(protocol)) return;
  const adjust = protocol.channelWindowAdjust;
  if (typeof push !== "function" || typeof adjust !== "function") return;
  let from = FIRST;
  Reflect.set(raw, "push", (data: unknown) => {
    const taken: unknown = Reflect.apply(push, raw, [data]);
    const { window } = incoming;
    if (data === null || outgoing.state !== "open" || typeof window !== "number" || window > from)
      return taken;
    from = WIDE_WINDOW - WIDE_WINDOW / 8;
    incoming.window = WIDE_WINDOW;
    Reflect.apply(adjust, protocol, [outgoing.id, WIDE_WINDOW - window]);
    return taken;
  });
}
