import { describe, expect, test } from "vitest";
import { FileReader, writeAll } from "../../src/remote/files/stream.ts";
import { FakeFile, type Habits } from "./fake-file.ts";

const window = { read: 1000, write: 1000, requests: 8 };

function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255));
}

async function readAll(file: FakeFile, options = {}) {
  const reader = new FileReader(file, window, options);
  const pieces: Buffer[] = [];
  for await (const piece of reader) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), ended: reader.ended };
}

describe("reading a file", () => {
  const habits: [string, number, Habits][] = [
    ["in order", 25_500, {}],
    ["answers that come out of order", 25_500, { late: (n) => (n * 7) % 5 }],
    ["short answers", 25_500, { most: 333 }],
    ["answers of one byte", 2_100, { most: 1 }],
    ["short answers out of order", 25_500, { most: 5000 / 3, late: (n) => (n * 3) % 4 }],
    ["a size of 0, as /proc has it", 9_700, { told: { size: 0 } }],
    ["a size of 0 and answers of a page", 9_700, { told: { size: 0 }, most: 512 }],
    ["no size at all", 9_700, { told: { size: undefined as never } }],
    ["a size that is too small", 9_700, { told: { size: 4_000 } }],
    ["an empty file", 0, {}],
    ["a size that is a whole number of requests", 8_000, {}],
  ];
  test.each(habits)("gives every byte, in order, and no more: %s", async (_, length, how) => {
    const file = new FakeFile(bytesOf(length), how);
    const { bytes, ended } = await readAll(file);
    expect(bytes.equals(file.bytes)).toBe(true);
    expect(ended?.bytes).toBe(length);
    expect(file.most).toBeLessThanOrEqual(window.requests);
  });

  test("asks for as much at once as the window allows, and not more ahead of who reads", async () => {
    const file = new FakeFile(bytesOf(50_000), { late: () => 1 });
    const iterator = new FileReader(file, window)[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise(setImmediate);
    expect(file.requests).toBe(window.requests);
    await iterator.return?.();
    expect(file.requests).toBe(window.requests);
  });

  test("begins where it is told to", async () => {
    const file = new FakeFile(bytesOf(5_000));
    expect((await readAll(file, { from: 4_200 })).bytes.equals(file.bytes.subarray(4_200))).toBe(true);
  });

  test("ends at the end of a file that is cut while it is read, and says so", async () => {
    const file: FakeFile = new FakeFile(bytesOf(50_000), {
      onRead: (position) => {
        if (position === 20_000) file.bytes = file.bytes.subarray(0, 21_500);
      },
    });
    const { bytes, ended } = await readAll(file);
    expect(bytes.length).toBe(21_500);
    expect(ended?.changed).toBe("was cut from 50000 to 21500 bytes while it was read; 21500 were there");
  });

  test("goes on to the end of a file that grows while it is read, and says so", async () => {
    const file: FakeFile = new FakeFile(bytesOf(5_000), {
      onRead: (position) => {
        if (position === 4_000) file.bytes = Buffer.concat([file.bytes, bytesOf(3_300)]);
      },
    });
    const { bytes, ended } = await readAll(file);
    expect(bytes.length).toBe(8_300);
    expect(ended?.changed).toMatch(/^grew from 5000 to 8300 bytes/);
  });

  test("tells a file that was written to without a change of size, and one shorter than it says", async () => {
    const file: FakeFile = new FakeFile(bytesOf(5_000), { onRead: () => (file.mtime = 2000) });
    expect((await readAll(file)).ended?.changed).toBe("was written to while it was read");
    const short = new FakeFile(bytesOf(5_000), { told: { size: 6_000 } });
    expect((await readAll(short)).ended?.changed).toBe("ended after 5000 bytes, though its size is 6000");
  });

  test("ends with the signal's reason, also where no answer ever comes", async () => {
    const giveUp = new AbortController();
    const file = new FakeFile(bytesOf(5_000), { silent: true });
    const reading = readAll(file, { signal: giveUp.signal });
    giveUp.abort(new Error("given up"));
    await expect(reading).rejects.toThrow("given up");
  });

  test("throws what a request throws, and leaves no other rejection behind", async () => {
    const file = new FakeFile(bytesOf(50_000), { failAt: 9_000, late: (n) => n % 3 });
    await expect(readAll(file)).rejects.toThrow("it failed");
  });
});

async function* pieces(bytes: Buffer, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

describe("writing a file", () => {
  test.each([1, 333, 1000, 7_777])("writes pieces of %i bytes where they belong", async (length) => {
    const bytes = bytesOf(21_000);
    const file = new FakeFile(Buffer.alloc(0), { late: (n) => (n * 5) % 4 });
    let told = 0;
    const onBytes = (more: number) => {
      told += more;
    };
    expect(await writeAll(file, pieces(bytes, length), window, { onBytes })).toBe(bytes.length);
    expect(file.bytes.equals(bytes)).toBe(true);
    expect(told).toBe(bytes.length);
    expect(file.most).toBeLessThanOrEqual(window.requests);
  });

  test("goes on behind what is there", async () => {
    const bytes = bytesOf(9_000);
    const file = new FakeFile(bytes.subarray(0, 4_000));
    await writeAll(file, pieces(bytes.subarray(4_000), 900), window, { from: 4_000 });
    expect(file.bytes.equals(bytes)).toBe(true);
  });

  test("asks its source for no more than the window takes", async () => {
    let taken = 0;
    async function* counted() {
      for (const piece of Array.from({ length: 100 }, () => Buffer.alloc(1000))) {
        taken++;
        yield piece;
      }
    }
    const giveUp = new AbortController();
    const file = new FakeFile(Buffer.alloc(0), { silent: true });
    const writing = writeAll(file, counted(), window, { signal: giveUp.signal });
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(taken).toBe(window.requests + 1);
    giveUp.abort(new Error("given up"));
    await expect(writing).rejects.toThrow("given up");
  });

  test("throws what a request throws, also the last one", async () => {
    const bytes = bytesOf(9_000);
    for (const failAt of [3_000, 8_000])
      await expect(
        writeAll(new FakeFile(Buffer.alloc(0), { failAt, late: () => 3 }), pieces(bytes, 1000), window),
      ).rejects.toThrow("it failed");
  });
});
