const CONTEXT = 3;

interface Mark {
  readonly sign: " " | "+" | "-";
  readonly row: string;
  readonly first: number;
  readonly second: number;
}

/** Rows of a unified difference without its head; empty where both are the same. */
export function unified(first: readonly string[], second: readonly string[]): string[] {
  const marks = marksOf(first, second);
  const near = marks.map((_, at) =>
    marks.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  const rows: string[] = [];
  for (let at = 0; at < marks.length; at++) {
    if (near[at] !== true) continue;
    let end = at;
    while (near[end] === true) end++;
    const hunk = marks.slice(at, end);
    const [head] = hunk;
    const count = (sign: string) => hunk.filter((one) => one.sign !== sign).length;
    rows.push(`@@ -${head?.first},${count("+")} +${head?.second},${count("-")} @@`);
    rows.push(...hunk.map(({ sign, row }) => `${sign}${row}`));
    at = end;
  }
  return rows;
}

/** By the longest rows that both have in their order. */
function marksOf(first: readonly string[], second: readonly string[]): Mark[] {
  const width = second.length + 1;
  const common = new Uint16Array((first.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = first.length - 1; i >= 0; i--)
    for (let j = second.length - 1; j >= 0; j--)
      common[i * width + j] =
        first[i] === second[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const marks: Mark[] = [];
  let [i, j] = [0, 0];
  while (i < first.length || j < second.length) {
    const place = { first: i + 1, second: j + 1 };
    if (i < first.length && j < second.length && first[i] === second[j]) {
      marks.push({ sign: " ", row: first[i] ?? "", ...place });
      i++;
      j++;
    } else if (i < first.length && (j === second.length || at(i + 1, j) >= at(i, j + 1))) {
      marks.push({ sign: "-", row: first[i] ?? "", ...place });
      i++;
    } else {
      marks.push({ sign: "+", row: second[j] ?? "", ...place });
      j++;
    }
  }
  return marks;
}
