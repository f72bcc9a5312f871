import { visibleLine } from "../base/text.ts";
import type { Transfer } from "../multiplexer/transfers.ts";
import { shownName } from "../remote/files/shown.ts";
import { grouped, sizeText } from "./excerpt.ts";
import type { FileReport } from "./file-page.ts";
import { secondsWord } from "./status-line.ts";

/** A transfer as it is now, or as it ended. */
export function transferReport(transfer: Transfer): FileReport {
  const { id, op, host, moved, state, arrived } = transfer;
  const { folder, failed, failedCount, leftOut, leftOutCount } = moved;
  const running = state === "running";
  return {
    host: visibleLine(host),
    op,
    state: state === "done" && failedCount + leftOutCount > 0 ? "incomplete" : state,
    lines: [...listed("failed", failed, failedCount), ...listed("left out", leftOut, leftOutCount)],
    notes: notesOf(transfer),
    words: [
      id,
      `from=${shownName(moved.from)}`,
      `to=${shownName(moved.to)}`,
      ...(running || state === "cancelled" ? [arrivedWord(transfer)] : []),
      ...(folder ? [`files=${grouped(moved.files)}`] : []),
      ...(running ? [] : [`size=${grouped(moved.bytes)}`]),
      moved.resumed > 0 ? `resumed=${grouped(moved.resumed)}` : undefined,
      moved.same > 0 ? `same=${grouped(moved.same)}` : undefined,
      failedCount > 0 ? `failed=${grouped(failedCount)}` : undefined,
      leftOutCount > 0 ? `left_out=${grouped(leftOutCount)}` : undefined,
      secondsWord(transfer.durationMs),
      rateWord(arrived - moved.resumed, transfer.durationMs),
      state === "done" ? verifiedWord(transfer) : undefined,
    ],
  };
}

function listed(what: string, some: readonly string[], all: number): string[] {
  const more = all - some.length;
  return [
    ...some.map((one) => `${what}: ${one}`),
    ...(more > 0 ? [`${what}: … and ${grouped(more)} more`] : []),
  ];
}

function arrivedWord({ arrived, moved }: Transfer): string {
  return moved.total === undefined
    ? `arrived=${grouped(arrived)}`
    : `arrived=${grouped(arrived)} of ${grouped(moved.total)}`;
}

function rateWord(bytes: number, ms: number): string | undefined {
  return bytes <= 0 || ms < 1 ? undefined : `${sizeText(Math.round((bytes * 1000) / ms)).replace(" ", "")}/s`;
}

/** `sha256`: every file that was brought. */
function verifiedWord({ moved: { files, verified, same, alike } }: Transfer): string | undefined {
  if (files + same === 0) return undefined;
  if (verified === files && alike === 0) return "verified=sha256";
  return verified === 0 ? "verified=no" : `verified=sha256:${verified} of ${files}`;
}

function notesOf({ id, op, state, moved }: Transfer): string[] {
  const { notes, unverified, same, alike, folder } = moved;
  const shown = notes.slice(0, 10).map((note) => visibleLine(note));
  if (notes.length > 10) shown.push(`… and ${notes.length - 10} more notes`);
  if (same > 0 && !folder) shown.push("the file was there already with the same bytes: nothing was done");
  if (alike > 0)
    shown.push(`${grouped(alike)} files were there already by size and time; their bytes were not compared`);
  if (unverified !== undefined && state === "done") shown.push(`not verified: ${visibleLine(unverified)}`);
  if (state === "running")
    shown.push(`it goes on: ssh_${op}(transfer: "${id}") waits for it, with cancel: true it is ended`);
  if (state === "cancelled") shown.push(`what arrived is kept; the same ssh_${op} again goes on from it`);
  return shown;
}
