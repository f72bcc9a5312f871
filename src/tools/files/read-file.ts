import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { MAX_PATTERN, patternOf } from "../../base/pattern.ts";
import { type PartRead, readPart } from "../../remote/files/read-part.ts";
import { shownName, timeText } from "../../remote/files/shown.ts";
import { encodingOf, hexRows, kindOf, textOf } from "../../remote/files/text-of.ts";
import { grouped } from "../../results/excerpt.ts";
import type { FileReport } from "../../results/file-page.ts";
import { grepLines, unsearchedNotes } from "../../results/grep.ts";
import { onFiles } from "../acts/files.ts";
import { parameters } from "../parameters.ts";
import { defineTool } from "../tool.ts";
import { asRoot, fileParameters } from "./parameters.ts";

export const sshReadFile = defineTool({
  name: "ssh_read_file",
  title: "Read a file",
  description:
    "A file's text over SFTP, whole up to 10 MB, or a part by lines or bytes of one of any size. Binary files are described.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  schema: z.object({
    ...fileParameters.of,
    path: fileParameters.path,
    offset: z.number().int().optional().describe("First line, from 1; negative: from the end."),
    lines: z.number().int().min(1).optional().describe("How many lines."),
    byte_offset: z.number().int().min(0).optional().describe("First byte, from 0, instead of offset."),
    bytes: z.number().int().min(1).max(4_000_000).optional().describe("How many bytes; default 65536."),
    grep: z.string().min(1).max(MAX_PATTERN).optional().describe("RE2 pattern: only lines that match."),
    context: parameters.context,
    sudo: fileParameters.sudo,
    timeout_s: parameters.timeout_s,
    max_tokens: parameters.max_tokens,
  }),
  async handler(params, context) {
    const { offset, lines, byte_offset: byteOffset, bytes, grep } = params;
    if (byteOffset !== undefined && (offset !== undefined || lines !== undefined))
      throw new SshMcpError(
        "invalid_argument",
        "ssh_read_file: byte_offset does not go with offset or lines.",
      );
    if (offset === 0) throw new SshMcpError("invalid_argument", "ssh_read_file: lines are counted from 1.");
    if (params.context !== undefined && grep === undefined)
      throw new SshMcpError("invalid_argument", 'ssh_read_file: "context" belongs to "grep".');
    const pattern = grep === undefined ? undefined : patternOf(grep);
    const from = bytes === undefined || byteOffset !== undefined ? byteOffset : 0;
    const report = await onFiles(
      context,
      params,
      { op: "read", path: params.path, timeout_s: params.timeout_s, ...asRoot(params) },
      async (at) => {
        const part = await readPart(at.files, at.path, { offset, lines, byteOffset: from, bytes }, at.signal);
        const read = { host: at.plan.host.name, path: at.path, part, count: lines };
        const page = from === undefined ? byLines(read, offset) : byBytes(read);
        if (pattern === undefined) return page;
        return matching(page, pattern, params.context ?? 0, await context.hides?.(at.plan.host.name));
      },
    );
    return { result: { kind: "file", report }, maxTokens: params.max_tokens };
  },
});

interface Read {
  readonly host: string;
  readonly path: string;
  readonly part: PartRead;
  readonly count: number | undefined;
}

function byLines({ host, path, part, count }: Read, offset: number | undefined): FileReport {
  const encoding = encodingOf(part.bytes, part.from === 0);
  const about = { host, op: "read", ...commonOf(path, part) } as const;
  if (encoding === "binary") return binary(about, part);
  const text = textOf(part.bytes, encoding);
  const { disguised } = text;
  const fromEnd = offset !== undefined && offset < 0;
  const skipped = fromEnd ? Math.max(0, text.lines.length + offset) : 0;
  const rows = text.lines.slice(skipped, count === undefined ? undefined : skipped + count);
  const first = part.line === undefined ? undefined : part.line + skipped;
  const { total } = part;
  const range =
    rows.length === 0
      ? "lines=0"
      : first === undefined
        ? `last=${rows.length}`
        : `lines=${grouped(first)}-${grouped(first + rows.length - 1)}`;
  const whole = total !== undefined && rows.length === total;
  const counted = whole
    ? `${grouped(total)} ${total === 1 ? "line" : "lines"}`
    : total === undefined
      ? range
      : `${range} of ${grouped(total)}`;
  const nothing =
    rows.length === 0 && total !== undefined && total > 0
      ? [`nothing there: the file ends with line ${grouped(total)}`]
      : [];
  return {
    ...about,
    lines: rows,
    ...(first === undefined ? {} : { first }),
    more: "offset and lines, or grep",
    notes: [...about.notes, ...nothing, ...textNotes(encoding, disguised, text.ends)],
    words: [
      ...about.words,
      counted,
      ...textWords(
        encoding,
        text,
        part.toEnd && (count === undefined || skipped + count >= text.lines.length),
      ),
    ],
  };
}

function byBytes({ host, path, part }: Read): FileReport {
  const { bytes, from, toEnd } = part;
  const encoding = encodingOf(bytes, from === 0);
  const about = { host, op: "read", ...commonOf(path, part) } as const;
  const range = bytes.length === 0 ? "bytes=0" : `bytes=${grouped(from)}-${grouped(from + bytes.length - 1)}`;
  const words = [...about.words, toEnd ? `${range} end` : range];
  if (encoding === "binary") {
    const lines = hexRows(bytes, from, 256);
    return { ...about, lines, words: [...words, "binary"] };
  }
  const text = textOf(bytes, encoding);
  return {
    ...about,
    lines: text.lines,
    more: "byte_offset",
    notes: [...about.notes, ...textNotes(encoding, text.disguised, text.ends)],
    words: [...words, ...textWords(encoding, text, toEnd)],
  };
}

function binary(about: Pick<FileReport, "host" | "op" | "notes" | "words">, part: PartRead): FileReport {
  const kind = kindOf(part.bytes) ?? "no text";
  return {
    ...about,
    lines: hexRows(part.bytes, part.from),
    notes: [
      ...about.notes,
      `a binary file (${kind}): its first bytes are shown; byte_offset shows others, ssh_download fetches it`,
    ],
    words: [...about.words, "binary"],
  };
}

function commonOf(
  path: string,
  { facts, changed, bytes, total }: PartRead,
): Pick<FileReport, "notes" | "words"> {
  const { size, mtime } = facts;
  const odd =
    size === 0 && bytes.length > 0
      ? ["its size is said to be 0, as of files the kernel makes when they are read"]
      : [];
  const known =
    size === undefined || (size === 0 && bytes.length > 0)
      ? total === undefined
        ? undefined
        : bytes.length
      : size;
  return {
    notes: [...(changed === undefined ? [] : [`the file ${changed}`]), ...odd],
    words: [
      `path=${shownName(path)}`,
      known === undefined ? undefined : `size=${grouped(known)}`,
      mtime === undefined ? undefined : `mtime=${timeText(mtime)}`,
    ],
  };
}

function textNotes(encoding: string, disguised: number, ends: string | undefined): string[] {
  return [
    ...(encoding === "latin-1" ? ["no UTF-8: read as latin-1, which is a guess"] : []),
    ...(disguised > 0
      ? [
          `${grouped(disguised)} ${disguised === 1 ? "line holds" : "lines hold"} characters shown by their number, as <U+001B>`,
        ]
      : []),
    ...(ends === "mixed" ? ["some lines end with CRLF (shown as <U+000D>) and some with LF"] : []),
  ];
}

function textWords(
  encoding: string,
  { ends, open }: { readonly ends: string | undefined; readonly open: boolean },
  toEnd: boolean,
): (string | undefined)[] {
  return [
    encoding === "utf-8" ? undefined : `encoding=${encoding.replaceAll(" ", "_")}`,
    ends === "crlf" ? "ends=crlf" : undefined,
    open && toEnd ? "no-newline-at-end" : undefined,
  ];
}

async function matching(
  page: FileReport,
  pattern: Parameters<typeof grepLines>[1],
  around: number,
  hide: Parameters<typeof grepLines>[4],
): Promise<FileReport> {
  const found = await grepLines(page.lines, pattern, around, page.first ?? 1, hide);
  const { first: _, ...rest } = page;
  const [path, ...words] = page.words;
  return {
    ...rest,
    lines: found.lines,
    more: "narrow the pattern",
    notes: [...page.notes, ...unsearchedNotes(found)],
    words: [path, `matches=${found.matches}`, ...words],
  };
}
