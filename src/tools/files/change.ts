import { SshMcpError } from "../../base/errors.ts";
import { visible } from "../../base/text.ts";
import { assertExpected } from "../../remote/files/expected.ts";
import { oneAtATime } from "../../remote/files/one-at-a-time.ts";
import { type Present, presentFile, sha256 } from "../../remote/files/present.ts";
import { replaceFile, type Written } from "../../remote/files/replace.ts";
import { shownName, timeText } from "../../remote/files/shown.ts";
import { textDiff } from "../../remote/text/diff.ts";
import { type Content, decodeText } from "../../remote/text/encoding.ts";
import { grouped } from "../../results/excerpt.ts";
import type { FileReport } from "../../results/file-page.ts";
import type { FilesAt } from "../acts/files.ts";
import { judged } from "./judged.ts";

/** The content that a file is to have. */
export interface Wanted {
  readonly content: Buffer;
  readonly notes: readonly string[];
}

export interface FileChange {
  readonly op: "write" | "edit";
  readonly expect?: string | undefined;
  readonly parents?: boolean | undefined;
  /** Default: yes. */
  readonly validate?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** @throws SshMcpError where it cannot be made of what is there. */
  wanted(before: Present, old: Content | undefined): Promise<Wanted>;
}

/** Looks, makes the new content, checks it, replaces the file, and reports what differs. @throws SshMcpError. */
export function changeFile(at: FilesAt, change: FileChange): Promise<FileReport> {
  return oneAtATime(`${at.plan.facts.address} ${at.path}`, () => changed(at, change));
}

async function changed({ files, path, plan, signal }: FilesAt, change: FileChange): Promise<FileReport> {
  const { op, expect, parents, validate, dryRun = false } = change;
  signal.throwIfAborted();
  const before = await presentFile(files, path, signal);
  if (expect !== undefined) assertExpected(expect, before, path);
  const old = before.file === undefined ? undefined : decodeText(before.file.content);
  const { content, notes } = await change.wanted(before, old);
  const now = decodeText(content);
  const about = { host: plan.host.name, op } as const;
  const shown = shownName(path);
  if (before.file?.content.equals(content) === true)
    return {
      ...about,
      state: "unchanged",
      lines: [],
      notes,
      words: [`path=${shown}`, ...factWords(content, before.file.facts.mtime)],
    };
  const syntax = await judged(before.path, { op, old, now, refuse: validate !== false });
  const { lines, counts, why } = await difference(old, now);
  const said = [...notes, ...syntax.notes, ...why];
  if (dryRun)
    return {
      ...about,
      state: "dry_run",
      lines,
      notes: said,
      words: [`path=${shown}`, counts, syntax.word],
    };
  const written = await replaceFile(files, { before, content, parents, signal });
  return {
    ...about,
    ...(written.how === "created" ? { state: "created" } : {}),
    lines: written.how === "created" ? [] : lines,
    more: "ssh_read_file shows the file",
    notes: [...said, ...notesOf(before, written)],
    words: [`path=${shown}`, counts, syntax.word, ...factWords(content, written.facts.mtime)],
  };
}

/** What the next call can name as the state it knows. */
function factWords(content: Buffer, mtime: number | undefined): (string | undefined)[] {
  return [
    `size=${grouped(content.length)}`,
    mtime === undefined ? undefined : `mtime=${timeText(mtime)}`,
    `sha256=${sha256(content).slice(0, 12)}`,
  ];
}

async function difference(old: Content | undefined, now: Content) {
  if (old?.is === "binary" || now.is === "binary")
    return { lines: [], counts: undefined, why: ["no difference is shown: one of the two is binary"] };
  const { lines, added, removed, shortest } = await textDiff(old?.text ?? "", now.text);
  const why =
    old !== undefined && !shortest
      ? ["so much differs that all between the first and the last difference is shown as replaced"]
      : [];
  return { lines: lines.map(visible), counts: `+${grouped(added)} -${grouped(removed)}`, why };
}

function notesOf({ path, link }: Present, { how, why, made, notes }: Written): string[] {
  return [
    ...(link === undefined ? [] : [`${shownName(link)} is a link to ${shownName(path)}, which was written`]),
    ...(how === "in_place" ? [`written in place, not replaced in one step: ${why}`] : []),
    ...(made.length === 0 ? [] : [`folders made: ${made.map(shownName).join(", ")}`]),
    ...notes,
  ];
}

export function noSuchFile(path: string): SshMcpError {
  return new SshMcpError("no_such_file", `there is no ${shownName(path)}`, "ssh_write_file makes it.");
}
