import type { TerminalSize } from "../../inventory/host.ts";
import type { RecordingSink } from "../../recording/sink.ts";
import type { ChannelEnd, PtyChannel } from "../../ssh/contract.ts";
import type { Screen } from "../../terminal/screen.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { CommandLog } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";
import type { Waits } from "../record/waits.ts";

/** The lasting parts of a session that one channel's life writes to. */
export interface PtySinks {
  readonly transcript: Transcript;
  readonly screen: Screen;
  readonly log: CommandLog;
  readonly waits: Waits;
  /** Left out: nobody asked for one. */
  readonly recording?: RecordingSink | undefined;
}

/** The recording of a shell ends with its channel. */
export function endRecording({ recording }: PtySinks, end: ChannelEnd, state: State): void {
  const detail = state.state === "closed" ? state.detail : "closed";
  const exit = end.reason === "exit" ? end.code : undefined;
  recording?.end({ detail, exit });
}

/** The terminal has another size now, and so has everything that is drawn on it. */
export function resizeAll(
  { channel, sinks }: { readonly channel: PtyChannel; readonly sinks: PtySinks },
  { cols, rows }: TerminalSize,
): void {
  channel.resize(cols, rows);
  sinks.screen.resize(cols, rows);
  sinks.recording?.resize(cols, rows);
}
