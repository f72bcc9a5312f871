import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { deliverIdentWhole } from "../../../src/ssh/handshake/whole-ident.ts";

/** A stream that is fed by `push`, as sockets and SSH channels are. */
function pushed() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  return {
    stream,
    chunks,
    listen: () => stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString("latin1"))),
  };
}

describe("an identification line is delivered in one piece", () => {
  it("however many chunks it came in", () => {
    const { stream, chunks, listen } = pushed();
    deliverIdentWhole(stream);
    listen();
    for (const part of ["Wel", "come\r\nSS", "H-2.0-", "x", "\r\n", "later"]) stream.push(Buffer.from(part));
    stream.read();
    expect(chunks.join("")).toBe("Welcome\r\nSSH-2.0-x\r\nlater");
    expect(chunks[0]).toBe("Welcome\r\nSSH-2.0-x\r\n");
  });

  it("also where the software's name holds the word with which one begins", () => {
    const { stream, chunks, listen } = pushed();
    deliverIdentWhole(stream);
    listen();
    for (const part of ["Hello\r\nSSH-2.0-IPS", "SH-6.8.0", "\r\n"]) stream.push(Buffer.from(part));
    stream.read();
    expect(chunks).toEqual(["Hello\r\nSSH-2.0-IPSSH-6.8.0\r\n"]);
  });

  it("with a beginning that was there before", () => {
    const { stream, chunks, listen } = pushed();
    stream.push(Buffer.from("SSH-2.0-"));
    deliverIdentWhole(stream);
    listen();
    for (const part of ["a", "b\r\n", "rest"]) stream.push(Buffer.from(part));
    stream.read();
    expect(chunks[0]).toBe("SSH-2.0-ab\r\n");
    expect(chunks.join("")).toBe("SSH-2.0-ab\r\nrest");
  });

  it("and what never becomes one is let through at the end", () => {
    const { stream, chunks, listen } = pushed();
    deliverIdentWhole(stream);
    listen();
    stream.push(Buffer.from("HTTP/1.1 400"));
    stream.push(null);
    stream.read();
    expect(chunks.join("")).toBe("HTTP/1.1 400");
    expect(stream).toBeInstanceOf(Readable);
  });
});
