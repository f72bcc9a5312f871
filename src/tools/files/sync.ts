import { z } from "zod";
import { defineTool } from "../tool.ts";
import { given, transferParameters, transferred } from "./transfer.ts";

const NAME = "ssh_sync";

export const sshSync = defineTool({
  name: NAME,
  title: "Copy from host to host",
  description:
    "Copies a file, or a folder's contents, from one host to another through here; nothing is deleted there.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    host: z.string().min(1).optional().describe("Host to copy from."),
    path: z.string().min(1).optional().describe("Path there."),
    to_host: z.string().min(1).optional().describe("Host to copy to."),
    to_path: z.string().min(1).optional().describe("Path there."),
    overwrite: transferParameters.overwrite,
    timeout_s: transferParameters.timeout_s,
    transfer: transferParameters.transfer,
    cancel: transferParameters.cancel,
  }),
  handler(params, context) {
    const { host, path, to_host, to_path, overwrite } = params;
    return transferred(context, params, () => ({
      op: "sync",
      from: { host: given(NAME, "host", host), path: given(NAME, "path", path) },
      to: { host: given(NAME, "to_host", to_host), path: given(NAME, "to_path", to_path) },
      overwrite,
    }));
  },
});
