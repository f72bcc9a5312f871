import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { Surroundings } from "../../app/surroundings.ts";
import { filesOfLog, linesOf } from "../../audit/verify.ts";
import { visibleLine } from "../../base/text.ts";
import { openCast } from "../../recording/reader.ts";
import { configured } from "../audit/verify.ts";
import { print } from "../stdout.ts";
import { duration, fileOf } from "./found.ts";

/** Prints what a recording tells of commands, as a timeline, and what the audit log says of the file. */
export async function showRecording(name: string, around: Surroundings): Promise<number> {
  const path = await fileOf(name, around);
  const cast = await openCast(path);
  const { header } = cast;
  const seq = header.ssh_mcp?.audit_seq;
  print(`${path}\n${visibleLine(header.title ?? "", 200)}, ${header.term.cols}x${header.term.rows}\n`);
  let last = 0;
  for await (const { at, code, text } of cast.events()) {
    last = at;
    if (code === "o") continue;
    const words = code === "r" ? `resized to ${text}` : code === "x" ? `exit status ${text}` : text;
    print(`${duration(at)}  ${visibleLine(words, 400)}\n`);
  }
  print(`${duration(last)}  its end\n`);
  if (cast.torn) print("The last line is torn: the program that wrote it ended suddenly.\n");
  else if (cast.broken > 0) print(`${cast.broken} lines are no events and were left out.\n`);
  if (seq !== undefined) print(`The audit log's line ${seq} says that it was begun.\n`);
  const hash = await digestOf(path);
  const said = await recordedAs(basename(path), around);
  print(`SHA-256 ${hash}: ${verdict(said, hash)}\n`);
  return said !== undefined && said.hash !== hash ? 1 : 0;
}

interface Said {
  readonly seq: number;
  readonly hash: string;
}

function verdict(said: Said | undefined, hash: string): string {
  if (said === undefined) return "the audit log says nothing of its end";
  return said.hash === hash
    ? `the audit log's line ${said.seq} says the same`
    : `CHANGED: the audit log's line ${said.seq} says ${said.hash}`;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/** The digest in the audit log; undefined: there is no log, or no such line in it. */
async function recordedAs(file: string, around: Surroundings): Promise<Said | undefined> {
  let said: Said | undefined;
  try {
    for (const part of await filesOfLog(await configured(around)))
      for await (const line of linesOf(part)) {
        if (!line.includes('"event":"recording"') || !line.includes(file)) continue;
        const {
          seq,
          hash,
          file: named,
        }: { seq?: unknown; hash?: unknown; file?: unknown } = JSON.parse(line);
        if (named === file && typeof seq === "number" && typeof hash === "string") said = { seq, hash };
      }
  } catch {
    // Whether the log is whole is what audit verify says.
  }
  return said;
}
