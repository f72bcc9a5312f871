import { patternOf } from "../../base/pattern.ts";

/** A line of a configuration below the lines it belongs to. */
interface Placed {
  readonly path: string;
  readonly line: string;
}

export interface TextChange {
  readonly added: readonly Placed[];
  readonly removed: readonly Placed[];
  /** The same lines in another order, which a list of rules may mean. */
  readonly moved: boolean;
}

/** Lines alone, or those that only close a block. */
const CLOSES = /^(?:!|#|\}|exit|quit|end|return)?$/;
/** A section of RouterOS' export. */
const SECTION = /^\/[a-z]/;

/** What was added and removed between two texts, each line with the section it is in. `noise`: patterns of rows that do not count. */
export function textChange(
  before: readonly string[],
  after: readonly string[],
  noise: readonly string[],
): TextChange {
  const [old, now] = [placed(before, noise), placed(after, noise)];
  const removed = less(old, now);
  const added = less(now, old);
  const moved =
    added.length + removed.length === 0 && old.some((one, index) => keyOf(one) !== keyOf(now[index]));
  return { added, removed, moved };
}

function placed(lines: readonly string[], noise: readonly string[]): Placed[] {
  const patterns = noise.map((source) => patternOf(source));
  const open: { readonly indent: number; readonly line: string }[] = [];
  const found: Placed[] = [];
  for (const raw of lines) {
    const row = raw.trimEnd();
    const line = row.trim();
    if (CLOSES.test(line)) continue;
    if (patterns.some((one) => row.length <= one.reach && one.find(row) !== undefined)) continue;
    const section = SECTION.test(row);
    const indent = section ? -1 : row.length - row.trimStart().length;
    while ((open.at(-1)?.indent ?? Number.NEGATIVE_INFINITY) >= indent) open.pop();
    const path = open.map((one) => one.line).join(" / ");
    found.push({ path, line });
    open.push({ indent, line });
  }
  return found;
}

/** Those that one has more often than the other, in their order. */
function less(these: readonly Placed[], without: readonly Placed[]): Placed[] {
  const count = new Map<string, number>();
  for (const one of without) count.set(keyOf(one), (count.get(keyOf(one)) ?? 0) + 1);
  return these.filter((one) => {
    const left = count.get(keyOf(one)) ?? 0;
    count.set(keyOf(one), left - 1);
    return left <= 0;
  });
}

function keyOf(one: Placed | undefined): string {
  return one === undefined ? "" : `${one.path}\n${one.line}`;
}
