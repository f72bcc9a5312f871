import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Edit } from "../../../src/remote/text/edit.ts";
import { applyEdits } from "../../../src/remote/text/edits.ts";

const edited = async (text: string, ...edits: Edit[]) => (await applyEdits(text, edits)).text;
const refusal = async (text: string, ...edits: Edit[]): Promise<string> =>
  applyEdits(text, edits).then(
    (done) => `applied: ${JSON.stringify(done.text)}`,
    (error: Error) => error.message,
  );

describe("old text gives way to new", () => {
  test.each<[string, string, Edit, string]>([
    ["once", "a b c", { old: "b", new: "x" }, "a x c"],
    ["everywhere, if asked", "b a b", { old: "b", new: "x", all: true }, "x a x"],
    ["without new it goes", "a b c", { old: "b " }, "a c"],
    ["a dollar sign is one", "price=1", { old: "1", new: "$1 $$ $&" }, "price=$1 $$ $&"],
    ["brackets and stars are text", "a[*].b", { old: "[*].", new: "." }, "a.b"],
    ["over several lines", "a\nb\nc\n", { old: "a\nb", new: "x" }, "x\nc\n"],
    ["lines keep their CRLF", "a\r\nb\r\nc\r\n", { old: "a\nb\n", new: "1\n2\n3\n" }, "1\r\n2\r\n3\r\nc\r\n"],
    ["one line of a CRLF file", "a\r\nb\r\n", { old: "b", new: "x" }, "a\r\nx\r\n"],
    ["old with CRs is the very bytes", "a\r\nb\r\n", { old: "a\r\nb", new: "a\nb" }, "a\nb\r\n"],
    ["lines that end with CR", "a\rb\rc", { old: "b\n", new: "x\ny\n" }, "a\rx\ry\rc"],
    [
      "each line of a mixed file keeps its end",
      "a\r\nb\nc\r\n",
      { old: "a\nb\n", new: "1\n2\n" },
      "1\r\n2\nc\r\n",
    ],
    ["a missing last line end stays missing", "a\nb", { old: "b", new: "x" }, "a\nx"],
    [
      "a lone CR in a text with LF is part of its line",
      "5%\r10%\nend\n",
      { old: "10%", new: "x" },
      "5%\rx\nend\n",
    ],
  ])("%s", async (_, text, edit, result) => {
    expect(await edited(text, edit)).toBe(result);
  });
});

describe("lines by number", () => {
  const file = "one\ntwo\nthree\n";
  test.each<[string, string, Edit, string]>([
    ["a line is replaced", file, { line: 2, new: "2" }, "one\n2\nthree\n"],
    [
      "by several, with a line end behind them or not",
      file,
      { line: 2, new: "2\n2b\n" },
      "one\n2\n2b\nthree\n",
    ],
    ["by an empty one", file, { line: 2, new: "" }, "one\n\nthree\n"],
    ["it is deleted", file, { line: 2 }, "one\nthree\n"],
    ["a range is deleted", file, { line: 2, to: 3 }, "one\n"],
    ["a range is replaced", file, { line: 1, to: 2, new: "x" }, "x\nthree\n"],
    ["inserted at the beginning", file, { after: 0, new: "x" }, "x\none\ntwo\nthree\n"],
    ["inserted behind a line", file, { after: 1, new: "x" }, "one\nx\ntwo\nthree\n"],
    ["appended", file, { after: -1, new: "x" }, "one\ntwo\nthree\nx\n"],
    ["appended where the last line has no end", "one\ntwo", { after: -1, new: "x" }, "one\ntwo\nx"],
    ["the last line without an end is replaced", "one\ntwo", { line: 2, new: "x" }, "one\nx"],
    ["into an empty file", "", { after: -1, new: "x" }, "x\n"],
    ["with the file's CRLF", "a\r\nb\r\n", { after: 1, new: "x\ny" }, "a\r\nx\r\ny\r\nb\r\n"],
    ["appended to CRLF without a last end", "a\r\nb", { after: -1, new: "x" }, "a\r\nb\r\nx"],
  ])("%s", async (_, text, edit, result) => {
    expect(await edited(text, edit)).toBe(result);
  });

  test.each<[string, Edit, RegExp]>([
    ["a line that is not there", { line: 4, new: "x" }, /no line 4: the file has 3 lines/],
    ["a range past the end", { line: 2, to: 9 }, /no line 9/],
    ["a range backwards", { line: 3, to: 2 }, /before/],
    ["an insertion of nothing", { after: 1 }, /needs new/],
    ["an insertion past the end", { after: 7, new: "x" }, /no line 7/],
    ["no place at all", { new: "x" }, /exactly one/],
    ["two places", { old: "one", line: 1 }, /exactly one/],
    ["to without line", { old: "one", to: 2 }, /to goes with line/],
    ["all with a line", { line: 1, all: true }, /all goes with/],
  ])("%s is refused", async (_, edit, why) => {
    expect(await refusal(file, edit)).toMatch(why);
  });
});

describe("a regex", () => {
  test.each<[string, string, Edit, string]>([
    ["with groups", "Port 22\n", { regex: "^Port (\\d+)$", new: "Port 2$1" }, "Port 222\n"],
    ["$$ is a dollar sign, $0 the match", "a=1\n", { regex: "1", new: "$$$0" }, "a=$1\n"],
    ["a named group", "a=1", { regex: "(?P<key>\\w)=1", new: "${key}=2" }, "a=2"],
    ["$10 is group 1 and a 0 where there is no tenth", "a", { regex: "(a)", new: "$10" }, "a0"],
    ["a dollar sign before anything else is one", "a", { regex: "a", new: "$HOME $(x) $" }, "$HOME $(x) $"],
    ["$ is the end of a CRLF line", "a=1\r\nb=2\r\n", { regex: "1$", new: "9" }, "a=9\r\nb=2\r\n"],
    ["blanks do not reach over lines", "a  \n\n  b\n", { regex: "\\s+$", new: "" }, "a\n\n  b\n"],
    [
      "\\n at its end takes the line along",
      "x\n#a\ny\n#b\n",
      { regex: "^#.*\\n", new: "", all: true },
      "x\ny\n",
    ],
    ["everywhere, if asked", "a a\na\n", { regex: "a", new: "b", all: true }, "b b\nb\n"],
    ["a line break in new is the file's", "a b\r\n", { regex: " ", new: "\n" }, "a\r\nb\r\n"],
  ])("%s", async (_, text, edit, result) => {
    expect(await edited(text, edit)).toBe(result);
  });

  test.each<[string, string, Edit, RegExp]>([
    [
      "several matches",
      "a\nb\na\na\n",
      { regex: "a", new: "" },
      /matches 3 times, in lines 1, 3 and 4.*all: true/,
    ],
    ["no match", "a", { regex: "z", new: "" }, /matches no line/],
    ["a group that is not there", "a", { regex: "a", new: "$2" }, /\$2, and the pattern has 0 groups/],
    ["look-ahead", "a", { regex: "a(?=b)", new: "" }, /RE2/],
    ["more than one line", "a\nb", { regex: "a\\nb", new: "" }, /line by line/],
  ])("%s: refused", async (_, text, edit, why) => {
    expect(await refusal(text, edit)).toMatch(why);
  });
});

describe("a text that does not stand there says what comes near", () => {
  const file = "def f():\n\treturn 'x'  \n\nif a:\n    b = 1\n    c = 2\n";
  test.each<[string, string, string, RegExp]>([
    [
      "indentation",
      file,
      "    return 'x'",
      /line 2 it is, except for how its lines are indented: line 2 is "\\treturn/,
    ],
    ["blanks at line ends", file, "return 'x'\n\nif", /line 2 it is, except for blanks at its lines' ends/],
    ["blanks inside", file, "b=1", /in line 5 it is, except for blanks/],
    ["capitals", file, "B = 1", /line 5 it is, except for capitals/],
    ["quotes of another kind", file, "‘x’", /line 2 it is, except for quotes/],
    ["a blank that is none", "a\u00a0b\n", "a b", /line 1 is "a\\u00a0b"/],
    ["CRs that the file has not", "a\nb\n", "a\r\nb", /without them/],
    ["a last line end", "a\nb", "b\n", /last line has none/],
    [
      "how far it goes",
      file,
      "if a:\n    b = 1\n    d = 3",
      /first 2 lines are at line 4, but line 6 is " {4}c = 2", old has " {4}d = 3"/,
    ],
    ["a secret's stand-in", "password=hunter2hunter2\n", "password=[secret]", /\[secret\] is a placeholder/],
    ["line numbers of a listing", file, "5:     b = 1\n6:     c = 2", /without the line numbers it is/],
    ["nothing near", file, "zzz\nyyy", /nor does its first line, "zzz"/],
    ["several places", "a\nb\na\n", "a", /matches 2 times, in lines 1 and 3.*all: true/],
    ["places that overlap", "aaa", "aa", /2 times/],
  ])("%s", async (_, text, old, why) => {
    expect(await refusal(text, { old, new: "new" })).toMatch(why);
  });
});

describe("what editors of others were reported to break stays whole", () => {
  test.each<[string, string, Edit, string]>([
    [
      "CRs of a progress bar, when another line is edited",
      "start\n10%\r50%\r100%\ndone\n",
      { old: "done", new: "finished" },
      "start\n10%\r50%\r100%\nfinished\n",
    ],
    [
      "a CR behind the edited text",
      "prefix\rprogress\n",
      { old: "prefix", new: "PREFIX" },
      "PREFIX\rprogress\n",
    ],
    [
      "records with CRs",
      "id=1\rid=2\rid=3\nfooter\n",
      { old: "id=2", new: "id=two" },
      "id=1\rid=two\rid=3\nfooter\n",
    ],
    [
      "CRLF lines behind an LF one",
      "alpha\nbeta\r\ngamma\r\n",
      { old: "alpha", new: "ALPHA" },
      "ALPHA\nbeta\r\ngamma\r\n",
    ],
    [
      "an LF line before CRLF ones, edited over both",
      "alpha\nbeta\r\ngamma\r\n",
      { old: "alpha\nbeta", new: "A\nB" },
      "A\nB\r\ngamma\r\n",
    ],
    ["dollar patterns", "TOKEN", { old: "TOKEN", new: "$& $$ $` $' $1 $<x>" }, "$& $$ $` $' $1 $<x>"],
    ["a missing last line end, in the middle edited", "a\nb\nc", { line: 2, new: "B" }, "a\nB\nc"],
    ["blank lines and blanks at the end", "a  \n\n\nb\t\n\n", { old: "b", new: "c" }, "a  \n\n\nc\t\n\n"],
    [
      "indentation that the model does not repeat",
      "if x:\n\t  y\n",
      { old: "y", new: "z" },
      "if x:\n\t  z\n",
    ],
    ["separators of Unicode", "a\u2028b\u0085c\n", { old: "c", new: "d" }, "a\u2028b\u0085d\n"],
    ["form feeds and vertical tabs", "a\fb\vc\n", { line: 1, new: "x" }, "x\n"],
  ])("%s", async (_, text, edit, result) => {
    expect(await edited(text, edit)).toBe(result);
  });
});

describe("several edits in one call", () => {
  test("all see the file as it was, in whichever order they are given", async () => {
    const edits: Edit[] = [
      { line: 3, new: "3" },
      { after: 0, new: "0" },
      { old: "one", new: "1" },
      { line: 2 },
    ];
    expect(await edited("one\ntwo\nthree\n", ...edits)).toBe("0\n1\n3\n");
    expect(await edited("one\ntwo\nthree\n", ...edits.toReversed())).toBe("0\n1\n3\n");
  });

  test("insertions at one place come in the order given", async () => {
    expect(await edited("a\n", { after: 1, new: "b" }, { after: -1, new: "c" })).toBe("a\nb\nc\n");
  });

  test("one that fails leaves all undone, and every one that fails is named", async () => {
    const why = await refusal("a\nb\n", { old: "a", new: "x" }, { old: "q", new: "y" }, { line: 9 });
    expect(why).toMatch(/^nothing was changed: edit 2: old is not in the file.*\nedit 3: there is no line 9/);
  });

  test("those that overlap are refused with their place", async () => {
    expect(await refusal("a\nb c\n", { old: "b c", new: "x" }, { old: "c", new: "y" })).toMatch(
      /edits 1 and 2 overlap in line 2/,
    );
    expect(await refusal("a\nb\nc\n", { line: 1, to: 3 }, { after: 2, new: "y" })).toMatch(
      /overlap in line 3/,
    );
  });

  test("text that an earlier edit brings is not the file's", async () => {
    expect(await refusal("a", { old: "a", new: "b c" }, { old: "b", new: "d" })).toMatch(
      /what edit 1 puts there/,
    );
  });
});

test("what no edit names stays as it is, to the byte", async () => {
  const piece = fc.constantFrom("a", "b", " ", "\t", "\n", "\r\n", "\r", "é", "😀", "$1", "\u0000");
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(piece), fc.string(), async (before, after, text) => {
      const [left, right] = [before.join(""), after.join("")];
      const mark = "<here>";
      const result = await edited(`${left}${mark}${right}`, { old: mark, new: text.replace(/[\r\n]/g, "") });
      expect(result).toBe(`${left}${text.replace(/[\r\n]/g, "")}${right}`);
    }),
    { numRuns: 300 },
  );
});

test("5 MB: an edit, a regex, a near miss and a diff of another text end in bounded time", async () => {
  const file = "listen_addresses = 'localhost' # a comment 12345\n".repeat(50_000);
  const text = `${file}the end\n${file}`;
  const started = process.cpuUsage();
  expect(await edited(text, { old: "the end", new: "x" }, { line: 5, new: "five" })).toContain("\nx\n");
  expect((await applyEdits(text, [{ regex: "^listen_(\\w+)", new: "$1", all: true }])).counts).toEqual([
    100_000,
  ]);
  expect(await refusal(text, { old: "listen_addresses\n = nothing\nthe end", new: "x" })).toMatch(
    /nothing was changed/,
  );
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(15);
});
