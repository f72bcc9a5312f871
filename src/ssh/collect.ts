import type { Readable } from "node:stream";
import { type Clock, systemClock } from "../base/clock.ts";
import type { ChannelEnd, Exec } from "./contract.ts";

export interface CollectOptions {
  /** For everything: opening the channel, running, reading. */
  readonly timeoutMs: number;
  /** Output beyond this many bytes (stdout and stderr each) is dropped and counted. */
  readonly maxBytes: number;
  /** The command's whole input; its input is always ended, or one that reads it would wait for ever. */
  readonly stdin?: Uint8Array | string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

export interface ExecResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly droppedBytes: number;
  readonly end: ChannelEnd | { readonly reason: "timeout" };
}

/**
 * Runs one command and collects what it writes. Out of time while it runs it is closed, and what came is the result; before
 * that, the errors are those of `Exec`.
 */
export async function collect(exec: Exec, command: string, options: CollectOptions): Promise<ExecResult> {
  const { timeoutMs, maxBytes, stdin, signal, clock = systemClock } = options;
  const deadline = clock.now() + timeoutMs;
  const running = await exec(command, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  let late = false;
  const timer = clock.after(Math.max(1, deadline - clock.now()), () => {
    late = true;
    running.close();
  });
  const stdout = new Kept(running.stdout, maxBytes);
  const stderr = new Kept(running.stderr, maxBytes);
  // A command may well end without reading its input.
  running.stdin.on("error", () => {});
  running.stdin.end(stdin ?? "");
  const [end] = await Promise.all([running.end, stdout.ended, stderr.ended]);
  timer.dispose();
  return {
    stdout: stdout.bytes,
    stderr: stderr.bytes,
    droppedBytes: stdout.dropped + stderr.dropped,
    end: late && end.reason === "closed_by_us" ? { reason: "timeout" } : end,
  };
}

/** The first bytes of an output. */
class Kept {
  dropped = 0;
  readonly ended: Promise<void>;
  readonly #chunks: Buffer[] = [];

  constructor(output: Readable, maxBytes: number) {
    let room = maxBytes;
    output.on("data", (chunk: Buffer) => {
      const kept = chunk.subarray(0, room);
      if (kept.length > 0) this.#chunks.push(kept);
      room -= kept.length;
      this.dropped += chunk.length - kept.length;
    });
    this.ended = new Promise((resolve) => output.once("end", resolve).once("close", resolve));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
