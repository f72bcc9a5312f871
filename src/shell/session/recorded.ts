import type { ResolvedHost, TerminalSize } from "../../inventory/host.ts";
import type { RecordingSink } from "../../recording/sink.ts";
import type { CommandLog } from "../record/command-log.ts";
import type { SessionEvents } from "../record/events.ts";
import type { SessionOptions } from "./options.ts";

/** The shell that is being attached. */
interface Shell {
  readonly name: string;
  readonly host: ResolvedHost;
  readonly size: TerminalSize;
  readonly log: CommandLog;
  readonly events: SessionEvents;
}

/** Its recording, where its host is recorded. */
export async function recordingOf(
  { record }: SessionOptions,
  { name, host, size, log, events }: Shell,
): Promise<{ readonly recording?: RecordingSink | undefined }> {
  if (host.records !== true || record === undefined) return {};
  const recording = await record({
    name,
    host: host.name,
    term: host.terminal.term,
    cols: size.cols,
    rows: size.rows,
    masks: host.masksSecrets === true,
    log,
    note: (text) => events.add(text),
  });
  return { recording };
}
