import type { Clock, Disposable } from "../../base/clock.ts";
import { visibleLine } from "../../base/text.ts";
import { Painter } from "../../daemon/painter.ts";
import { type Cast, sizeIn } from "../../recording/reader.ts";
import { createScreen } from "../../terminal/screen.ts";
import { duration } from "./found.ts";

export interface Playing {
  /** Times faster than it was. */
  readonly speed: number;
  /** Longer pauses are cut to this, in milliseconds. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly size: { readonly cols: number; readonly rows: number };
  write(text: string): void;
  /** Ends the playing early. */
  readonly signal: AbortSignal;
}

/** Draws a recording: what a person is sent are pictures of our own screen, and no control sequence of the host's. */
export async function play(
  cast: Cast,
  { speed, idleMs, clock, size, write, signal }: Playing,
): Promise<void> {
  const screen = await createScreen(cast.header.term);
  const painter = new Painter(size);
  let mark = visibleLine(cast.header.title ?? "", 200);
  let last = 0;
  try {
    for await (const { at, code, text } of cast.events()) {
      const ms = Math.min(at - last, idleMs) / speed;
      last = at;
      if (ms > 0) await pause(ms, clock, signal);
      if (signal.aborted) return;
      if (code === "o") screen.write(Buffer.from(text));
      else if (code === "m") mark = visibleLine(text, 200);
      const other = code === "r" ? sizeIn(text) : undefined;
      if (other !== undefined) screen.resize(other.cols, other.rows);
      screen.flush();
      write(painter.paint(screen.painted(), ` ${duration(at)}  ${mark}`));
    }
  } finally {
    screen.dispose();
  }
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: Disposable | undefined;
    const done = () => {
      timer?.dispose();
      signal.removeEventListener("abort", done);
      resolve();
    };
    timer = clock.after(ms, done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
