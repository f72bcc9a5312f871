import { z } from "zod";
import { defineTool } from "../tool.ts";
import { fileParameters } from "./parameters.ts";
import { given, transferParameters, transferred } from "./transfer.ts";

const NAME = "ssh_upload";

export const sshUpload = defineTool({
  name: NAME,
  title: "Upload to a host",
  description:
    "Copies a file, or a folder's contents, from here to a host; checksum compared. Interrupted, the same call goes on.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    local: transferParameters.local,
    path: fileParameters.path.optional(),
    overwrite: transferParameters.overwrite,
    timeout_s: transferParameters.timeout_s,
    transfer: transferParameters.transfer,
    cancel: transferParameters.cancel,
  }),
  handler(params, context) {
    const { host, session, local, path, overwrite } = params;
    return transferred(context, params, () => ({
      op: "upload",
      from: given(NAME, "local", local),
      to: { host, session, path: given(NAME, "path", path) },
      overwrite,
    }));
  },
});
