import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { play } from "../../src/commands/recordings/play.ts";
import { recordingsIn, retire } from "../../src/recording/folder.ts";
import { openCast, summaryOf } from "../../src/recording/reader.ts";
import { FakeClock } from "../fake-clock.ts";
import { until } from "../real/kit/until.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recordings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = '{"version":3,"term":{"cols":40,"rows":5},"timestamp":1,"title":"web1 on web1"}\n';
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
async function all(path: string) {
  const cast = await openCast(path);
  const events = [];
  for await (const event of cast.events()) events.push(event);
  return { cast, events };
}

describe("a recording whose program was killed", () => {
  it("is playable as far as it goes", { timeout: 60_000 }, async () => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", join(import.meta.dirname, "killed.ts"), folder],
      {
        stdio: "ignore",
      },
    );
    const written = () => {
      const [name] = readdirSync(folder);
      return name !== undefined && statSync(join(folder, name)).size > 20_000;
    };
    await until(written, { timeoutMs: 50_000, describe: "rows in the file" });
    child.kill("SIGKILL");
    await once(child, "exit");
    const [name = ""] = readdirSync(folder);
    const { cast, events } = await all(join(folder, name));
    const rows = events.map(({ text }) => text).join("");
    expect(rows.startsWith("row 0\r\nrow 1\r\n")).toBe(true);
    expect(cast.broken === 0 || cast.torn).toBe(true);
  });

  it("may end in a torn line, which is left out and said", async () => {
    const path = file("a.cast", `${HEADER}[0.5,"o","one"]\n[0.5,"m","#1 ls"]\n[1.000,"o","tw`);
    const { events } = await all(path);
    expect(events.map(({ at, text }) => [at, text])).toEqual([
      [500, "one"],
      [1000, "#1 ls"],
    ]);
    expect(await summaryOf(path)).toMatchObject({ ms: 1000, commands: 1, closed: false, torn: true });
  });
});

describe("a file that is no recording", () => {
  it.each([
    ["", "no header"],
    ['{"version":2,"width":80,"height":24}\n', "no header"],
    ["hosts: {}\n", "no header"],
    ['{"version":3,"term":{"cols":100000,"rows":1}}\n', "no header"],
  ])("is refused: %j", async (text, why) => {
    await expect(openCast(file("x.cast", text))).rejects.toThrow(why);
  });

  it("is refused where there is none, or a folder", async () => {
    await expect(openCast(join(folder, "none.cast"))).rejects.toThrow("no such file");
    await expect(openCast(folder)).rejects.toThrow("no regular file");
  });
});

describe("retention", () => {
  const NOW = Date.UTC(2026, 5, 1);
  const HOUR = 3_600_000;
  const old = (name: string, hours: number, size = 10) => {
    const at = (NOW - hours * HOUR) / 1000;
    utimesSync(file(name, "x".repeat(size)), at, at);
  };
  const names = async () => (await recordingsIn(folder)).map((one) => one.file);

  it("removes what is too old, and the oldest until the rest fits, and nothing else", async () => {
    old("a.cast", 100);
    old("b.cast", 50, 600);
    old("c.cast", 40, 600);
    old("d.cast", 3, 300);
    old("notes.txt", 1000);
    mkdirSync(join(folder, "e.cast"));
    const removed = await retire(folder, { ms: 90 * HOUR, bytes: 1000 }, NOW, new Set());
    expect(removed.map((one) => one.file)).toEqual(["a.cast", "b.cast"]);
    expect(await names()).toEqual(["c.cast", "d.cast"]);
    expect(existsSync(join(folder, "notes.txt"))).toBe(true);
    expect(existsSync(join(folder, "e.cast"))).toBe(true);
  });

  it("leaves what is being written, here or by another process, and everything where no limit is set", async () => {
    old("own.cast", 100);
    old("another.cast", 0.5, 5000);
    old("old.cast", 100);
    expect(await retire(folder, {}, NOW, new Set())).toEqual([]);
    await retire(folder, { ms: HOUR, bytes: 1 }, NOW, new Set(["own.cast"]));
    expect((await names()).toSorted()).toEqual(["another.cast", "own.cast"]);
  });
});

describe("playing", () => {
  it("draws pictures of the screen, in time, and passes no control sequence of the host's on", async () => {
    const path = file("p.cast", HEADER);
    appendFileSync(path, '[1.0,"o","\\u001b[31mred\\u001b[m \\u001b]52;c;aGk=\\u0007\\u001b[6n"]\n');
    appendFileSync(path, '[0.0,"m","#1 show version"]\n[60.0,"o","late"]\n[0.5,"r","60x8"]\n');
    const clock = new FakeClock();
    const written: { at: number; text: string }[] = [];
    let over = false;
    const playing = play(await openCast(path), {
      speed: 2,
      idleMs: 4000,
      clock,
      size: { cols: 40, rows: 6 },
      write: (text) => written.push({ at: clock.now(), text }),
      signal: new AbortController().signal,
    }).finally(() => {
      over = true;
    });
    await until(
      async () => {
        await clock.pass(clock.next ?? 0);
        return over;
      },
      { describe: "the end of the playing" },
    );
    await playing;
    expect(written.map(({ at }) => at)).toEqual([500, 500, 2500, 2750]);
    const shown = written.map(({ text }) => text).join("");
    expect(shown).toContain("red");
    expect(shown).toContain("late");
    expect(shown).toContain("#1 show version");
    expect(shown).not.toContain("\u001b]52");
    expect(shown).not.toContain("\u001b[6n");
  });
});
