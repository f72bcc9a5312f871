import { renderText } from "../../terminal/clean.ts";
import type { Screen } from "../../terminal/screen.ts";
import type { Transcript } from "../../terminal/transcript.ts";

/** What a device has drawn: the screen as it is, and every byte that led there. */
export interface Drawn {
  readonly screen: Screen;
  readonly transcript: Transcript;
}

/** Bytes rendered at most. */
const LONGEST = 16 * 1024;

/** Rows printed since `cursor`, the oldest left out where they are many. */
export async function rowsSince({ screen, transcript }: Drawn, cursor: number): Promise<readonly string[]> {
  const from = Math.max(cursor, transcript.end - LONGEST);
  const { lines } = await renderText(transcript.read(from, transcript.end).bytes, screen.view().size);
  return lines;
}
