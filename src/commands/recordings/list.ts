import { join } from "node:path";
import { recordingsFolder } from "../../app/recordings.ts";
import type { Place } from "../../app/surroundings.ts";
import { messageOf } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { recordingsIn } from "../../recording/folder.ts";
import { type Summary, summaryOf } from "../../recording/reader.ts";
import { print } from "../stdout.ts";
import { duration } from "./found.ts";

/** Prints a line for each recording, the oldest first. */
export async function listRecordings(place: Place): Promise<number> {
  const folder = recordingsFolder(place);
  const all = await recordingsIn(folder);
  if (all.length === 0) {
    print(`No recordings in ${folder}. A host with record: true in hosts.yaml is recorded.\n`);
    return 0;
  }
  for (const { file, bytes } of all) {
    const about = await summaryOf(join(folder, file)).then(words, (error: unknown) => messageOf(error));
    print(`${visibleLine(file, 200)}  ${about}  ${sizeOf(bytes)}\n`);
  }
  return 0;
}

function words({ header, ms, commands, closed, torn, broken }: Summary): string {
  const start = header.timestamp === undefined ? "?" : new Date(header.timestamp * 1000).toISOString();
  const own = header.ssh_mcp;
  return [
    visibleLine(own?.host ?? "?", 80),
    start.replace(/\.\d+/, ""),
    duration(ms),
    `${commands} ${commands === 1 ? "command" : "commands"}`,
    ...(closed ? [] : ["without an end"]),
    ...(torn ? ["its last line is torn"] : broken > 0 ? [`${broken} lines are no events`] : []),
  ].join("  ");
}

function sizeOf(bytes: number): string {
  return bytes < 10_240 ? `${bytes} B` : `${Math.round(bytes / 1024)} KiB`;
}
