import { z } from "zod";
import type { Content } from "../../remote/text/encoding.ts";
import { decodeText, encodeText, encodingName, UTF8 } from "../../remote/text/encoding.ts";
import { styleName, textLines } from "../../remote/text/lines.ts";
import { assertNoPlaceholders } from "../../remote/text/placeholders.ts";
import { onFiles } from "../acts/files.ts";
import { defineTool } from "../tool.ts";
import { changeFile } from "./change.ts";
import { asRoot, fileParameters } from "./parameters.ts";

export const sshWriteFile = defineTool({
  name: "ssh_write_file",
  title: "Write a file",
  description:
    "Makes a file, or replaces its whole content, in one step; owner and mode stay. Shows the difference. " +
    "Known syntax (JSON, YAML, TOML, XML, systemd, nginx, …) is checked first.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path,
    content: z.string().describe("All of it, as UTF-8, exactly."),
    expect: fileParameters.expect,
    parents: z.boolean().optional().describe("Make missing folders."),
    validate: fileParameters.validate,
    sudo: fileParameters.sudo,
  }),
  async handler({ content, parents, expect, validate, ...params }, context) {
    const report = await onFiles(
      context,
      params,
      { op: "write", path: params.path, content, ...asRoot(params) },
      (at) =>
        changeFile(at, {
          op: "write",
          expect,
          parents,
          validate,
          async wanted(_, old) {
            const bytes = encodeText(content, UTF8);
            const text = old?.is === "text" ? old.text : old === undefined ? undefined : "";
            return {
              content: bytes,
              notes: [...assertNoPlaceholders([content], text), ...given(old, bytes)],
            };
          },
        }),
    );
    return { result: { kind: "file", report } };
  },
});

/** What the new content does not keep of the old one, besides the text. */
function given(old: Content | undefined, bytes: Buffer): string[] {
  const now = decodeText(bytes);
  if (old?.is !== "text" || now.is !== "text") return [];
  const [was, is] = [textLines(old.text).style, textLines(now.text).style];
  const [had, has] = [encodingName(old.encoding), encodingName(now.encoding)];
  return [
    ...(had === has ? [] : [`the file was ${had}, and is now ${has}`]),
    ...(was === undefined || is === undefined || was === is
      ? []
      : [`its lines ended with ${styleName(was)}, and end now with ${styleName(is)}`]),
  ];
}
