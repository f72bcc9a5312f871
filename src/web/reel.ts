import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import { type Cast, sizeIn } from "../recording/reader.ts";
import { createScreen } from "../terminal/screen.ts";
import type { Frame, Reel } from "./words.ts";

/** Output that comes within this time is one picture. */
const FRAME_MS = 40;
/** Every so many pictures one is whole, so that the page can begin anywhere. */
const WHOLE_EACH = 200;
/** Of a page that browsers still open well. */
const MOST_CHARS = 64 * 1024 * 1024;

/** A recording as pictures of our own screen: what plays it interprets nothing that a host printed. @throws SshMcpError. */
export async function reelOf(cast: Cast): Promise<Reel> {
  const { term, title } = cast.header;
  const screen = await createScreen(term);
  const frames: Frame[] = [];
  const marks: [number, string][] = [];
  let [size, rows, taken, chars, last] = [
    { cols: term.cols, rows: term.rows },
    [] as readonly string[],
    -1,
    0,
    0,
  ];
  const take = (at: number) => {
    screen.flush();
    const painted = screen.painted();
    const before = frames.at(-1);
    const whole =
      before === undefined ||
      frames.length % WHOLE_EACH === 0 ||
      before.cols !== size.cols ||
      before.rows !== size.rows;
    const changed: [number, string][] = [];
    for (let y = 0; y < size.rows; y++) {
      const [now = "", then = ""] = [painted.rows[y], whole ? "" : rows[y]];
      if (now !== then) changed.push([y, now]);
    }
    rows = painted.rows;
    const { row, col } = painted.cursor;
    chars += changed.reduce((sum, [, text]) => sum + text.length + 8, 40);
    if (chars > MOST_CHARS)
      throw new SshMcpError(
        "invalid_argument",
        "this recording is too long for one page",
        "ssh-mcp recordings play shows it; --format text has all of it.",
      );
    frames.push({ at: Math.round(at), ...size, whole, changed, cursor: [row, col] });
  };
  try {
    for await (const { at, code, text } of cast.events()) {
      // What is drawn already is the picture of the time before.
      if (taken >= 0 && at - taken >= FRAME_MS) {
        take(taken);
        taken = -1;
      }
      last = at;
      const other = code === "r" ? sizeIn(text) : undefined;
      if (code === "m") marks.push([Math.round(at), visibleLine(text, 300)]);
      if (code === "o") screen.write(Buffer.from(text));
      if (other !== undefined) {
        screen.resize(other.cols, other.rows);
        size = other;
      }
      if (code === "o" || other !== undefined) taken = taken < 0 ? at : taken;
    }
    if (taken >= 0) take(taken);
  } finally {
    screen.dispose();
  }
  return { title: visibleLine(title ?? "", 200), ms: Math.round(last), frames, marks };
}
