import { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { gatherWrites } from "../../../src/ssh/channels/gathered.ts";

/** Takes what it is given, and remembers what came together. */
class Wire extends Duplex {
  readonly took: string[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.took.push(chunk.toString());
    done();
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: () => void): void {
    this.took.push(chunks.map(({ chunk }) => chunk.toString()).join(""));
    done();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("what is written to a connection", () => {
  it("within one turn goes out as one, in order, and the next turn's by itself", async () => {
    const wire = new Wire();
    gatherWrites(wire);
    for (const piece of ["length", "|payload", "|tag"]) wire.write(piece);
    expect(wire.took).toEqual([]);
    await turn();
    expect(wire.took).toEqual(["length|payload|tag"]);
    wire.write("one");
    await turn();
    wire.write("two");
    await turn();
    expect(wire.took.slice(1)).toEqual(["one", "two"]);
  });

  it("goes out before its end, with what was written last", async () => {
    const wire = new Wire();
    gatherWrites(wire);
    wire.write("a");
    wire.end("b");
    await turn();
    expect(wire.took.join("")).toBe("ab");
    expect(wire.writableFinished).toBe(true);
  });

  it("calls back once it is taken", async () => {
    const wire = new Wire();
    gatherWrites(wire);
    const taken = new Promise<string>((resolve) => wire.write("a", () => resolve(wire.took.join())));
    expect(await taken).toBe("a");
  });
});
