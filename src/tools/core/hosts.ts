import { z } from "zod";
import { matchesWildcards } from "../../base/wildcards.ts";
import type { HostSummary } from "../../inventory/host.ts";
import { defineTool } from "../tool.ts";

export const sshHosts = defineTool({
  name: "ssh_hosts",
  title: "List hosts",
  description: "Lists the hosts: name, user@address:port, platform, jump hosts, tags.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({
    match: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Part of name, address, platform or description; * and ? for the name."),
    tag: z.string().min(1).optional().describe("Only with this tag."),
    group: z.string().min(1).optional().describe("Only of this group."),
  }),
  async handler({ match, tag, group }, { multiplexer, access, caller }) {
    const { hosts: all, notes } = await access.pass(caller, { verb: "look" }, undefined, () =>
      multiplexer.hosts(),
    );
    const hosts = all.filter(
      (host) =>
        (match === undefined || matches(host, match.toLowerCase())) &&
        (tag === undefined || host.tags.includes(tag)) &&
        (group === undefined || host.groups.includes(group)),
    );
    return { result: { kind: "hosts", hosts, of: all.length, notes } };
  },
});

function matches({ name, target, platform, description = "" }: HostSummary, wanted: string): boolean {
  if (/[*?]/.test(wanted)) return matchesWildcards(name.toLowerCase(), wanted);
  return [name, target, platform, description].some((text) => text.toLowerCase().includes(wanted));
}
