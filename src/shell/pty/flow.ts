import type { Disposable } from "../../base/clock.ts";
import type { RecordingSink } from "../../recording/sink.ts";
import type { PtyChannel } from "../../ssh/contract.ts";
import type { Screen } from "../../terminal/screen.ts";
import type { Transcript } from "../../terminal/transcript.ts";
import type { PtySinks } from "./sinks.ts";

/** Undrawn bytes at which the channel is paused until the screen has caught up. */
const PAUSE_AT = 1024 * 1024;

/** What a soft reset is to a player: out of the full screen, DECSTR, no mouse. */
const SOFT_RESET = Buffer.from("\u001b[?1049l\u001b[!p\u001b[?1000;1004;1006l", "latin1");

type FlowSinks = Pick<PtySinks, "transcript" | "screen" | "recording">;

/** What is shown goes to transcript, screen and recording, in one order; the channel waits when the screen cannot follow. */
export class Flow implements Disposable {
  readonly #channel: PtyChannel;
  readonly #transcript: Transcript;
  readonly #screen: Screen;
  readonly #recording: RecordingSink | undefined;
  readonly #drained: Disposable;
  #paused = false;

  constructor(channel: PtyChannel, { transcript, screen, recording }: FlowSinks) {
    this.#channel = channel;
    this.#transcript = transcript;
    this.#screen = screen;
    this.#recording = recording;
    this.#drained = screen.onDrained(() => this.#resume());
  }

  /** Bytes from the host. */
  show(bytes: Buffer): void {
    this.#transcript.append(bytes);
    this.#draw(bytes);
    if (this.#paused || this.#screen.backlogBytes <= PAUSE_AT) return;
    this.#paused = true;
    this.#channel.pause();
  }

  /** A command's text, as if the terminal had shown it, in place of the echo. */
  showCommand(text: string): void {
    const shown = text.replace(
      /[\u0000-\u0008\u000b-\u001f\u007f]/g,
      (char) => `^${String.fromCharCode(char.charCodeAt(0) ^ 64)}`,
    );
    const bytes = Buffer.from(`${shown.replaceAll("\n", "\r\n")}\r\n`);
    this.#transcript.append(bytes);
    // A line editor that leaves application keys on must not make the command look like a screen program.
    this.#draw(Buffer.concat([Buffer.from("\u001b[m\u001b[?1l\u001b>"), bytes]));
  }

  /** Mode settings hidden in a thrown-away echo still count, or the screen would believe in bracketed paste for ever. */
  applyModes(bytes: Buffer): void {
    const modes = bytes.toString("latin1").match(/\u001b(?:\[\?[\d;]{1,32}[hl]|[=>])/g);
    if (modes) this.#draw(Buffer.from(modes.join(""), "latin1"));
  }

  /** The next bytes begin a row. */
  freshRow(): void {
    this.#screen.flush();
    if (this.#screen.view().cursor.col !== 0) this.show(Buffer.from("\r\n"));
  }

  /** Between a command's output and the next prompt: undoes what a killed program left, and ends an unfinished row. */
  tidy(): { readonly leftFullScreen: boolean } {
    this.#screen.flush();
    const { alternate, modes } = this.#screen.view();
    if (alternate || modes.mouse || modes.applicationCursorKeys) this.#softReset();
    this.freshRow();
    return { leftFullScreen: alternate };
  }

  dispose(): void {
    this.#drained.dispose();
    this.#resume();
  }

  #draw(bytes: Buffer): void {
    this.#screen.write(bytes);
    this.#recording?.output(bytes);
  }

  #softReset(): void {
    this.#screen.softReset();
    this.#recording?.output(SOFT_RESET);
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#channel.resume();
  }
}
