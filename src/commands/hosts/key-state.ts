import type { ResolvedHost } from "../../inventory/host.ts";
import { linesFor } from "../../ssh/host-keys/host-key.ts";
import { readKnownHosts } from "../../ssh/host-keys/known-hosts-file.ts";

type Lines = ReturnType<typeof readKnownHosts>;

/** Reads each set of known_hosts files once. */
export function knownHostsReader(): (files: readonly string[]) => Lines {
  const read = new Map<string, Lines>();
  return (files) => {
    const key = files.join("\n");
    const lines = read.get(key) ?? readKnownHosts(files);
    read.set(key, lines);
    return lines;
  };
}

/** Whether a key of the host is known here: nobody is asked for it. */
export function keyState(host: ResolvedHost, lines: (files: readonly string[]) => Lines): string {
  if (host.source === "lab") return "embedded";
  if (host.hostKey.pinned !== undefined) return "pinned";
  const known = linesFor(host, lines(host.hostKey.files)).some(({ marker }) => marker === "none");
  if (known) return "known";
  return host.hostKey.mode === "accept-new" ? "accept-new" : "unknown";
}
