import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exportRecording, type Format } from "../../src/commands/recordings/export.ts";
import { openCast } from "../../src/recording/reader.ts";
import { reelOf } from "../../src/web/reel.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "export-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = '{"version":3,"term":{"cols":20,"rows":3},"timestamp":1,"title":"web1 on web1"}';

function recorded(...events: (readonly [number, string, string])[]): string {
  const path = join(folder, "web1.cast");
  writeFileSync(path, `${[HEADER, ...events.map((event) => JSON.stringify(event))].join("\n")}\n`);
  return path;
}

async function exported(name: string, format: Format): Promise<string> {
  const out = join(folder, `out.${format}`);
  await exportRecording(name, { format, out }, { env: {}, cwd: folder, home: folder });
  return readFileSync(out, "utf8");
}

const SESSION = [
  [0.1, "o", "$ "],
  [0.1, "m", "#1 ls"],
  [0.1, "o", "ls\r\n\u001b[34mbin\u001b[0m  etc\r\n"],
  [1, "m", "#1 done exit=0"],
  [0.1, "r", "30x3"],
  [0.1, "o", "10%\r100%\r\n"],
] as const;

it("as text: what scrolled by, without colours and overwrites, and each command with its time", async () => {
  expect(await exported(recorded(...SESSION), "text")).toBe(
    [
      "web1 on web1",
      "$",
      "── 0:00:00 #1 ls",
      "ls",
      "bin  etc",
      "── 0:00:01 #1 done exit=0",
      "── 0:00:01 resized to 30x3",
      "100%",
      "",
    ].join("\n"),
  );
});

it("as asciicast: the file as it is, without a last line that was torn", async () => {
  const path = recorded(...SESSION);
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, `${whole}[0.5,"o","to`);
  expect(await exported(path, "cast")).toBe(whole);
});

it("makes a file of this user's own, and overwrites none; what is no recording makes no file", async () => {
  const path = recorded(...SESSION);
  await exported(path, "cast");
  expect(statSync(join(folder, "out.cast")).mode & 0o777).toBe(0o600);
  await expect(exported(path, "cast")).rejects.toThrow("is there already");
  writeFileSync(path, "no recording\n");
  await expect(exported(path, "text")).rejects.toThrow("cannot be read as a recording");
  expect(() => statSync(join(folder, "out.text"))).toThrow();
});

it("as pictures: any moment is reached from the whole picture before it, through a resize as well", async () => {
  const events = Array.from({ length: 500 }, (_, line) => [0.1, "o", `line ${line}\r\n`] as const);
  const path = recorded(...events.slice(0, 300), [0.1, "r", "10x2"], ...events.slice(300));
  const { frames, ms } = await reelOf(await openCast(path));
  expect(ms).toBeCloseTo(50_100, -1);
  const shownAt = (index: number) => {
    const begin = frames.findLastIndex((frame, at) => at <= index && frame.whole);
    const rows: string[] = [];
    for (const { whole, rows: height, changed } of frames.slice(begin, index + 1)) {
      if (whole) rows.splice(0, rows.length, ...Array(height).fill(""));
      for (const [y, row] of changed) rows[y] = row;
    }
    return rows;
  };
  expect(shownAt(250)).toEqual(["line 249", "line 250", ""]);
  expect(shownAt(frames.length - 1)).toEqual(["line 499", ""]);
  expect(frames.filter(({ whole }) => whole).length).toBeLessThan(6);
});
