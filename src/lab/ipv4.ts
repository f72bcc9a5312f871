/** An address as a number; undefined where it is none. */
export function ipv4(text: string): number | undefined {
  const parts = text.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

/** The mask of so many bits. */
export function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

/** `192.0.2.10/24` as its address and mask. */
export function prefix(text: string): { readonly address: number; readonly mask: number } | undefined {
  const [host = "", bits = "32"] = text.split("/");
  const address = ipv4(host);
  if (address === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  return { address, mask: maskOf(Number(bits)) };
}

/** Whether two addresses are alike in the bits of the mask. */
export function within(address: number, network: number, mask: number): boolean {
  return (address & mask) >>> 0 === (network & mask) >>> 0;
}
