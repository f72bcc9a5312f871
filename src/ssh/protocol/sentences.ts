import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";

/** `web1 (10.0.0.5:22)`, with the jump hosts it is reached through. */
export function hopName(host: ResolvedHost): string {
  const address = host.address.includes(":") ? `[${host.address}]` : host.address;
  const via = host.jump.map((jump) => jump.name).join(", ");
  const target = `${host.name} (${address}:${host.port})`;
  return visibleLine(via === "" ? target : `${target} through ${via}`);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}
