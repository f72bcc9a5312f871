import { KeptOutput } from "../remote/kept-output.ts";
import type { ExecRecord } from "./types.ts";

/** What several commands on one host came to, as the record of one: rows in the place of an output. */
export function endedRecord(
  { id, host, command, durationMs }: Pick<ExecRecord, "id" | "host" | "command" | "durationMs">,
  rows: readonly string[],
  missing: number,
): ExecRecord {
  const stdout = new KeptOutput().hashed();
  const stderr = new KeptOutput().hashed();
  stdout.push(Buffer.from(rows.map((row) => `${row}\n`).join("")));
  return {
    id,
    host,
    command,
    durationMs,
    stdout,
    stderr,
    end: { is: "facts", missing },
    ended: Promise.resolve(),
  };
}
