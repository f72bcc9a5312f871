import { visible } from "../../src/base/text.ts";
import { KeptOutput } from "../../src/remote/kept-output.ts";
import { selectExec } from "../../src/results/exec-selection.ts";
import { selectOutput } from "../../src/results/output-selection.ts";
import { render } from "../../src/results/render.ts";
import { outcomeOf, record, scriptedView } from "../tools/fake.ts";
import { pick, seeded } from "./random.ts";

/** What a line of a random output is made of: letters of several widths, blanks, controls, words that read like errors. */
const PIECES = [
  "a",
  "row",
  " ",
  "    ",
  "\t",
  "error",
  "DENIED",
  "% x",
  "\u00e4",
  "\u4e16\u754c",
  "\u{1f600}",
  "\u202e",
  "\u0001",
  "\u001b[31m",
  "\u2026 3 lines left out \u2026",
  "12: x",
  "[web1 #7 done exit=0]",
] as const;

function randomLines(random: () => number): string[] {
  const count = Math.floor(pick(random, [3, 40, 400, 4_000]) * random()) + 1;
  const width = pick(random, [2, 10, 40]);
  return Array.from({ length: count }, (_, index) => {
    // Rows without a word are the border of an output, which is not shown.
    const length = Math.floor(width * random());
    const long = random() < 0.002 ? "w".repeat(9_000) : "";
    return `${index}${Array.from({ length }, () => pick(random, PIECES)).join("")}${long}`.trimEnd();
  });
}

/** Faults in what a caller gets of one random output, by a session and by an exec; empty: there are none. */
export async function checkShown(seed: number): Promise<readonly string[]> {
  const random = seeded(seed);
  const printed = randomLines(random);
  const lines = printed.map(visible);
  const maxTokens = pick(random, [undefined, 200, 1_000]);
  return [
    ...(await sessionFaults(lines, maxTokens)).map((fault) => `session: ${fault}`),
    ...(await execFaults(printed, lines, maxTokens, random)).map((fault) => `exec: ${fault}`),
  ];
}

async function sessionFaults(lines: readonly string[], maxTokens: number | undefined): Promise<string[]> {
  const transcript = `${lines.join("\n")}\n`;
  const outcome = outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0, to: transcript.length });
  const view = scriptedView({
    transcript,
    commands: [record(7, 0, transcript.length, "a command")],
    outcome,
  });
  const text = await render({ result: { kind: "wait", reply: { session: view, outcome } }, maxTokens });
  const whole = await selectOutput(view, { command: 7 });
  const read = whole.lines.join("\n") === lines.join("\n") ? [] : ["ssh_read has other lines"];
  return [...read, ...shownFaults(text, lines)];
}

async function execFaults(
  printed: readonly string[],
  lines: readonly string[],
  maxTokens: number | undefined,
  random: () => number,
): Promise<string[]> {
  const stdout = new KeptOutput();
  const bytes = Buffer.from(`${printed.join("\n")}\n`);
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(random() * 5_000);
    stdout.push(bytes.subarray(at, at + size));
    at += size;
  }
  const end = { is: "exit", code: 0, held: false } as const;
  const exec = { id: 7, host: "web1", command: "x", end, durationMs: 1, stdout, stderr: new KeptOutput() };
  const text = await render({ result: { kind: "exec", record: exec }, maxTokens });
  const { rows, listing } = await selectExec(exec, {});
  const read = rows.join("\n") === lines.join("\n") ? [] : ["ssh_read has other lines"];
  const counted = listing.total === lines.length ? [] : [`${listing.total} lines counted of ${lines.length}`];
  return [...read, ...counted, ...shownFaults(text, lines)];
}

/** Each row of a result is the line it is shown as, and the numbers add up. */
function shownFaults(text: string, lines: readonly string[]): string[] {
  const rows = text.split("\n");
  const status = rows.pop() ?? "";
  const number = (word: string | undefined) => Number(word?.replaceAll(",", ""));
  const [, count, total] = / shown=([\d,]+) of ([\d,]+) lines?\b/.exec(status) ?? [];
  if (count === undefined) {
    const [, all] = / ([\d,]+) lines?\]$/.exec(status) ?? [];
    const same = rows.join("\n") === lines.join("\n");
    return [...(same ? [] : ["not what was printed"]), ...(number(all) === lines.length ? [] : [status])];
  }
  const faults = number(total) === lines.length ? [] : [status];
  const gap = rows.findIndex((row) => /^\u2026 [\d,]+ lines? \/ .* left out; ssh_read/.test(row));
  if (gap < 0) return [...faults, "no row for the gap"];
  const [, left] = /^\u2026 ([\d,]+)/.exec(rows[gap] ?? "") ?? [];
  if (number(left) + number(count) !== lines.length) faults.push(`${left} left out, ${count} shown`);
  const between = /or grep; ([\d,]+) of [\d,]+ lines/.exec(rows[gap] ?? "")?.[1];
  const telling = between === undefined ? 0 : number(between);
  const head = rows.slice(0, gap);
  const marked = rows.slice(gap + 1, gap + 1 + telling);
  const tail = rows.slice(gap + 1 + (telling === 0 ? 0 : telling + 1));
  for (const [index, row] of head.entries())
    if (!isShownAs(row, lines[index])) faults.push(`line ${index + 1}: ${row}`);
  for (const row of marked) {
    const [, at, shown = ""] = /^(\d+): (.*)$/s.exec(row) ?? [];
    if (!isShownAs(shown, lines[Number(at) - 1])) faults.push(`row ${row}`);
  }
  for (const [index, row] of tail.entries())
    if (!isShownAs(row, lines[lines.length - tail.length + index])) faults.push(`from the end: ${row}`);
  if (head.length + telling + tail.length !== number(count)) faults.push(`${status}: other rows are shown`);
  return faults;
}

/** The line itself, or both its ends with a true count of what is between. */
function isShownAs(row: string, line: string | undefined): boolean {
  if (line === undefined || row === line) return row === line;
  const [, begin = "", left = "", end = ""] =
    /^(.*)\u2026 ([\d,]+) characters of this line left out \u2026(.*)$/s.exec(row) ?? [];
  return (
    line.startsWith(begin) &&
    line.endsWith(end) &&
    begin.length + end.length + Number(left.replaceAll(",", "")) === line.length
  );
}

/** `checkShown` for `count` seeds from `from` on. */
export async function shownSeeds(
  from: number,
  count: number,
  progress: (done: number) => void,
): Promise<{ faults: string[]; results: number }> {
  const faults: string[] = [];
  for (let seed = from; seed < from + count; seed++) {
    for (const fault of await checkShown(seed)) faults.push(`seed ${seed}: ${fault}`);
    progress(seed - from + 1);
  }
  return { faults, results: count };
}
