import { describe, expect, it } from "vitest";
import { expectedOf, onPaper, onXterm, settled, withoutTrailingBlanks } from "./judge.ts";
import { expectedOutput, promptFiles, recordingOf, recordings } from "./recording.ts";
import { undump } from "./undump.ts";

const all = recordings();

describe("Reading a recording", () => {
  it("turns Ruby's escapes into what they stand for", () => {
    expect(undump(String.raw`a\e[m\r\n\b\x20\u00e9\u{1f600}\xc3\xa9\033\"\\n\#`)).toBe(
      'a\u001b[m\r\n\b \u00e9\u{1f600}\u00e9\u001b"\\n#',
    );
  });

  it("takes a map in any order and a list in strict order", () => {
    const map = recordingOf(
      "ios_x",
      'init_prompt: |-\n  R#\ncommands:\n  "show a\\n": |-\n    show a\n    R#\n',
    );
    const list = recordingOf(
      "ios_x",
      'init_prompt: |-\n  R#\ncommands:\n  - "show a\\n": |-\n      show a\n      R#\n',
    );
    expect([map.ordered, list.ordered]).toEqual([false, true]);
    expect(map.steps).toEqual([{ input: "show a", isKey: false, output: "show a\r\nR#" }]);
    expect(list.steps).toEqual(map.steps);
  });

  it("gives lines that lost their carriage return back what a PTY prints, and leaves those that kept it", () => {
    const { steps } = recordingOf(
      "ios_x",
      'init_prompt: R#\ncommands:\n  - "a\\n": |-\n      a\n      b\\r\n      c\\r\\r\n      R#\n',
    );
    expect(steps[0]?.output).toBe("a\r\nb\r\nc\r\r\nR#");
  });

  it("knows keys from lines, and the line end that a device insists on", () => {
    const pager = all.find(({ name }) => name.startsWith("tnsr_TNSR_23"));
    expect(pager?.steps.filter(({ isKey }) => isKey).map(({ input }) => input)).toEqual([" ", " ", " ", " "]);
    expect(all.find(({ model }) => model === "tplink")?.newline).toBe("\r\n");
  });

  it("has a pager's row at the end of whatever a key follows", () => {
    for (const { name, steps } of all)
      for (const [index, { output }] of steps.entries())
        if (steps[index + 1]?.isKey) expect(output, name).toMatch(/(?:--More--|lines \d+-\d+) ?$/);
  });

  it("tells terminal sessions from the output of exec requests", () => {
    const models = (interactive: boolean) => [
      ...new Set(all.filter((one) => one.interactive === interactive).map(({ model }) => model)),
    ];
    expect(models(false)).toEqual(["junos", "routeros"]);
    expect(models(true)).toEqual([
      ...["aoscx", "aosw", "asa", "efos", "eos", "fortigate", "h3c", "ios"],
      ...["mlnxos", "nxos", "tnsr", "tplink", "vyos"],
    ]);
  });

  it("reads every prompt file", () => {
    const files = promptFiles();
    expect(files.length).toBeGreaterThan(20);
    expect(files.find(({ model }) => model === "garderos")).toEqual({
      model: "garderos",
      pass: ["LAB-R1234_Garderos# "],
      passWithExpect: ["\u001b[4m\rLAB-R1234_Garderos#\u001b[m "],
      fail: ["\u001b[4m\rLAB-R1234_Garderos#\u001b[m ", "#LAB#"],
    });
  });
});

describe("The judge of what a command's text must be", () => {
  it("agrees with a terminal emulator on every output of the corpus", async () => {
    let outputs = 0;
    for (const { name, init, steps } of all) {
      const printed = `${init}${steps.map(({ output }) => output).join("")}`;
      const paper = onPaper(printed);
      expect(paper.map(settled), name).toEqual((await onXterm(printed)).map(settled));
      outputs += paper.length;
    }
    expect(outputs).toBeGreaterThan(4000);
  });

  it("finds the rows that oxidized keeps of the same recordings", () => {
    let kept = 0;
    let found = 0;
    for (const recording of all) {
      const ours = new Set(
        expectedOf(recording).flatMap(({ rows }) => rows.map((row) => settled(row).trim())),
      );
      for (const line of expectedOutput(recording.name).split(/\r?\n/)) {
        const row = settled(line.replace(/^(?:[!#]+ |; )/, "")).trim();
        if (row === "" || row.includes("<secret hidden>")) continue;
        kept++;
        if (ours.has(row) || ours.has(settled(line).trim())) found++;
      }
    }
    expect(kept).toBeGreaterThan(3000);
    expect(found / kept).toBeGreaterThan(0.95);
  });

  it("leaves neither pager nor prompt in it", () => {
    for (const recording of all.filter(({ interactive }) => interactive))
      for (const { command, rows } of expectedOf(recording)) {
        expect(rows, `${recording.name} ${command}`).toEqual(withoutTrailingBlanks(rows));
        expect(rows.join("\n"), `${recording.name} ${command}`).not.toMatch(/--More--|lines \d+-\d+/);
        expect(rows.at(-1) ?? "", `${recording.name} ${command}`).not.toMatch(/^\S+ ?[#>$]$/);
      }
  });
});
