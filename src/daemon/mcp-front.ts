import type { Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { SshMcpError } from "../base/errors.ts";
import type { Desk } from "../desk/contract.ts";
import { serveConnection } from "../mcp/connection.ts";
import { Asked } from "./asked.ts";
import { type FrameKind, readFrames, wordIn, writeFrame, writeWord } from "./frames.ts";
import type { Front, Fronts } from "./fronts.ts";

/** Calls of one front that run at the same time; beyond it a call is refused. */
const CALLS_AT_ONCE = 64;
/** A front that takes nothing for so long is let go; its sessions stay. */
const STALLED_MS = 60_000;
export interface McpFrontParts {
  readonly socket: Socket;
  readonly pid: number;
  readonly agentSocket: string | undefined;
  readonly fronts: Fronts;
  readonly desk: Desk;
  readonly report: (error: unknown) => void;
}

/** Serves one front until its connection ends; its calls end with it, its sessions and commands do not. */
export function serveFront({ socket, pid, agentSocket, fronts, desk, report }: McpFrontParts): {
  readonly id: string;
  readonly ended: Promise<void>;
} {
  const id = fronts.newId();
  const input = new PassThrough();
  const output = outputTo(socket);
  const asked = new Asked((word) => writeWord(socket, word));
  const front: Front = {
    id,
    pid,
    ...(agentSocket === undefined ? {} : { agentSocket }),
    read: (ref, withheld) => asked.read(ref, withheld),
    environment: () => asked.environment(),
  };
  fronts.add(front);
  const received = (kind: FrameKind, content: Buffer) => {
    if (kind === "word") return asked.answered(wordIn(content));
    if (!input.write(content) && !socket.isPaused()) {
      socket.pause();
      input.once("drain", () => socket.resume());
    }
  };
  readFrames(socket, received, report);
  const handle = serveConnection({ desk: limited(desk, id, fronts), callerId: id, input, output, report });
  const ended = new Promise<void>((resolve) => {
    socket.once("end", () => socket.end());
    socket.once("close", () => {
      fronts.gone(id);
      asked.gone();
      input.end();
      output.destroy();
      handle.close().catch(report).finally(resolve);
    });
  });
  socket.resume();
  return { id, ended };
}

/** The desk as this front may use it: under its own name, and not without measure. */
function limited(desk: Desk, id: string, fronts: Fronts): Desk {
  let calls = 0;
  return {
    definitions: () => fronts.as(id, () => desk.definitions()),
    async call(caller, tool, args) {
      if (caller.client !== undefined) fronts.named(id, caller.client);
      if (calls >= CALLS_AT_ONCE) {
        const error = new SshMcpError(
          "limit_reached",
          `${calls} calls of this client run already, and one may have ${CALLS_AT_ONCE}; nothing was sent`,
          "Wait for one of them to end.",
        );
        return { result: { kind: "error", error }, text: error.toText() };
      }
      calls++;
      try {
        return await fronts.as(id, () => desk.call(caller, tool, args));
      } finally {
        calls--;
      }
    },
  };
}

/** Lines of the protocol as frames; a front that does not take them is not waited for without end. */
function outputTo(socket: Socket): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.destroyed) return done();
      if (writeFrame(socket, "data", chunk)) return done();
      const timer = setTimeout(() => socket.destroy(), STALLED_MS);
      const go = () => {
        clearTimeout(timer);
        socket.off("drain", go).off("close", go);
        done();
      };
      socket.once("drain", go).once("close", go);
    },
  });
}
