// What the policy decides on the collections of test/policy/collections, and how long that takes; what kinds of deny-lists decide on
// the same. `npm run bench:policy`; `--wrong` prints each text that is decided wrongly.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { judgeCli, stateAt } from "../src/policy/cli/judge.ts";
import { grammarOf } from "../src/policy/cli/library.ts";
import { judgePosix } from "../src/policy/posix/judge.ts";
import type { Risk } from "../src/policy/risk.ts";
import { DENY_LISTS } from "./policy-lists.ts";

type JudgeText = (text: string) => { readonly risk: Risk };

/** What judges the texts of a platform. */
function judgeOf(platform: string): JudgeText {
  if (platform === "posix") return (text) => judgePosix(text);
  const grammar = grammarOf(platform);
  return (text) => judgeCli(text, grammar, stateAt(grammar));
}

const kinds = z.record(z.string(), z.array(z.string()));
const shape = z.object({ platform: z.string(), destructive: kinds.default({}), benign: kinds.default({}) });

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly text: string;
  readonly destructive: boolean;
}

const folder = join(import.meta.dirname, "..", "test", "policy", "collections");
/** Each text is judged this often for the times. */
const ROUNDS = 20;

function read(): ReadonlyMap<string, readonly Case[]> {
  const found = new Map<string, Case[]>();
  for (const file of readdirSync(folder, { encoding: "utf8", recursive: true }).filter((name) =>
    name.endsWith(".yaml"),
  )) {
    const { success, data } = shape.safeParse(parse(readFileSync(join(folder, file), "utf8")));
    if (!success) {
      console.log(`${file}: not a collection of destructive and benign texts, skipped`);
      continue;
    }
    const cases = found.get(data.platform) ?? [];
    for (const [side, destructive] of [
      [data.destructive, true],
      [data.benign, false],
    ] as const)
      for (const [kind, texts] of Object.entries(side))
        for (const text of texts) cases.push({ file, kind, text, destructive });
    found.set(data.platform, cases);
  }
  return found;
}

interface Decided {
  readonly recall: number;
  readonly falseAlarms: number;
  readonly wrong: readonly Case[];
}

function decide(cases: readonly Case[], asks: (text: string) => boolean): Decided {
  const wrong = cases.filter((one) => asks(one.text) !== one.destructive);
  const share = (destructive: boolean) => {
    const all = cases.filter((one) => one.destructive === destructive).length;
    return all === 0 ? 0 : wrong.filter((one) => one.destructive === destructive).length / all;
  };
  return { recall: 1 - share(true), falseAlarms: share(false), wrong };
}

/**
 * Microseconds that the decision of half, and of 99 of 100 texts takes at most; of each text the median of its rounds, as a machine
 * that does something else between two reads of the clock says nothing of the policy.
 */
function times(
  cases: readonly Case[],
  judge: (text: string) => unknown,
): { readonly p50: number; readonly p99: number } {
  const taken = cases.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, { text }] of cases.entries()) {
      const from = performance.now();
      judge(text);
      taken[index]?.push((performance.now() - from) * 1000);
    }
  const medians = taken.map((rounds) => at(rounds, 0.5));
  return { p50: at(medians, 0.5), p99: at(medians, 0.99) };
}

function at(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length * share)] ?? 0;
}

function row(...cells: readonly (string | number)[]): void {
  const widths = [24, 12, 8, 9, 13, 9, 9];
  console.log(
    cells
      .map((cell, at) =>
        at === 0 ? String(cell).padEnd(widths[at] ?? 9) : String(cell).padStart(widths[at] ?? 9),
      )
      .join(" "),
  );
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

for (const [platform, cases] of read()) {
  const judge = judgeOf(platform);
  const destructive = cases.filter((one) => one.destructive).length;
  row(platform, "destructive", "benign", "recall", "false alarms", "p50 µs", "p99 µs");
  const decided = decide(cases, (text) => !/^(?:read|write)$/.test(judge(text).risk));
  const { p50, p99 } = times(cases, judge);
  row(
    "the policy",
    destructive,
    cases.length - destructive,
    percent(decided.recall),
    percent(decided.falseAlarms),
    p50.toFixed(0),
    p99.toFixed(0),
  );
  for (const { name, denies } of DENY_LISTS) {
    const list = decide(cases, denies);
    row(
      name,
      destructive,
      cases.length - destructive,
      percent(list.recall),
      percent(list.falseAlarms),
      "",
      "",
    );
  }
  for (const kind of new Set(
    cases.map((one) => `${one.destructive ? "destructive" : "benign"}, ${one.kind}`),
  )) {
    const some = cases.filter((one) => `${one.destructive ? "destructive" : "benign"}, ${one.kind}` === kind);
    const right =
      1 - decide(some, (text) => !/^(?:read|write)$/.test(judge(text).risk)).wrong.length / some.length;
    console.log(
      `  ${kind.padEnd(40)} ${String(some.length).padStart(4)} ${percent(right).padStart(8)} right`,
    );
  }
  if (process.argv.includes("--wrong"))
    for (const { file, kind, text } of decided.wrong) console.log(`  wrong: ${file}, ${kind}: ${text}`);
  console.log("");
}
