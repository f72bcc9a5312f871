import type { Segment } from "./pcap.ts";
import { STATIC } from "./sdp.ts";
import { nameOf } from "./sip.ts";

/** One direction of media (RFC 3550). */
export interface Stream {
  readonly from: string;
  readonly to: string;
  /** As hex. */
  readonly ssrc: string;
  readonly payloadType: number;
  readonly codec?: string;
  readonly packets: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly seconds: number;
  /** Milliseconds, where the clock of its payload type is known. */
  readonly jitterMs?: number;
}

const MOST_STREAMS = 200;
/** Fewer may be anything that begins alike. */
const LEAST_PACKETS = 3;

interface Open {
  readonly from: string;
  readonly to: string;
  readonly ssrc: string;
  readonly payloadType: number;
  readonly first: number;
  readonly firstAt: number;
  highest: number;
  lastAt: number;
  packets: number;
  outOfOrder: number;
  transit: number | undefined;
  jitter: number;
}

/** Streams by sender, receiver, source and payload type; what only looks like one for a packet or two is none. */
export function streamsIn(segments: readonly Segment[]): Stream[] {
  const open = new Map<string, Open>();
  for (const { at, protocol, payload, from, to } of segments) {
    if (protocol !== "udp" || payload.length < 12 || payload.readUInt8(0) >> 6 !== 2) continue;
    const second = payload.readUInt8(1);
    // Those are RTCP's (RFC 5761 4).
    if (second >= 192 && second <= 223) continue;
    const [payloadType, sequence, stamp] = [second & 0x7f, payload.readUInt16BE(2), payload.readUInt32BE(4)];
    const ssrc = payload.readUInt32BE(8).toString(16).padStart(8, "0");
    const key = `${nameOf(from)} ${nameOf(to)} ${ssrc} ${payloadType}`;
    const known = open.get(key);
    const rate = STATIC[payloadType]?.[1];
    const transit = rate === undefined ? undefined : at * rate - stamp;
    if (known === undefined) {
      if (open.size >= MOST_STREAMS) continue;
      open.set(key, {
        ...{ from: nameOf(from), to: nameOf(to), ssrc, payloadType, first: sequence, firstAt: at, transit },
        ...{ highest: sequence, lastAt: at, packets: 1, outOfOrder: 0, jitter: 0 },
      });
      continue;
    }
    known.packets++;
    known.lastAt = at;
    // The number goes round at 65,536.
    const step = ((sequence - (known.highest & 0xffff) + 0x18000) % 0x10000) - 0x8000;
    if (step > 0) known.highest += step;
    else known.outOfOrder++;
    if (transit !== undefined && known.transit !== undefined)
      known.jitter += (Math.abs(transit - known.transit) - known.jitter) / 16;
    known.transit = transit;
  }
  return [...open.values()].filter(({ packets }) => packets >= LEAST_PACKETS).map(streamOf);
}

function streamOf({ first, firstAt, highest, lastAt, packets, outOfOrder, jitter, ...ends }: Open): Stream {
  const clock = STATIC[ends.payloadType];
  return {
    from: ends.from,
    to: ends.to,
    ssrc: ends.ssrc,
    payloadType: ends.payloadType,
    ...(clock === undefined ? {} : { codec: `${clock[0]}/${clock[1]}` }),
    packets,
    lost: Math.max(0, highest - first + 1 - packets),
    outOfOrder,
    seconds: Math.round((lastAt - firstAt) * 100) / 100,
    ...(clock === undefined ? {} : { jitterMs: Math.round((jitter / clock[1]) * 100_000) / 100 }),
  };
}
