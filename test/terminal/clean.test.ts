import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderText } from "../../src/terminal/clean.ts";
import { LineDrawer } from "../../src/terminal/line-drawer.ts";
import { replay } from "../../src/terminal/replay.ts";
import { randomBytes } from "./streams.ts";

const SIZE = { cols: 80, rows: 24 };

async function lines(text: string | Buffer, size = SIZE): Promise<string[]> {
  return (await renderText(Buffer.from(text), size)).lines;
}

describe("rendered text", () => {
  it("keeps plain lines, blank lines and tabs, and does not invent a last line", async () => {
    expect(await lines("one\r\n\r\n\ttwo  \r\nthree")).toEqual(["one", "", "\ttwo", "three"]);
    expect(await lines("")).toEqual([]);
    expect(await lines("one\r\r\ntwo\n")).toEqual(["one", "two"]);
  });

  it("takes colours, titles, links and mode settings out (grep --color, ls --color, a prompt)", async () => {
    expect(
      await lines(
        "\x1b[35m\x1b[Ka.c\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[Kint \x1b[01;31m\x1b[Kmain\x1b[m\x1b[K()\r\n",
      ),
    ).toEqual(["a.c:int main()"]);
    expect(
      await lines("\x1b]0;user@host: ~\x07\x1b[?2004h\x1b[0m\x1b[01;34mdir\x1b[0m\r\n\x1b(B\x1b[m$ "),
    ).toEqual(["dir", "$"]);
    expect(await lines("\x1b]8;;http://example.org/\x1b\\link\x1b]8;;\x1b\\ text")).toEqual(["link text"]);
  });

  it("shows a progress bar of 300 updates as its last state", async () => {
    let bar = "";
    for (let i = 1; i <= 300; i++) bar += `\r${String(i).padStart(3)}/300 [${"#".repeat(i / 10).padEnd(30)}]`;
    expect(await lines(`${bar}\r\ndone\r\n`)).toEqual([`300/300 [${"#".repeat(30)}]`, "done"]);
  });

  it("shows four stacked bars as four lines", async () => {
    let bars = "a\r\nb\r\nc\r\nd\r\n";
    for (let i = 0; i <= 100; i += 5)
      bars += `\x1b[4A${["a", "b", "c", "d"].map((name) => `\r\x1b[2K${name}: ${i}%\x1b[1B`).join("")}\r`;
    expect(await lines(`${bars}all done\r\n`)).toEqual([
      "a: 100%",
      "b: 100%",
      "c: 100%",
      "d: 100%",
      "all done",
    ]);
  });

  it("shows curl's meter, pip's bar and apt's percentage as they end", async () => {
    const curl =
      "  % Total    % Received\r\n\r  0     0    0     0\r 50  1256   50   628\r100  1256  100  1256\r\n";
    expect(await lines(curl)).toEqual(["  % Total    % Received", "100  1256  100  1256"]);
    const pip =
      "\x1b[?25l     \x1b[90m━━━━\x1b[0m \x1b[32m0.0/2.1 MB\x1b[0m\r\x1b[2K     \x1b[91m━━━━\x1b[0m \x1b[32m2.1/2.1 MB\x1b[0m\r\n\x1b[?25h";
    expect(await lines(pip)).toEqual(["     ━━━━ 2.1/2.1 MB"]);
    const apt =
      "\rReading package lists... 0%\r\rReading package lists... 97%\r\rReading package lists... Done\r\n";
    expect(await lines(apt)).toEqual(["Reading package lists... Done"]);
  });

  it("applies a spinner's backspaces and a typed correction", async () => {
    expect(await lines("work |\b/\b-\b\\\bdone\r\n")).toEqual(["work done"]);
    expect(await lines("lss\b \b -l\r\n")).toEqual(["ls -l"]);
  });

  it("leaves of a shorter overwrite what it did not cover, unless the rest of the line was erased", async () => {
    expect(await lines("downloading\rdone\r\n")).toEqual(["doneloading"]);
    expect(await lines("downloading\rdone\x1b[K\r\n")).toEqual(["done"]);
    expect(await lines("downloading\r\x1b[2Kdone\r\n")).toEqual(["done"]);
  });

  it("joins rows that wrapped, on the emulator too", async () => {
    const long = "x".repeat(250);
    expect(await lines(`${long}\r\nnext`)).toEqual([long, "next"]);
    expect(await lines(`${long}\r\na\r\n\x1b[1Ab\r\n`)).toEqual([long, "b"]);
    // A carriage return goes back to the start of the last row of a wrapped line, not of the line.
    expect(await lines(`${"y".repeat(100)}\rZ\r\n`)).toEqual([`${"y".repeat(80)}Z${"y".repeat(19)}`]);
  });

  it("draws wide characters and emoji in the columns they take", async () => {
    expect(await lines("日本語\rab\r\n")).toEqual(["ab本語"]);
    expect(await lines("😀😀\b\b!\r\n")).toEqual(["😀!"]);
    expect(await lines("e\u0301te\u0301\r\n")).toEqual(["e\u0301te\u0301"]);
  });

  it("leaves one line for a full-screen program", async () => {
    const vim =
      "\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[H\x1b[2J~\r\n~\r\n\x1b[24;1H:wq\r\x1b[?1l\x1b>\x1b[?1049l\x1b[23;0;0t";
    expect(await lines(`editing\r\n${vim}after\r\n`)).toEqual(["editing", "[full-screen program]", "after"]);
    expect(await lines("wait\x1b[?1049hstill open")).toEqual(["wait", "[full-screen program]"]);
    expect(await lines("\x1b[?2004h\x1b[?47hx\x1b[?47ly")).toEqual(["[full-screen program]", "y"]);
  });

  it("shows the row that a full-screen program ended as its last word", async () => {
    // Recorded from vim 9.0: `:wq`; `:q!`, whose row is cleared again; less, which erases its prompt.
    const written =
      '\x1b[24;1H\x1b[K\x1b[24;1H:wq\r\x1b[?2004l\x1b[>4;m"f" [New File] 3 lines, 16 bytes written\r\x1b[23;2t\x1b[23;1t\r\r\n\x1b[?2004l\x1b[?1l\x1b>';
    const left =
      "\x1b[24;1H\x1b[K\x1b[24;1H:q!\r\x1b[?2004l\x1b[>4;m\x1b[23;2t\x1b[24;1H\x1b[K\x1b[24;1H\x1b[?2004l\x1b[?1l\x1b>";
    const pager = "one\r\ntwo\r\n\x1b[7m(END)\x1b[27m\x1b[K\r\x1b[K\x1b[?1l\x1b>";
    const stay = (drawn: string) => `\x1b[?1049h\x1b[H\x1b[2J${drawn}\x1b[?1049l`;
    expect(await lines(`$ vim f\r\n${stay(written)}after\r\n`)).toEqual([
      "$ vim f",
      '[full-screen program] its last row: "f" [New File] 3 lines, 16 bytes written',
      "after",
    ]);
    expect(await lines(`${written}\x1b[?1049lafter`)).toEqual([
      '[full-screen program] its last row: "f" [New File] 3 lines, 16 bytes written',
      "after",
    ]);
    for (const drawn of [left, pager, "x"])
      expect(await lines(stay(drawn))).toEqual(["[full-screen program]"]);
    expect(await lines(stay(written) + stay(left) + stay(written.replace("16", "20")))).toEqual([
      '[full-screen program] its last row: "f" [New File] 3 lines, 16 bytes written',
      '[full-screen program] its last row: "f" [New File] 3 lines, 20 bytes written',
    ]);
  });

  it("leaves one line for the end of a full-screen program whose beginning lies before the range", async () => {
    expect(await lines("\x1b[5;1Hrow\x1b[24;1H:q\r\x1b[?1049lafter\r\n")).toEqual([
      "[full-screen program]",
      "after",
    ]);
    expect(await lines("text\r\n\x1b[?1049lafter\r\n")).toEqual(["text", "after"]);
  });

  it("shows what a program drew on the normal screen by addressing it", async () => {
    expect(await lines("\x1b[H\x1b[2J\x1b[3;5Hthree\x1b[1;1Hone\x1b[5;1H")).toEqual([
      "one",
      "",
      "    three",
      "",
    ]);
  });

  it("does not count the rows that a console jumps over on its way to the bottom (RouterOS, before each prompt)", async () => {
    const tall = { cols: 80, rows: 200 };
    const prompt = "\r\r\r\x1b[9999B[admin@r] > ";
    expect(await lines(`\r\none\r\ntwo\r\n${prompt}draft`, tall)).toEqual([
      "",
      "one",
      "two",
      "[admin@r] > draft",
    ]);
    const many = Array.from({ length: 3000 }, (_, row) => `row ${row}`);
    expect(await lines(`${many.join("\r\n")}\r\n${prompt}`, tall)).toEqual([...many, "[admin@r] >"]);
    expect(await lines(`one\r\n\r\n\r\ntwo\r\n${prompt}`, tall)).toEqual([
      "one",
      "",
      "",
      "two",
      "[admin@r] >",
    ]);
  });

  it("keeps what is drawn at the top by a console that goes to the bottom as well", async () => {
    const drawn = await lines("\x1b[H\x1b[2Jtop\r\nbelow\x1b[9999B\r\n> ", { cols: 80, rows: 10 });
    expect([drawn[0], drawn[1], drawn.at(-1)]).toEqual(["top", "below", ">"]);
  });

  it("makes control and disguising characters visible, and invalid UTF-8 a replacement character", async () => {
    expect(await lines("pay\u202etxt.exe \u200bhidden\r\n")).toEqual(["pay<U+202E>txt.exe <U+200B>hidden"]);
    expect(await lines(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82, 0x0d, 0x0a]))).toEqual(["a\ufffdb\ufffd"]);
    expect(await lines("tags\u{e0041}\u{e0042}")).toEqual(["tags<U+E0041><U+E0042>"]);
  });

  it("survives binary output", async () => {
    const bytes = randomBytes(60_000);
    const rendered = await renderText(bytes, SIZE);
    expect(rendered.lines.join("")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it("keeps every line of a long output that needs the emulator", async () => {
    const count = 30_000;
    let text = "";
    for (let i = 0; i < count; i++) text += `line ${i}\r\n`;
    const rendered = await lines(`${text}a\r\n\x1b[1Ab\r\n`);
    expect(rendered.length).toBe(count + 1);
    expect(rendered[0]).toBe("line 0");
    expect(rendered[12_345]).toBe("line 12345");
    expect(rendered.at(-1)).toBe("b");
  });

  it("says that it is approximate beyond 4 MiB of addressed rows, and still applies overwrites", async () => {
    const bar = "10%\r20%\r30%\r\n".repeat(400_000);
    const exact = await renderText(Buffer.from(bar), SIZE);
    expect(exact.approximate).toBe(false);
    const rendered = await renderText(Buffer.from(`${bar}a\r\n\x1b[1Ab\r\n`), SIZE);
    expect(rendered.approximate).toBe(true);
    expect(rendered.lines[0]).toBe("30%");
    expect(rendered.lines.length).toBe(400_003);
  });

  it("is, wherever no emulator is used, what the emulator would have shown", async () => {
    const token = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom("a", "bc ", "  ", "word", "é", "━", "e\u0301", "日"),
      },
      { weight: 3, arbitrary: fc.constantFrom("\r\n", "\r", "\b", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J") },
      {
        weight: 2,
        arbitrary: fc.constantFrom("\x1b[m", "\x1b[1;31m", "\x1b]0;t\x07", "\x1b[?25l", "\x1b(B", "\x07"),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          "\x1b[3C",
          "\x1b[D",
          "\x1b[9D",
          "\x1b[5G",
          "\x1b[2P",
          "\x1b[2@",
          "\x1b[3X",
          "\x1b[`",
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "\x1b[A",
          "\x1b[H",
          "\x1b[2J",
          "\x1bM",
          "x".repeat(19),
          "\x1b[4h",
          "\x1b(0",
        ),
      },
    );
    const size = { cols: 20, rows: 6 };
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 40 }), async (tokens) => {
        const bytes = Buffer.from(tokens.join(""));
        const drawer = new LineDrawer(bytes, size.cols);
        drawer.advance(bytes.length);
        if (!drawer.exact) return;
        compared++;
        const shown = (await replay(bytes, size)).map((line) => line.trimEnd());
        expect(strip(await lines(bytes, size))).toEqual(strip(shown));
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it("does not depend on where the work was interrupted", () => {
    const bytes = Buffer.from(
      "plain\r\nline \x1b[1mtwo\x1b[m\r\nabc\rX\x1b[K\r\nü日\r\nlast\x1b[31m part".repeat(20),
    );
    const whole = new LineDrawer(bytes, 80);
    whole.advance(bytes.length);
    const expected = whole.drain();
    for (const step of [1, 2, 3, 7, 50]) {
      const drawer = new LineDrawer(bytes, 80);
      let text = "";
      while (!drawer.done) {
        drawer.advance(step);
        text += drawer.drain();
      }
      expect(text).toBe(expected);
    }
  });
});

/** Without empty lines at the end: a cursor that stands below counts differently. */
function strip(rows: string[]): string[] {
  const copy = [...rows];
  while (copy.at(-1) === "") copy.pop();
  return copy;
}
