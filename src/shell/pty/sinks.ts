import type { Screen } from "../../terminal/screen.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { CommandLog } from "../record/command-log.ts";
import type { Waits } from "../record/waits.ts";

/** The lasting parts of a session that one channel's life writes to. */
export interface PtySinks {
  readonly transcript: Transcript;
  readonly screen: Screen;
  readonly log: CommandLog;
  readonly waits: Waits;
}
