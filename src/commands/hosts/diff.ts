/** Lines around a change that are shown with it. */
const CONTEXT = 2;
/** Beyond this product of lengths the lines are not compared one by one. */
const MOST_COMPARED = 4_000_000;

type Row = readonly [mark: " " | "-" | "+", line: string];

/** What changes between two texts, as people read it; empty where nothing does. Secrets in the file are not repeated. */
export function diffOf(before: string, after: string): string {
  const rows = rowsOf(linesOf(before), linesOf(after));
  const near = rows.map((_, at) =>
    rows.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([mark]) => mark !== " "),
  );
  const shown: string[] = [];
  let line = 0;
  for (const [at, [mark, text]] of rows.entries()) {
    if (mark !== "+") line++;
    if (near[at] !== true) continue;
    if (near[at - 1] !== true) shown.push(`@@ line ${mark === "+" ? line + 1 : line} @@`);
    shown.push(`${mark}${masked(text)}`);
  }
  return shown.map((row) => `${row}\n`).join("");
}

const SECRET =
  /^(\s*(?:- )?["']?(?:password|passphrase|passwd|pass|secret|token|otp|enable|enable_password|enable_secret|sudo|sudo_password)["']?\s*:).*$/i;

/** A secret that somebody wrote into the file stays there alone. */
function masked(line: string): string {
  return line
    .replace(SECRET, "$1 …")
    .replace(/([{,]\s*["']?(?:password|passphrase|passwd|secret|token)["']?\s*:)[^,}]*/gi, "$1 …");
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function rowsOf(before: readonly string[], after: readonly string[]): Row[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const kept = (lines: readonly string[]): Row[] => lines.map((line) => [" ", line]);
  return [
    ...kept(before.slice(0, head)),
    ...compared(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...kept(before.slice(before.length - tail)),
  ];
}

/** By the longest common subsequence of lines. */
function compared(before: readonly string[], after: readonly string[]): Row[] {
  const width = after.length + 1;
  if (before.length * after.length > MOST_COMPARED)
    return [...before.map((line): Row => ["-", line]), ...after.map((line): Row => ["+", line])];
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old = "", fresh = ""] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === fresh) {
      rows.push([" ", old]);
      i++;
      j++;
    } else if (
      i < before.length &&
      (j === after.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      rows.push(["-", old]);
      i++;
    } else {
      rows.push(["+", fresh]);
      j++;
    }
  }
  return rows;
}
