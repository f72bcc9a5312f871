import { messageOf } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Catalog } from "../../devices/catalog.ts";
import { detect } from "../../devices/detect.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { finished } from "../pty/script.ts";
import { deviceOf, GENERIC } from "./platform.ts";
import type { Detect } from "./prepare.ts";

/** Finds a host's profile by what it shows, with at most one harmless command. */
export function detector(host: ResolvedHost, catalog: Catalog): Detect {
  return function* find(seen, ask) {
    // A file with a mistake must not keep the host from being found, nor go unsaid.
    const opened = yield* finished(Promise.allSettled(catalog.ids().map((id) => catalog.device(id))));
    const devices = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const broken = opened.flatMap((one) => (one.status === "rejected" ? [messageOf(one.reason)] : []));
    let verdict = detect(seen, devices);
    if ("ask" in verdict) {
      const { ask: command } = verdict;
      verdict = detect({ ...seen, output: { command, rows: yield* ask(command) } }, devices);
    }
    // A second question is never asked.
    const { id, reason } =
      "ask" in verdict ? { id: undefined, reason: "its platform could not be identified" } : verdict;
    const device = yield* finished(deviceOf(host, id ?? GENERIC, catalog));
    const without = broken.length === 0 ? "" : `; left out: ${visibleLine(broken.join("; "), 300)}`;
    return { device, reason: `platform ${device.id}: ${visibleLine(reason, 300)}${without}` };
  };
}
