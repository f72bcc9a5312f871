import { z } from "zod";
import { defineTool } from "../tool.ts";
import { fileParameters } from "./parameters.ts";
import { given, transferParameters, transferred } from "./transfer.ts";

const NAME = "ssh_download";

export const sshDownload = defineTool({
  name: NAME,
  title: "Download from a host",
  description:
    "Copies a file, or a folder's contents, from a host to here; checksum compared. Interrupted, the same call goes on.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path.optional(),
    local: transferParameters.local,
    overwrite: transferParameters.overwrite,
    timeout_s: transferParameters.timeout_s,
    transfer: transferParameters.transfer,
    cancel: transferParameters.cancel,
  }),
  handler(params, context) {
    const { host, session, local, path, overwrite } = params;
    return transferred(context, params, () => ({
      op: "download",
      from: { host, session, path: given(NAME, "path", path) },
      to: given(NAME, "local", local),
      overwrite,
    }));
  },
});
