import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { defineTool } from "../tool.ts";

export const sshIdentity = defineTool({
  name: "ssh_identity",
  title: "Public key of this server",
  description: "The authorized_keys line of this server's own key; it is made where there is none.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({}),
  async handler(_params, { access, caller, identity, clock, notes = [] }) {
    if (identity === undefined) throw new SshMcpError("unsupported", "this server has no key of its own");
    const began = clock.now();
    const { line, fingerprint, path, made } = await access.pass(
      caller,
      { verb: "look" },
      undefined,
      () => identity(),
      { notes },
    );
    return {
      result: {
        kind: "recipe",
        report: {
          host: "here",
          name: "identity",
          facts: { line, fingerprint, path },
          lines: [line],
          words: [fingerprint],
          notes: [
            ...(made ? [`it was made just now: ${path}`] : []),
            "a host lets it in where its account's ~/.ssh/authorized_keys has this line; it is offered where the inventory says auth: {method: identity}",
          ],
          durationMs: clock.now() - began,
        },
      },
    };
  },
});
