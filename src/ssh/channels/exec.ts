import type { Readable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { Clock } from "../../base/clock.ts";
import type { ExecOptions, ExecResult } from "../contract.ts";
import type { Connection } from "./connection.ts";
import { endOf } from "./pty-channel.ts";

/** Collects what a command on an open exec channel writes, until it ends or its time is over. Never rejects. */
export function collect(
  channel: ClientChannel,
  connection: Connection,
  options: ExecOptions,
  clock: Clock,
): Promise<ExecResult> {
  return new Promise((resolve) => {
    let dropped = 0;
    let over = false;
    const keep = (stream: Readable): Buffer[] => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on("data", (chunk: Buffer) => {
        if (over) return;
        const room = Math.max(0, options.maxBytes - size);
        const kept = chunk.subarray(0, room);
        if (kept.length > 0) chunks.push(kept);
        size += kept.length;
        dropped += chunk.length - kept.length;
      });
      return chunks;
    };
    const stdout = keep(channel);
    const stderr = keep(channel.stderr);
    const finish = (end: ExecResult["end"]) => {
      if (over) return;
      over = true;
      timer.dispose();
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), droppedBytes: dropped, end });
    };
    const timer = clock.after(options.timeoutMs, () => {
      finish({ reason: "timeout" });
      channel.close();
    });
    channel.on("error", () => {});
    channel.on("close", (code?: number | null, signal?: string) => finish(endOf(connection, code, signal)));
    // Always ended, or a command that reads its input would wait forever.
    channel.end(options.stdin ?? "");
  });
}
