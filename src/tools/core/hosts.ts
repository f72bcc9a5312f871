import { z } from "zod";
import { defineTool } from "../tool.ts";

export const sshHosts = defineTool({
  name: "ssh_hosts",
  title: "List hosts",
  description:
    "Lists the hosts that can be connected to: name, user@address:port, platform, jump hosts, tags. Never secrets.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({}),
  async handler(_params, { multiplexer, access, caller }) {
    const list = await access.pass(caller, { verb: "look" }, undefined, () => multiplexer.hosts());
    return { result: { kind: "hosts", ...list } };
  },
});
