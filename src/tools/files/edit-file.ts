import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { applyEdits } from "../../remote/text/edits.ts";
import { encodeText } from "../../remote/text/encoding.ts";
import { styleName, textLines } from "../../remote/text/lines.ts";
import { assertNoPlaceholders } from "../../remote/text/placeholders.ts";
import { onFiles } from "../acts/files.ts";
import { defineTool } from "../tool.ts";
import { changeFile, noSuchFile } from "./change.ts";
import { asRoot, fileParameters } from "./parameters.ts";

const edit = z
  .strictObject({
    old: z.string().optional().describe("Exact text; must match once, or all."),
    regex: z.string().optional().describe("RE2, per line; $1 in new."),
    line: z.int().optional().describe("Line, or first of a range."),
    to: z.int().optional().describe("Its last."),
    after: z.int().optional().describe("Insert behind this line; 0: first, -1: last."),
    new: z.string().optional().describe("Left out: deletes."),
    all: z.boolean().optional(),
  })
  .describe("One of old, regex, line, after.");

export const sshEditFile = defineTool({
  name: "ssh_edit_file",
  title: "Edit a file",
  description:
    "Changes parts of a text file in one step, all edits or none; encoding, line ends, owner and mode stay. " +
    "Every edit sees the file as it was. Shows the difference.",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path,
    edits: z.array(edit).min(1).max(200).describe("What to change."),
    dry_run: z.boolean().optional().describe("Only show the difference."),
    expect: fileParameters.expect,
    validate: fileParameters.validate,
    sudo: fileParameters.sudo,
  }),
  async handler({ edits, dry_run: dryRun, expect, validate, ...params }, context) {
    const change = dryRun === true ? { writes: false } : { content: JSON.stringify(edits) };
    const report = await onFiles(
      context,
      params,
      { op: "edit", path: params.path, ...change, ...asRoot(params) },
      (at) =>
        changeFile(at, {
          op: "edit",
          expect,
          validate,
          dryRun,
          async wanted(_, old) {
            if (old === undefined) throw noSuchFile(at.path);
            if (old.is === "binary")
              throw new SshMcpError("file_failed", `${at.path} is no text (${old.why}), and is not edited`);
            assertNoPlaceholders(
              edits.map(({ new: text = "" }) => text),
              old.text,
            );
            const { text } = await applyEdits(old.text, edits);
            const mixed = textLines(old.text).style === "mixed";
            return {
              content: encodeText(text, old.encoding),
              notes: [
                ...(mixed ? [`${styleName("mixed")}: new lines end as those in whose place they are`] : []),
                ...(old.encoding.name === "8-bit" ? ["no UTF-8: edited as Latin-1, which is a guess"] : []),
              ],
            };
          },
        }),
    );
    return { result: { kind: "file", report } };
  },
});
