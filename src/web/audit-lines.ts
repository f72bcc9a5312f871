import { open } from "node:fs/promises";
import { errorCode } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Audited } from "./words.ts";

/** Of the log's end; what is older ssh-mcp audit shows. */
const TAIL_BYTES = 1024 * 1024;
const LISTED = 200;
/** Said by the line itself, or of no use to a reader. */
const SAID: ReadonlySet<string> = new Set([
  "seq",
  "time",
  "event",
  "prev",
  "hash",
  "host",
  "session",
  "room",
]);

export interface Wanted {
  readonly session: string;
  readonly host: string;
  /** Only what these did; left out: all. */
  readonly by?: (caller: string) => boolean;
  /** And what people did in this set of sessions. */
  readonly room?: string;
}

/** The last lines of the log that are about this session, the newest last. */
export async function auditedIn(
  path: string,
  { session, host, by, room }: Wanted,
): Promise<readonly Audited[]> {
  const found: Audited[] = [];
  for (const line of (await tail(path)).split("\n")) {
    const fields = fieldsOf(line);
    if (fields?.get("session") !== session || fields.get("host") !== host) continue;
    const ours = room !== undefined && fields.get("room") === room;
    if (by !== undefined && !ours && !by(String(fields.get("caller")))) continue;
    const rest = [...fields]
      .filter(([name]) => !SAID.has(name))
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    found.push({
      seq: Number(fields.get("seq")),
      time: visibleLine(String(fields.get("time")), 40),
      what: visibleLine(String(fields.get("event")), 40),
      text: visibleLine(rest.join(" "), 600),
    });
    if (found.length > LISTED) found.shift();
  }
  return found;
}

async function tail(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    // Nothing has been written yet.
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  }
}

function fieldsOf(line: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? new Map(Object.entries(entry)) : undefined;
  } catch {
    return undefined;
  }
}
