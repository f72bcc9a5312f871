import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const script = join(import.meta.dirname, "..", "..", "scripts", "strings-of.mjs");

/** `line:text` of every string the word check would read. */
function stringsOf(source: string): unknown {
  const run = `import(process.argv[1]).then(({ stringsOf }) => {
    const found = stringsOf(require("node:fs").readFileSync(0, "utf8"));
    console.log(JSON.stringify(found.map(({ line, text }) => line + ":" + text)));
  });`;
  return JSON.parse(execFileSync(process.execPath, ["-e", run, script], { input: source, encoding: "utf8" }));
}

it("reads literals and the pieces of templates, with the line each begins at", () => {
  const source = [
    'const a = "one";',
    "const b = 'it\\'s two';",
    'const c = `three ${a === "four" ? `five ${b}` : {}} six`;',
    "const d = `seven",
    "eight`;",
  ].join("\n");
  expect(stringsOf(source)).toEqual([
    "1:one",
    "2:it's two",
    "3:three ",
    "3:four",
    "3:five ",
    "3: six",
    "4:seven\neight",
  ]);
});

it("passes over comments, regular expressions and divisions", () => {
  const source = [
    '// it\'s "no" string',
    "/* nor `this` */ const a = b / c; const d = e / f;",
    "const g = /[\"'`/]\\/`/.test(x) ? 1 : 2;",
    "return /don't/;",
    "call(a / 2, 'yes');",
  ].join("\n");
  expect(stringsOf(source)).toEqual(["5:yes"]);
});
