import { BlockList, isIP } from "node:net";
import { matchesWildcards } from "../base/wildcards.ts";
import type { ResolvedHost } from "./host.ts";

/** Which hosts may be opened that nobody has described. `networks`: where their addresses have to be, once they are known. */
export type Adhoc = "any" | { readonly names: readonly string[]; readonly networks: readonly string[] };

/** `true`, or networks and names: `10.0.0.0/8,*.lab.example.org`. Undefined: none. @throws Error, as a sentence. */
export function adhocIn(text: string | undefined): Adhoc | undefined {
  const word = text?.trim().toLowerCase() ?? "";
  if (["", "false", "0", "no", "off"].includes(word)) return undefined;
  if (["true", "1", "yes", "on"].includes(word)) return "any";
  const parts = word.split(",").map((part) => part.trim());
  const networks = parts.filter((part) => /^[0-9.]+(?:\/|$)|:/.test(part));
  const names = parts.filter((part) => !networks.includes(part));
  const wrong = [
    ...networks.filter((one) => !isNetwork(one)),
    ...names.filter((one) => !/^[a-z0-9*?._-]+$/.test(one)),
  ];
  if (wrong.length > 0)
    throw new Error(
      `SSH_MCP_ALLOW_ADHOC: "${wrong[0]}" is neither a network (10.0.0.0/8) nor a name (*.lab.example.org); true allows every host`,
    );
  return { names, networks };
}

/** May a host be opened by this name or address? `within`: only if its address turns out to be in one of these networks. */
export function allowedAdhoc(
  rule: Adhoc | undefined,
  host: string,
): { readonly within?: readonly string[] } | undefined {
  if (rule === undefined) return undefined;
  if (rule === "any" || rule.names.some((name) => matchesWildcards(host.toLowerCase(), name))) return {};
  const { networks } = rule;
  if (networks.length === 0 || (isIP(host) !== 0 && !isWithin(host, networks))) return undefined;
  return { within: networks };
}

/** Nobody here learns the address where another machine, or a program, makes the connection. */
export function addressUnknown({ within, jump, proxyCommand, address }: ResolvedHost): boolean {
  if (within === undefined) return false;
  return proxyCommand !== undefined || (jump.length > 0 && isIP(address) === 0);
}

export function isWithin(address: string, networks: readonly string[]): boolean {
  // An IPv4 address written as one of IPv6 is the IPv4 address.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = "", bits] = network.split("/");
    const kind = isIP(base) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(base, bits === undefined ? (kind === "ipv6" ? 128 : 32) : Number(bits), kind);
  }
  return list.check(plain, family === 6 ? "ipv6" : "ipv4");
}

function isNetwork(text: string): boolean {
  const [base = "", bits, more] = text.split("/");
  const family = isIP(base);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}
