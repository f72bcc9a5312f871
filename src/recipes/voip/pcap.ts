/** Reading captures as tcpdump writes them: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html */

/** One packet of IP with ports. */
export interface Segment {
  /** Seconds of the epoch. */
  readonly at: number;
  readonly protocol: "udp" | "tcp";
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Buffer;
  /** Of TCP. */
  readonly sequence?: number;
  readonly opens?: boolean;
  /** Bytes that the capture left out of it. */
  readonly missing: number;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Capture {
  readonly segments: readonly Segment[];
  readonly packets: number;
  /** The file ends within a packet. */
  readonly cut: boolean;
  /** Packets of something else: no IP, no UDP or TCP, or more than are kept. */
  readonly others: number;
  /** Why nothing was read. */
  readonly fault?: string;
}

/** A budget, whatever the capture holds. */
const MOST_PACKETS = 100_000;
const MOST_FRAGMENTED = 200;

export function captureIn(bytes: Buffer): Capture {
  const none = { segments: [], packets: 0, others: 0 };
  if (bytes.length === 0) return { ...none, cut: false };
  const order = bytes.length < 24 ? undefined : orderOf(bytes);
  if (order === undefined) return { ...none, cut: false, fault: "it is no capture of tcpdump's" };
  const { u32, fraction } = order;
  const link = u32(20) & 0xffff;
  const fragments = new Fragments();
  const segments: Segment[] = [];
  let packets = 0;
  let at = 24;
  for (; at + 16 <= bytes.length; packets++) {
    const [seconds, parts, kept, whole] = [u32(at), u32(at + 4), u32(at + 8), u32(at + 12)];
    if (at + 16 + kept > bytes.length) break;
    const data = bytes.subarray(at + 16, at + 16 + kept);
    at += 16 + kept;
    if (segments.length >= MOST_PACKETS) continue;
    const packet = ipIn(data, link);
    const found =
      packet && segmentIn(packet, seconds + parts / fraction, Math.max(0, whole - kept), fragments);
    if (found !== undefined) segments.push(found);
  }
  return { segments, packets, cut: at < bytes.length, others: packets - segments.length };
}

function orderOf(bytes: Buffer) {
  const little = (at: number) => bytes.readUInt32LE(at);
  const big = (at: number) => bytes.readUInt32BE(at);
  for (const u32 of [little, big]) {
    if (u32(0) === 0xa1b2c3d4) return { u32, fraction: 1e6 };
    if (u32(0) === 0xa1b23c4d) return { u32, fraction: 1e9 };
  }
  return undefined;
}

/** https://www.tcpdump.org/linktypes.html */
function ipIn(data: Buffer, link: number): Buffer | undefined {
  switch (link) {
    case 1:
      return behindEther(data, 12);
    case 113:
      return behindEther(data, 14);
    case 276:
      return data.length < 20 || !isIp(data.readUInt16BE(0)) ? undefined : data.subarray(20);
    case 0:
    case 108:
      return data.subarray(4);
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return data;
    default:
      return undefined;
  }
}

const isIp = (type: number) => type === 0x0800 || type === 0x86dd;

/** Tags of VLANs are behind the addresses, each four bytes. */
function behindEther(data: Buffer, at: number): Buffer | undefined {
  for (let place = at; place + 2 <= data.length && place <= at + 8; place += 4) {
    const type = data.readUInt16BE(place);
    if (isIp(type)) return data.subarray(place + 2);
    if (type !== 0x8100 && type !== 0x88a8) return undefined;
  }
  return undefined;
}

interface Datagram {
  readonly protocol: number;
  readonly from: string;
  readonly to: string;
  readonly payload: Buffer;
}

function segmentIn(ip: Buffer, at: number, missing: number, fragments: Fragments): Segment | undefined {
  const datagram = ip[0] !== undefined && ip[0] >> 4 === 6 ? v6(ip, fragments) : v4(ip, fragments);
  if (datagram === undefined) return undefined;
  const { protocol, payload, from, to } = datagram;
  if (payload.length < 8 || (protocol !== 17 && protocol !== 6)) return undefined;
  const ends = {
    at,
    missing,
    from: { address: from, port: payload.readUInt16BE(0) },
    to: { address: to, port: payload.readUInt16BE(2) },
  };
  if (protocol === 17) {
    const length = Math.max(8, payload.readUInt16BE(4));
    return { ...ends, protocol: "udp", payload: payload.subarray(8, length) };
  }
  if (payload.length < 20) return undefined;
  const header = (payload.readUInt8(12) >> 4) * 4;
  const opens = (payload.readUInt8(13) & 0x02) !== 0;
  return {
    ...ends,
    protocol: "tcp",
    sequence: payload.readUInt32BE(4),
    opens,
    payload: payload.subarray(header),
  };
}

/** RFC 791 */
function v4(ip: Buffer, fragments: Fragments): Datagram | undefined {
  if (ip.length < 20 || ip.readUInt8(0) >> 4 !== 4) return undefined;
  const header = (ip.readUInt8(0) & 0x0f) * 4;
  // Packets that the kernel has still to part have no length of their own.
  const total = ip.readUInt16BE(2) || ip.length;
  const flags = ip.readUInt16BE(6);
  const [protocol, from, to] = [
    ip.readUInt8(9),
    [...ip.subarray(12, 16)].join("."),
    [...ip.subarray(16, 20)].join("."),
  ];
  const payload = ip.subarray(header, total);
  const [offset, more] = [(flags & 0x1fff) * 8, (flags & 0x2000) !== 0];
  if (offset === 0 && !more) return { protocol, from, to, payload };
  const whole = fragments.add(`${from} ${to} ${protocol} ${ip.readUInt16BE(4)}`, offset, more, payload);
  return whole === undefined ? undefined : { protocol, from, to, payload: whole };
}

/** RFC 8200; only what may stand before UDP and TCP. */
function v6(ip: Buffer, fragments: Fragments): Datagram | undefined {
  if (ip.length < 40) return undefined;
  const [from, to] = [addressOf(ip.subarray(8, 24)), addressOf(ip.subarray(24, 40))];
  let next = ip.readUInt8(6);
  let at = 40;
  const end = ip.readUInt16BE(4) === 0 ? ip.length : 40 + ip.readUInt16BE(4);
  while (at + 8 <= ip.length) {
    if (next === 44) {
      const [inner, flags] = [ip.readUInt8(at), ip.readUInt16BE(at + 2)];
      const payload = ip.subarray(at + 8, end);
      const key = `${from} ${to} ${inner} ${ip.readUInt32BE(at + 4)}`;
      const whole = fragments.add(key, flags & 0xfff8, (flags & 1) !== 0, payload);
      return whole === undefined ? undefined : { protocol: inner, from, to, payload: whole };
    }
    if (next !== 0 && next !== 43 && next !== 60) break;
    next = ip.readUInt8(at);
    at += (ip.readUInt8(at + 1) + 1) * 8;
  }
  return { protocol: next, from, to, payload: ip.subarray(at, end) };
}

function addressOf(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return groups.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
}

/** Datagrams in pieces, the oldest given up. */
class Fragments {
  readonly #open = new Map<string, { pieces: Map<number, Buffer>; end?: number }>();

  /** The whole, where this was its last piece. */
  add(key: string, offset: number, more: boolean, payload: Buffer): Buffer | undefined {
    const found = this.#open.get(key) ?? { pieces: new Map<number, Buffer>() };
    found.pieces.set(offset, payload);
    if (!more) found.end = offset + payload.length;
    this.#open.set(key, found);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_FRAGMENTED && oldest !== undefined) this.#open.delete(oldest);
    if (found.end === undefined || found.pieces.size > 64) return undefined;
    const parts: Buffer[] = [];
    for (let at = 0; at < found.end; ) {
      const part = found.pieces.get(at);
      if (part === undefined || part.length === 0) return undefined;
      parts.push(part);
      at += part.length;
    }
    this.#open.delete(key);
    return Buffer.concat(parts);
  }
}
