import type { ChannelEnd, Running, SftpHandle } from "../contract.ts";
import { EndEvent } from "./end-event.ts";

/** OpenSSH's own program is on the other side: it takes and gives what its subsystem does. */
const IDENT = "SSH-2.0-OpenSSH";
const PACKET_BYTES = 32 * 1024;

/**
 * SFTP with a program that runs on a channel of its own and speaks it on its input and output. What came before is dropped:
 * the program says nothing unasked. Resolves once it has answered, or with what ended first.
 */
export async function sftpOver(running: Running): Promise<SftpHandle | ChannelEnd> {
  const { default: protocol } = await import("ssh2/lib/protocol/SFTP.js");
  const ends = new EndEvent();
  const side = () => ({
    id: 0,
    packetSize: PACKET_BYTES,
    window: Number.POSITIVE_INFINITY,
    state: "open" as const,
  });
  const carrier = {
    _protocol: {
      _remoteIdentRaw: IDENT,
      channelData: (_: number, data: Buffer) => void running.stdin.write(data),
      channelClose: () => running.close(),
    },
  };
  const raw = new protocol.SFTP(carrier, { type: "sftp", incoming: side(), outgoing: side() });
  // A program that breaks the protocol; the channel is closed then.
  raw.on("error", () => running.close());
  running.stdout.on("data", (data: Buffer) => raw.push(data));
  running.stderr.resume();
  void running.end.then((end) => {
    raw.push(null);
    ends.finish(end);
  });
  const answered = new Promise<void>((resolve) => raw.once("ready", () => resolve()));
  raw._init();
  const first = await Promise.race([answered, running.end]);
  if (first !== undefined) return first;
  return {
    raw,
    end() {
      running.close();
      ends.finish({ reason: "closed_by_us" });
    },
    onEnd: (listener) => ends.on(listener),
  };
}
