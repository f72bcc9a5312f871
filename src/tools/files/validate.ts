import { z } from "zod";
import { visibleLine } from "../../base/text.ts";
import { contentOf } from "../../remote/files/present.ts";
import { shownName } from "../../remote/files/shown.ts";
import { decodeText } from "../../remote/text/encoding.ts";
import { KIND_NAMES, KINDS, numberedLines } from "../../remote/validate/kinds.ts";
import { type Verdict, validate } from "../../remote/validate/validate.ts";
import type { FileReport } from "../../results/file-page.ts";
import { onFiles } from "../acts/files.ts";
import { defineTool } from "../tool.ts";
import { fileParameters } from "./parameters.ts";

export const sshValidate = defineTool({
  name: "ssh_validate",
  title: "Check a file's syntax",
  description:
    "Checks a file's syntax by its type, with line and column of the first faults. What it means is not checked. " +
    "A type that is not known is not guessed.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path,
    type: z.enum(KINDS).optional().describe("Default: by name, then content."),
  }),
  async handler({ type, ...params }, context) {
    const report = await onFiles(context, params, { op: "validate", path: params.path }, async (at) => {
      const content = decodeText(await contentOf(at.files, at.path, at.signal));
      const about = { host: at.plan.host.name, path: at.path };
      if (content.is === "binary")
        return reported(about, { is: "unchecked", why: `it is no text (${content.why})` }, "", false);
      const verdict = await validate(at.path, content.text, type);
      return reported(about, verdict, content.text, content.encoding.bom);
    });
    return { result: { kind: "file", report } };
  },
});

/** Characters of a faulty line that are shown. */
const SHOWN_CHARS = 160;

function reported(
  { host, path }: { readonly host: string; readonly path: string },
  verdict: Verdict,
  text: string,
  bom: boolean,
): FileReport {
  const about = { host, op: "validate", words: [`path=${shownName(path)}`] } as const;
  if (verdict.is === "unchecked")
    return { ...about, state: "unchecked", lines: [], notes: [`not validated: ${verdict.why}`] };
  const { kind, by } = verdict;
  const notes = [
    ...(by === "content" ? [`${KIND_NAMES[kind]} only as it looks: its name does not say so`] : []),
    ...(bom ? ["a byte order mark comes first, which some readers refuse"] : []),
  ];
  const words = [...about.words, `type=${kind}`];
  if (verdict.is === "valid") return { ...about, state: "valid", lines: [], notes, words };
  const rows = numberedLines(text);
  return {
    ...about,
    state: "invalid",
    lines: verdict.faults.flatMap(({ line, column, message }) => [
      `${line}:${column}: ${visibleLine(message, 200)}`,
      `    ${visibleLine(rows[line - 1]?.row ?? "", SHOWN_CHARS)}`,
    ]),
    notes,
    words: [...words, verdict.more ? `faults=${verdict.faults.length}+` : `faults=${verdict.faults.length}`],
  };
}
