import type { SFTPWrapper } from "ssh2";
import type { Disposable } from "../../base/clock.ts";
import type { ChannelEnd, SftpHandle } from "../contract.ts";
import { type Carrier, endOf } from "./channel-end.ts";
import { EndEvent } from "./end-event.ts";
import { widenWindow } from "./wide-window.ts";

/** The SFTP subsystem on an ssh2 channel. Made the moment ssh2 hands it over, so that its end is never missed. */
export class SftpChannel implements SftpHandle {
  readonly raw: SFTPWrapper;
  readonly #ends = new EndEvent();
  readonly #closed = new EndEvent();

  constructor(raw: SFTPWrapper, carrier: Carrier) {
    this.raw = raw;
    widenWindow(raw);
    // A server that breaks the protocol; ssh2 closes the channel itself then.
    raw.on("error", () => {});
    raw.on("close", (code?: number | null, signal?: string) => {
      const end = endOf(carrier, code, signal);
      this.#ends.finish(end);
      this.#closed.finish(end);
    });
  }

  end(): void {
    this.raw.end();
    this.#ends.finish({ reason: "closed_by_us" });
  }

  onEnd(listener: (end: ChannelEnd) => void): Disposable {
    return this.#ends.on(listener);
  }

  /** Aborting `signal` ends it. */
  endWith(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const end = () => this.end();
    signal.addEventListener("abort", end, { once: true });
    this.#ends.on(() => signal.removeEventListener("abort", end));
    if (signal.aborted) end();
  }

  /** The server has closed the channel, which is when its place is free again. */
  onClosed(listener: () => void): void {
    this.#closed.on(listener);
  }
}
