/** IPv4 as the router reads it. @returns undefined for anything else. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** `10.0.0.1/24` or `10.0.0.1`, which means /32. */
export function parsePrefix(text: string): { address: number; length: number } | undefined {
  const [host = "", length = "32", more] = text.split("/");
  const address = parseAddress(host);
  if (address === undefined || more !== undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32)
    return undefined;
  return { address, length: Number(length) };
}

/** The lowest address of a prefix. */
export function networkOf({ address, length }: { address: number; length: number }): number {
  const size = 2 ** (32 - length);
  return Math.floor(address / size) * size;
}

export function isWithin(address: number, prefix: { address: number; length: number }): boolean {
  return networkOf({ address, length: prefix.length }) === networkOf(prefix);
}
