import { describe, expect, it } from "vitest";
import { withoutEcho } from "../../../src/shell/posix/echo.ts";

const PROMPT = "u@h:~$ ";
const LINE = ` \\eval "echo 'lantern harbor \\040 meadow'";{ __me&&:;} 2>/dev/null`;

/** The same whether or not the terminal's width is known. */
function left(held: string, prompt = PROMPT, line = LINE): string[] {
  const of = (cols?: number) => withoutEcho(Buffer.from(held), { prompt, line, cols }).map(String);
  expect(of(200)).toEqual(of());
  return of();
}

/** The line with these rows of others behind each so many characters. */
function interleaved(every: number, row: (at: number) => string): { held: string; rows: string[] } {
  const rows: string[] = [];
  let held = "";
  for (let at = 0; at < LINE.length; at += every) {
    held += LINE.slice(at, at + every);
    rows.push(`${row(rows.length)}\r\n`);
    held += rows.at(-1) ?? "";
  }
  return { held: `${held}\r\n`, rows };
}

describe("the echo of a typed line", () => {
  it.each([
    ["as it was typed", `${LINE}\r\n`],
    ["with bracketed paste switched off behind it", `${LINE}\r\n\u001b[?2004l\r`],
    ["not at all", "\r\n"],
    ["twice: by the kernel, and by the editor behind its prompt", `${LINE}\r\n${PROMPT}${LINE}\r\n`],
    ["behind a prompt that is drawn again", `\r\u001b[K${PROMPT}${LINE}\r\n`],
    ["behind its own prompt that comes late", `${PROMPT}${LINE}\r\n`],
    ["behind it, with a question for the cursor's place", `${PROMPT}\u001b[6n${LINE}\r\n`],
    [
      "behind it in colours, as a row of its own program's title",
      `\u001b]0;u@h\u0007\u001b[32mu@h\u001b[m:~$ \u001b[6n${LINE}\r\n`,
    ],
    ["wrapped as readline does", `${LINE.slice(0, 40)} \r${LINE.slice(40)}\r\n`],
    ["wrapped as BusyBox ash does", `${LINE.slice(0, 40)}\r\r\n${LINE.slice(40)}\r\n`],
    ["wrapped as zsh does", `${LINE.slice(0, 40)} \r\u001b[K${LINE[40]}\r${LINE.slice(40)}\r\n`],
    [
      "scrolled as mksh does",
      `${LINE.slice(0, 40)}\r${LINE.slice(20, 40)}                  <${"\b".repeat(19)}${LINE.slice(40)}\r\r\n`,
    ],
    ["with blanks taken back, as ksh93 draws underscores", `${LINE.replaceAll("_", " \b_")}\r\n`],
    [
      "coloured word by word, then drawn again, as fish does",
      ` \r\u001b[8C${LINE.slice(1, 20)}\u001b[19D\u001b[34m${LINE.slice(1, 20)}\u001b[30m\u001b(B\u001b[m${LINE.slice(20)}\u001b[A\r\r\n\u001b[28C\r\n`,
    ],
    [
      "with a clock that is drawn beside it",
      `${LINE.slice(0, 30)}\u001b[20C12:00:07\r\u001b[37C${LINE.slice(30)}\r\n`,
    ],
    [
      "with a prompt of two rows drawn anew",
      `${LINE.slice(0, 30)}\r\u001b[A\u001b[Jlogin in ~ at 12:00:08\r\n${PROMPT}${LINE.slice(0, 30)}${LINE.slice(30)}\r\n`,
    ],
  ])("is left out: shown %s", (_, held) => {
    expect(left(held)).toEqual([]);
  });

  it("holds a row behind the line drawn anew and erased to its end, though the row begins with a word of the line", () => {
    const prompt = "\u276f ";
    const drawn = `\u001b[?2004l\r\r\u001b[A\u001b[0m\u001b[J\u001b[32m\u276f\u001b[39m ${LINE}\u001b[K`;
    for (const row of ["lantern 21", "harbor 7", "echo lantern harbor"])
      expect(left(`${LINE}${drawn}${row}\r\n\r\r\n`, prompt)).toEqual([`${row}\r\n`]);
  });

  it("is left out on a terminal of a known width: drawn, wrapped, drawn anew", () => {
    const whole = PROMPT + LINE;
    const [first, second, rest] = [whole.slice(PROMPT.length, 40), whole.slice(40, 80), whole.slice(80)];
    const wide = `${first}${second[0]}\r${second}${rest[0] ?? ""}\r${rest}`;
    for (const held of [
      `${LINE}\r\n`,
      `${wide}\r\n\u001b[?2004l\r`,
      `\r\u001b[K${whole}\r\n`,
      `${whole.slice(PROMPT.length, 41)}\r${second}`,
    ])
      expect(withoutEcho(Buffer.from(held), { prompt: PROMPT, line: LINE, cols: 40 })).toEqual([]);
  });

  it.each([
    ["copper 1\r\n", 0],
    ["1\r\n", 24],
    ["\u001b[31mcopper 2\u001b[0m\r\n", 30],
    ["7\r\n", LINE.length],
  ])("holds %j of others on a terminal of a known width, too", (row, at) => {
    const held = `${LINE.slice(0, at)}${row}${LINE.slice(at)}\r\n`;
    const rows = withoutEcho(Buffer.from(held), { prompt: PROMPT, line: LINE, cols: 200 }).join("");
    expect(rows).toContain(row.replaceAll(/\u001b\[\d+m/g, "").trim());
  });

  it.each([3, 7, 20, 61])("holds rows of others, each %i characters", (every) => {
    for (const row of [
      (at: number) => `copper ${at}`,
      (at: number) => `${at}`,
      (at: number) => `null ${at}`,
      // A word of the line itself, where the echo does not stop before just that word.
      (at: number) => `${every < 20 ? "willow" : "lantern"} ${at}`,
    ]) {
      const { held, rows } = interleaved(every, row);
      expect(left(held)).toEqual(rows);
    }
  });

  it.each([
    ["wraps as readline does", [LINE.slice(0, 40), " \r", LINE.slice(40), "\r\n"]],
    ["wraps as zsh does", [LINE.slice(0, 40), " \r\u001b[K", `${LINE[40]}\r`, LINE.slice(40), "\r\n"]],
    [
      "scrolls as mksh does",
      [
        LINE.slice(0, 40),
        "\r",
        `${LINE.slice(20, 40)}                  <${"\b".repeat(19)}`,
        LINE.slice(40),
        "\r\r\n",
      ],
    ],
    [
      "has its tail drawn anew as mksh does",
      [LINE, "\r", `${LINE.slice(17)}          <${"\b".repeat(11)}`, " \r\r\n"],
    ],
    [
      "is drawn anew from the row above as zsh does when it takes the line",
      [LINE, `\u001b[?2004l\r\r\u001b[A\u001b[0m\u001b[J${PROMPT}${LINE}\u001b[K`, "\r\r\n"],
    ],
    ["is drawn anew behind its prompt", [LINE, "\r\u001b[K", `${PROMPT}${LINE}`, "\r\n"]],
  ])("holds a row of others at each place where an echo stops that %s", (_, parts) => {
    for (const row of ["copper 116", "lantern 116", "ember 8", "meadow", "7"])
      for (let at = 0; at <= parts.length; at++) {
        const held = parts.toSpliced(at, 0, `${row}\r\n`).join("");
        for (const cols of [undefined, 200])
          expect([
            at,
            ...withoutEcho(Buffer.from(held), { prompt: PROMPT, line: LINE, cols }).map(String),
          ]).toEqual([at, `${row}\r\n`]);
      }
  });

  it("holds rows of others whole that begin as the prompt does, before the line and behind it", () => {
    const prompt = "summit@host ~> ";
    for (const word of ["saddle", "summit", "summary", "s", "ss"]) {
      const rows = [1, 2, 3].map((at) => `${word} ${at}\r\n`);
      for (const held of [`${rows.join("")}${LINE}\r\n`, `${LINE}\r\n${rows.join("")}`])
        for (const cols of [undefined, 200])
          expect(withoutEcho(Buffer.from(held), { prompt, line: LINE, cols }).map(String)).toEqual(rows);
    }
  });

  it("holds text of others that is no row yet", () => {
    expect(left(`tick 17 ${LINE}\r\n`)).toEqual(["tick 17 "]);
  });

  it("holds rows that came before, within and behind it, also coloured ones", () => {
    const half = LINE.length / 2;
    const held = `ember 1\r\n${LINE.slice(0, half)}\u001b[31member 2\u001b[0m\r\n${LINE.slice(half)}\r\n\u001b[?2004l\rember 3\r\n`;
    expect(
      left(held)
        .join("")
        .replaceAll(/\u001b\[[\d;]*m/g, ""),
    ).toBe("ember 1\r\nember 2\r\nember 3\r\n");
  });

  it("is left out where it is a line of 300 kilobytes, with rows of others kept", () => {
    const line = ` eval ${"z\\ ".repeat(100_000)}`;
    const held = `${line.slice(0, 1000)}\r\ncopper 1\r\ncopper 2\r\n${line.slice(1000)}\r\n`;
    expect(left(held, PROMPT, line)).toEqual(["copper 1\r\n", "copper 2\r\n"]);
  });

  it("is found in a flood of rows that is too large to be looked at character by character", () => {
    const flood = Array.from({ length: 12_000 }, (_, at) => `willow ${at}\r\n`);
    const held = `${flood.slice(0, 6000).join("")}${LINE.slice(0, 30)}willow x\r\n${LINE.slice(30)}\r\n${flood.slice(6000).join("")}`;
    const pieces = left(held).join("");
    for (const at of [0, 1, 5999, 6000, 11_999]) expect(pieces).toContain(`willow ${at}\r\n`);
    expect(pieces.match(/willow/g)).toHaveLength(12_001);
  });

  // fish draws what it has read so far and says where the cursor is; then the whole line in colours.
  it.each(["lantern", "echo lantern", "harbor", "meadow", "e"])(
    "holds rows that begin as the line goes on (%s), wherever a line editor stops between two keys",
    (word) => {
      const next = numbers(word.length);
      for (let time = 0; time < 60; time++) {
        const { held, rows } = drawnInPieces(next, (at) => `${word} ${at}`);
        const found = withoutEcho(Buffer.from(held), { prompt: PROMPT, line: LINE, cols: 200 });
        expect(found.map(String)).toEqual(rows);
      }
    },
  );
});

/** Numbers below a bound, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

/** The line in random pieces, each with the cursor's column behind it, and a row of others behind some of them. */
function drawnInPieces(
  next: (below: number) => number,
  row: (at: number) => string,
): { held: string; rows: string[] } {
  const rows: string[] = [];
  let held = "";
  for (let at = 0; at < LINE.length; ) {
    const to = Math.min(LINE.length, at + 1 + next(12));
    held += `${LINE.slice(at, to)}\r\u001b[${PROMPT.length + to}C`;
    at = to;
    if (next(8) > 0) continue;
    rows.push(`${row(rows.length + 130)}\r\n`);
    held += rows.at(-1) ?? "";
  }
  const coloured = LINE.replaceAll(" ", " \u001b[34m");
  return { held: `${held}\u001b[${LINE.length}D${coloured}\u001b[m\r\n\u001b[?2004l`, rows };
}
