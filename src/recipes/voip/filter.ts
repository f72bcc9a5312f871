import { z } from "zod";

const port = z.number().int().min(1).max(65_535);

export const SIP_PORTS = { plain: 5060, tls: 5061 } as const;

/** Inputs that a capture's filter is made of: numbers, addresses and words of ours, never a text of the caller's. */
export const filtered = {
  port: port.optional().describe("Default 5060 and 5061."),
  protocol: z.enum(["udp", "tcp", "tls"]).optional().describe("Default all; of tls only packets are seen."),
  address: z.union([z.ipv4(), z.ipv6()]).optional().describe("Only from or to this address."),
};

export const range = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, "two ports as in 10000-20000")
  .refine((text) => portsOf(text) !== undefined, "two ports from 1 to 65535, the smaller first");

export interface Filter {
  readonly port?: number | undefined;
  readonly protocol?: "udp" | "tcp" | "tls" | undefined;
  readonly address?: string | undefined;
  /** `10000-20000`, of UDP. */
  readonly ports?: string | undefined;
}

/** A filter of pcap (pcap-filter(7)) for SIP, or for what is named. `sip`: where no port is named, SIP's own. */
export function filterOf({ port: number, protocol, address, ports }: Filter, sip: boolean): string {
  const transport = protocol === "tls" ? "tcp" : protocol;
  const [first, last] = portsOf(ports ?? "") ?? [];
  const own = first === undefined ? sipPorts(number, protocol, sip) : `udp portrange ${first}-${last}`;
  const what =
    own === undefined
      ? transport
      : transport === undefined || first !== undefined
        ? own
        : `${transport} and (${own})`;
  // Of a datagram in pieces the first alone has its ports.
  const whole =
    what === undefined || transport === "tcp"
      ? what
      : `(${what}) or (ip[6:2] & 0x1fff != 0) or (ip6[6] = 44)`;
  const parts = [
    ...(whole === undefined ? [] : [`(${whole})`]),
    ...(address === undefined ? [] : [`host ${address}`]),
  ];
  return parts.join(" and ");
}

function sipPorts(
  number: number | undefined,
  protocol: Filter["protocol"],
  sip: boolean,
): string | undefined {
  if (number !== undefined) return `port ${number}`;
  if (!sip) return undefined;
  if (protocol === "tls") return `port ${SIP_PORTS.tls}`;
  return protocol === undefined
    ? `port ${SIP_PORTS.plain} or tcp port ${SIP_PORTS.tls}`
    : `port ${SIP_PORTS.plain}`;
}

function portsOf(text: string): readonly [number, number] | undefined {
  const [first = 0, last = 0] = text.split("-").map(Number);
  return first >= 1 && first <= last && last <= 65_535 ? [first, last] : undefined;
}
