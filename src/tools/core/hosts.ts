import { z } from "zod";
import type { HostSummary } from "../../inventory/host.ts";
import { finish } from "../../results/reply.ts";
import { defineTool } from "../tool.ts";

export const sshHosts = defineTool({
  name: "ssh_hosts",
  title: "List hosts",
  description:
    "Lists the hosts that can be connected to: name, user@address:port, platform, jump hosts, tags. Never secrets.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({}),
  async handler(_params, { multiplexer, gate }) {
    const { hosts, notes } = await gate.pass({ tool: "ssh_hosts", changes: false }, () =>
      multiplexer.hosts(),
    );
    if (hosts.length > 0) return finish(hosts.map(hostLine), notes);
    return finish(
      ["No hosts are configured: write a hosts.yaml, use ~/.ssh/config, or start the server with --lab."],
      notes,
    );
  },
});

function hostLine(host: HostSummary): string {
  const facts = [
    host.target,
    host.platform,
    host.source === "inventory" ? undefined : `from ${host.source}`,
    host.jump.length === 0 ? undefined : `via ${host.jump.join(" → ")}`,
    host.tags.length === 0 ? undefined : `tags ${host.tags.join(", ")}`,
    host.groups.length === 0 ? undefined : `groups ${host.groups.join(", ")}`,
    host.description,
  ];
  return `${host.name}  ${facts.filter((fact) => fact !== undefined).join(" · ")}`;
}
