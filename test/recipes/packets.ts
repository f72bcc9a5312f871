/** Captures of our own making, byte for byte as tcpdump writes them. */
export interface Sent {
  readonly at: number;
  /** `10.0.0.1:5060`, `[2001:db8::1]:5060`. */
  readonly from: string;
  readonly to: string;
  readonly payload: string | Buffer;
  /** Of TCP, where it is that. */
  readonly sequence?: number;
  readonly protocol?: "udp" | "tcp";
  /** Bytes that are kept; left out: all. */
  readonly kept?: number;
}

export const ETHERNET = 1;
export const COOKED = 113;
export const COOKED2 = 276;
export const RAW = 101;

export function pcapOf(packets: readonly Buffer[], link = ETHERNET, times: readonly number[] = []): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(link, 20);
  return Buffer.concat([
    head,
    ...packets.flatMap((packet, index) => {
      const at = times[index] ?? 1000 + index;
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(at), 0);
      record.writeUInt32LE(Math.round((at % 1) * 1e6), 4);
      record.writeUInt32LE(packet.length, 8);
      record.writeUInt32LE(packet.length, 12);
      return [record, packet];
    }),
  ]);
}

export function captureOf(sent: readonly Sent[], link = ETHERNET): Buffer {
  return pcapOf(
    sent.map((one) => framed(ipOf(one), link, one.from.startsWith("["))),
    link,
    sent.map(({ at }) => at),
  );
}

export function framed(ip: Buffer, link: number, v6 = false): Buffer {
  const type = v6 ? [0x86, 0xdd] : [0x08, 0x00];
  switch (link) {
    case ETHERNET:
      return Buffer.concat([Buffer.alloc(12), Buffer.from(type), ip]);
    case COOKED:
      return Buffer.concat([Buffer.alloc(14), Buffer.from(type), ip]);
    case COOKED2:
      return Buffer.concat([Buffer.from(type), Buffer.alloc(18), ip]);
    default:
      return ip;
  }
}

function endOf(text: string): { address: string; port: number } {
  const [, address = "", port = ""] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(text) ?? [];
  return { address, port: Number(port) };
}

export function ipOf({ from, to, payload, protocol = "udp", sequence = 0 }: Sent): Buffer {
  const [a, b, data] = [endOf(from), endOf(to), Buffer.from(payload)];
  const head = Buffer.alloc(protocol === "udp" ? 8 : 20);
  head.writeUInt16BE(a.port, 0);
  head.writeUInt16BE(b.port, 2);
  if (protocol === "udp") head.writeUInt16BE(8 + data.length, 4);
  else {
    head.writeUInt32BE(sequence, 4);
    head.writeUInt8(0x50, 12);
    head.writeUInt8(0x18, 13);
  }
  const inner = Buffer.concat([head, data]);
  return from.startsWith("[")
    ? v6(a.address, b.address, protocol, inner)
    : v4(a.address, b.address, protocol, inner);
}

export function v4(
  from: string,
  to: string,
  protocol: "udp" | "tcp",
  inner: Buffer,
  { id = 0, offset = 0, more = false } = {},
): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt8(0x45, 0);
  head.writeUInt16BE(20 + inner.length, 2);
  head.writeUInt16BE(id, 4);
  head.writeUInt16BE((offset / 8) | (more ? 0x2000 : 0), 6);
  head.writeUInt8(protocol === "udp" ? 17 : 6, 9);
  for (const [index, address] of [from, to].entries())
    for (const [at, part] of address.split(".").entries()) head.writeUInt8(Number(part), 12 + index * 4 + at);
  return Buffer.concat([head, inner]);
}

function v6(from: string, to: string, protocol: "udp" | "tcp", inner: Buffer): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt8(0x60, 0);
  head.writeUInt16BE(inner.length, 4);
  head.writeUInt8(protocol === "udp" ? 17 : 6, 6);
  for (const [index, address] of [from, to].entries()) {
    const [left = "", right = ""] = address.split("::");
    const [front, back] = [left.split(":").filter(Boolean), right.split(":").filter(Boolean)];
    const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => "0"), ...back];
    for (const [at, group] of groups.entries())
      head.writeUInt16BE(Number.parseInt(group, 16), 8 + index * 16 + at * 2);
  }
  return Buffer.concat([head, inner]);
}
