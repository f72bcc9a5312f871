import type { Place } from "../../app/surroundings.ts";
import { commandClock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { openCast } from "../../recording/reader.ts";
import { fileOf } from "./found.ts";
import { play } from "./play.ts";

const ENTER = "\u001b[?1049h";
const LEAVE = "\u001b[m\u001b[?1l\u001b[?2004l\u001b[?25h\u001b[?1049l";
/** Ctrl-C, Escape and q end it. */
const ENDS = /[\u0003\u001bq]/;

/** Plays a recording in the terminal of this process. */
export async function playHere(
  name: string,
  how: { readonly speed: number; readonly idleMs: number },
  place: Place,
): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdout.isTTY)
    throw new SshMcpError(
      "invalid_argument",
      "a recording is played in a terminal, and the output is none",
      "ssh-mcp recordings show prints its commands as text.",
    );
  const cast = await openCast(await fileOf(name, place));
  const over = new AbortController();
  const onKey = (keys: Buffer) => {
    if (ENDS.test(keys.toString("latin1"))) over.abort();
  };
  const raw = stdin.isTTY;
  if (raw) stdin.setRawMode(true);
  stdin.on("data", onKey);
  stdout.write(ENTER);
  try {
    await play(cast, {
      ...how,
      clock: commandClock,
      size: { cols: stdout.columns, rows: stdout.rows },
      write: (text) => void stdout.write(text),
      signal: over.signal,
    });
  } finally {
    stdout.write(LEAVE);
    stdin.off("data", onKey);
    if (raw) stdin.setRawMode(false);
    stdin.pause();
  }
  return 0;
}
