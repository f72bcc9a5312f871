import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read, recording } from "./rig.ts";

const CANARY = "Tr0ub4dor&3xyzzy";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recording-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a recording", () => {
  it("is an asciicast of version 3 whose events carry the time since the one before", async () => {
    const { sink, pass, ended } = await recording(folder);
    await pass(1000);
    sink.output(Buffer.from("hello\r\n"));
    await pass(500);
    sink.resize(100, 30);
    await pass(250);
    sink.output(Buffer.from("$ "));
    const { header, events } = read(await ended());
    expect(header).toMatchObject({
      version: 3,
      term: { cols: 80, rows: 24, type: "xterm-256color" },
      timestamp: Date.UTC(2026, 0, 1) / 1000,
      ssh_mcp: { session: "web1", host: "web1", audit_seq: 1 },
    });
    expect(events).toEqual([
      [1, "o", "hello\r\n"],
      [0.5, "r", "100x30"],
      [0.25, "o", "$ "],
      [0, "m", "closed: code 0"],
      [0, "x", "0"],
    ]);
  });

  it("marks commands with their outcomes where they begin and end, also those that end in silence", async () => {
    const { sink, pass, ended, commands } = await recording(folder);
    commands.begin("show version");
    sink.output(Buffer.from("show version\r\nIOS\r\n"));
    commands.end("done", 0);
    sink.output(Buffer.from("router# "));
    commands.begin("sleep 100");
    sink.look();
    await pass(5000);
    commands.end("stopped");
    await pass(5000);
    const { events } = read(await ended());
    expect(events.filter(([, code]) => code === "m" || code === "o").map(([, , text]) => text)).toEqual([
      "#1 show version",
      "show version\r\n",
      "IOS\r\n",
      "#1 done exit=0",
      "router# ",
      "#2 sleep 100",
      "#2 stopped",
      "closed: code 0",
    ]);
  });

  it("has its digest, size and commands in the audit log, linked to the line that began it", async () => {
    const { sink, ended, commands, audited } = await recording(folder);
    commands.begin("ls");
    sink.output(Buffer.from("a\r\n"));
    const text = await ended();
    expect(audited).toMatchObject([
      { event: "recording", state: "started", session: "web1" },
      {
        event: "recording",
        state: "ended",
        started: 1,
        commands: 1,
        bytes: Buffer.byteLength(text),
        hash: createHash("sha256").update(text).digest("hex"),
      },
    ]);
    expect(audited[1]).toHaveProperty("file", audited[0]?.file);
  });

  it("writes output that stands still within seconds, so that a sudden end loses no more", async () => {
    const { sink, pass, disk } = await recording(folder, { secrets: [CANARY] });
    sink.output(Buffer.from("a prompt without an end $ "));
    await pass(3000);
    expect(read(disk.text).output).toBe("a prompt without an end $ ");
  });

  it("decodes characters that are cut in two by the chunks", async () => {
    const { sink, pass, ended } = await recording(folder);
    for (const byte of Buffer.from("naïve 日本 🚀\r\n")) sink.output(Buffer.of(byte));
    await pass(100);
    expect(read(await ended()).output).toBe("naïve 日本 🚀\r\n");
  });
});

describe("a secret in use", () => {
  const forms = {
    "as it is": CANARY,
    "escaped for JSON within JSON": JSON.stringify(JSON.stringify(`${CANARY}"`)),
    "in a URL": encodeURIComponent(CANARY),
    "in base64": Buffer.from(CANARY).toString("base64"),
    "coloured in the middle": `${CANARY.slice(0, 5)}\u001b[31m${CANARY.slice(5)}\u001b[m`,
    "wrapped by a line editor": `${CANARY.slice(0, 7)} \r${CANARY.slice(7)}`,
    "broken by the end of a row": `${CANARY.slice(0, 9)}\r\n${CANARY.slice(9)}`,
    "in a title": `\u001b]0;${CANARY}\u0007`,
  };
  for (const [how, written] of Object.entries(forms))
    for (const [size, waits] of [
      [1, 0],
      [1, 1500],
      [3, 1500],
      [5, 0],
      [4096, 0],
    ] as const)
      it(`is in no file ${how}, in chunks of ${size} with ${waits} ms in between`, async () => {
        const { sink, pass, ended } = await recording(folder, { secrets: [CANARY, `${CANARY}"`] });
        const bytes = Buffer.from(`password is ${written} and more\r\nnext\r\n`);
        for (let at = 0; at < bytes.length; at += size) {
          sink.output(bytes.subarray(at, at + size));
          if (waits > 0) await pass(waits);
        }
        await pass(100_000);
        const text = await ended();
        const { output } = read(text);
        expect(output).toContain("[secret]");
        expect(output).toContain("next\r\n");
        for (const part of [
          CANARY.slice(0, 8),
          CANARY.slice(-8),
          Buffer.from(CANARY).toString("base64").slice(0, 12),
        ])
          expect(text).not.toContain(part);
        expect(text).not.toContain(encodeURIComponent(CANARY).slice(0, 12));
      });

  it("is in no marker", async () => {
    const { sink, ended, commands } = await recording(folder, { secrets: [CANARY] });
    commands.begin(`login ${CANARY}`);
    sink.look();
    const text = await ended();
    expect(read(text).markers[0]).toBe("#1 login [secret]");
    expect(text).not.toContain(CANARY);
  });

  it("that begins at the very end of the session is not written by its better half", async () => {
    const { sink, ended } = await recording(folder, { secrets: [CANARY] });
    sink.output(Buffer.from(`it is ${CANARY.slice(0, 12)}`));
    expect(read(await ended()).output).toBe("it is [secret]");
  });

  it("is not taken for what only begins like one: that is written once a minute has passed", async () => {
    const { sink, pass, disk } = await recording(folder, { secrets: [CANARY] });
    sink.output(Buffer.from("T"));
    await pass(10_000);
    expect(read(disk.text).output).toBe("");
    await pass(60_000);
    expect(read(disk.text).output).toBe("T");
  });
});

describe("a host whose secrets are masked", () => {
  it("has its communities and private keys in no file, also where the chunks cut them", async () => {
    const { sink, pass, ended } = await recording(folder, { masks: true });
    const row = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJabcd";
    const shown = [
      "snmp-server community s3cretword RO",
      "-----BEGIN PRIVATE KEY-----",
      ...Array.from({ length: 40 }, () => row),
      "-----END PRIVATE KEY-----",
      "interface Gi1",
    ].join("\r\n");
    const bytes = Buffer.from(`${shown}\r\n`);
    for (let at = 0; at < bytes.length; at += 100) {
      sink.output(bytes.subarray(at, at + 100));
      await pass(120);
    }
    const text = await ended();
    const { output } = read(text);
    expect(text).not.toContain("s3cretword");
    expect(text).not.toContain(row.slice(0, 20));
    expect(output).toMatch(/community \[masked:[0-9a-f]{10}\] RO/);
    expect(output).toContain("interface Gi1\r\n");
  });
});

describe("a disk", () => {
  it("that is full ends the recording at a whole line, with one note; the session goes on", async () => {
    const { sink, pass, disk, notes, audited, ended } = await recording(folder);
    disk.room = 600;
    for (let row = 0; row < 50; row++) {
      sink.output(Buffer.from(`row ${row} of some length\r\n`));
      await pass(200);
    }
    const text = await ended();
    expect(notes).toEqual([expect.stringContaining("ended early: ENOSPC")]);
    expect(text.endsWith("\n")).toBe(true);
    expect(text.length).toBeGreaterThan(500);
    expect(read(text).output.startsWith("row 0 of some length\r\n")).toBe(true);
    expect(audited.at(-1)).toMatchObject({
      state: "cut",
      hash: createHash("sha256").update(text).digest("hex"),
    });
  });

  it("that takes not a byte more leaves the file as it was", async () => {
    const { sink, pass, disk, notes, ended } = await recording(folder);
    await pass(100);
    const before = disk.text;
    disk.room = disk.bytes.length;
    sink.output(Buffer.from("one\r\ntwo\r\nthree\r\n"));
    await pass(5000);
    expect(await ended()).toBe(before);
    expect(notes).toHaveLength(1);
  });

  it("on which more than settings.recordings.megabytes may not be written keeps what fits", async () => {
    const { sink, pass, notes, ended } = await recording(folder, { most: 500 });
    for (let row = 0; row < 50; row++) {
      sink.output(Buffer.from(`row ${row} of some length\r\n`));
      await pass(200);
    }
    const text = await ended();
    expect(text.length).toBeGreaterThan(400);
    expect(text.length).toBeLessThanOrEqual(500);
    expect(text.endsWith("\n")).toBe(true);
    expect(notes).toEqual([expect.stringContaining("settings.recordings.megabytes")]);
  });

  it("that is slow holds nobody up, and what did not fit into memory is said to be missing", async () => {
    const { sink, pass, disk, ended } = await recording(folder);
    let open = () => {};
    disk.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const chunk = Buffer.from(`${"x".repeat(1022)}\r\n`.repeat(64));
    let sent = 0;
    for (let turn = 0; turn < 200; turn++) {
      sink.output(chunk);
      sent += chunk.length;
      await pass(100);
    }
    open();
    await pass(20_000);
    const { output, markers } = read(await ended());
    const missing = markers.map((text) =>
      Number(/^(\d+) bytes of output are missing here/.exec(text)?.[1] ?? 0),
    );
    const lost = missing.reduce((sum, count) => sum + count, 0);
    expect(lost).toBeGreaterThan(1024 * 1024);
    expect(output.length + lost).toBe(sent);
  });

  it("on which no file can be made is told, and the session is not held up", async () => {
    await expect(recording("/dev/null")).rejects.toThrow("this session is NOT recorded");
  });
});
