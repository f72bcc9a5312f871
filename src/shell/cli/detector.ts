import type { Catalog } from "../../devices/catalog.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { deviceOf, GENERIC } from "./platform.ts";
import type { Detect } from "./prepare.ts";

/** Finds a host's profile by what it shows. */
export function detector(host: ResolvedHost, catalog: Catalog): Detect {
  return async (_seen, _ask) => ({
    device: await deviceOf(host, GENERIC, catalog),
    reason: "no profile fits its prompt; the prompt was learned",
  });
}
