import type { Readable, Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { systemClock } from "../base/clock.ts";
import type { Desk } from "../desk/contract.ts";
import { LineLimit, MAX_MESSAGE_BYTES } from "./line-limit.ts";
import { RecalledForms } from "./recalled.ts";
import { createServer } from "./server.ts";

export interface ConnectionParts {
  readonly desk: Desk;
  /** Who this connection is to the desk. */
  readonly callerId: string;
  /** Called when the client knows the server: its first call may follow. Again for each list of tools. */
  readonly introduced?: () => void;
  readonly input: Readable;
  readonly output: Writable;
  /** Where unexpected errors go. */
  readonly report: (error: unknown) => void;
}

/** Serves both protocol eras to one client, a message a line, whatever carries the lines. */
export function serveConnection({ desk, callerId, introduced, input, output, report }: ConnectionParts): {
  close(): Promise<void>;
} {
  const lines = input.pipe(new LineLimit((id, bytes) => output.write(tooLong(id, bytes))));
  const forms = new RecalledForms(() => systemClock.now());
  return serveStdio(
    () => createServer({ desk, callerId, forms, ...(introduced === undefined ? {} : { introduced }) }),
    { transport: new StdioServerTransport(lines, output), onerror: report },
  );
}

/** The answer to a message that was not read; `id` is JSON text. */
function tooLong(id: string, bytes: number): string {
  const message = `this message has ${bytes} bytes and was not read; one may have ${MAX_MESSAGE_BYTES}. Send less in one call.`;
  return `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":${JSON.stringify(message)}}}\n`;
}
