import { MarkScanner } from "../../terminal/scanner.ts";
import { EchoMask } from "../pty/echo-mask.ts";
import type { ShellMarks } from "./marks.ts";

/** What the host sends, taken apart: marks, and bytes without the echo of a secret that was just typed. */
export class MarkedBytes {
  /** Keeps that echo from being shown. */
  readonly mask = new EchoMask();
  readonly #marks: ShellMarks;
  readonly #scanner: MarkScanner;

  constructor(marks: ShellMarks) {
    this.#marks = marks;
    this.#scanner = new MarkScanner(marks.nonce);
  }

  receive(chunk: Buffer): void {
    // Guarded one by one: what comes behind a failure is still shown.
    let failure: unknown;
    for (const token of this.#scanner.push(chunk)) {
      try {
        // A mark is behind whatever could be an echo.
        const shown = token.type === "mark" ? this.mask.flush() : this.mask.shown(token.bytes);
        if (shown.length > 0) this.#marks.onBytes(shown);
        if (token.type === "mark") this.#marks.onMark(token.mark);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** What was held back; nothing more comes. */
  flush(): Buffer {
    return Buffer.concat([this.mask.shown(this.#scanner.flush()), this.mask.flush()]);
  }
}
