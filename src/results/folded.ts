/** A name with one run of digits taken out. */
interface Split {
  readonly before: string;
  readonly digits: string;
  readonly behind: string;
}

/** Signs of the notation itself: such a name is shown as it is. */
const OWN_SIGNS = /[[\],\s]/;

/**
 * Names with their numbers as ranges, as clusters write them: `leaf[1-40,43]`, `sw[01-08].lab`. Unfolded it gives exactly
 * these names, in this order of each part; a name whose number stands alone stays as it is.
 */
export function foldNames(names: readonly string[]): string {
  const plain = names.filter((name) => OWN_SIGNS.test(name)).map((name) => JSON.stringify(name));
  const rest = names.filter((name) => !OWN_SIGNS.test(name));
  const most = Math.max(0, ...rest.map((name) => name.match(/\d+/g)?.length ?? 0));
  let best: string[] | undefined;
  // Of the runs of digits in a name the one whose folding says it shortest, counted from the end.
  for (let run = 1; run <= Math.min(most, 4); run++) {
    const folded = foldAt(rest, run);
    if (best === undefined || folded.length < best.length) best = folded;
  }
  return [...(best ?? rest), ...plain].join(",");
}

function foldAt(names: readonly string[], run: number): string[] {
  const groups = new Map<string, Split[]>();
  for (const name of names) {
    const split = splitAt(name, run) ?? { before: name, digits: "", behind: "" };
    // Numbers with zeros before them are only those of the same width.
    const width = split.digits.startsWith("0") ? split.digits.length : 0;
    const key = JSON.stringify([split.before, split.behind, split.digits === "" ? "-" : width]);
    groups.set(key, [...(groups.get(key) ?? []), split]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (first === undefined) return "";
    const { before, behind, digits } = first;
    return group.length === 1 ? `${before}${digits}${behind}` : `${before}[${ranges(group)}]${behind}`;
  });
}

/** At the run of digits that is number `run` from the end; a number too large to count with is none. */
function splitAt(name: string, run: number): Split | undefined {
  const found = [...name.matchAll(/\d+/g)].at(-run);
  if (found === undefined || found[0].length > 15) return undefined;
  const at = found.index;
  return { before: name.slice(0, at), digits: found[0], behind: name.slice(at + found[0].length) };
}

function ranges(group: readonly Split[]): string {
  const width = group[0]?.digits.startsWith("0") ? group[0].digits.length : 0;
  return foldNumbers(
    group.map(({ digits }) => Number(digits)),
    width,
  );
}

/** Names that one unfolded row may stand for; a typing error must not make a million. */
const MOST_UNFOLDED = 10_000;

/** The names that `foldNames` wrote as one: of `leaf[1-40,43]` 41. A name without such numbers: itself. Undefined: too many. */
export function unfoldName(folded: string): readonly string[] | undefined {
  const [, before = "", inner, behind = ""] =
    /^([^[\]]*)\[(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)\]([^[\]]*)$/.exec(folded) ?? [];
  if (inner === undefined) return [folded];
  const names: string[] = [];
  for (const part of inner.split(",")) {
    const [from = "", to = from] = part.split("-");
    if (Number(to) - Number(from) + names.length >= MOST_UNFOLDED) return undefined;
    const width = from.startsWith("0") ? from.length : 0;
    for (let number = Number(from); number <= Number(to); number++)
      names.push(`${before}${String(number).padStart(width, "0")}${behind}`);
  }
  return names;
}

/** `1-40,43`; `width`: filled up with zeros. */
export function foldNumbers(numbers: readonly number[], width = 0): string {
  const sorted = [...new Set(numbers)].sort((one, other) => one - other);
  const parts: { from: number; to: number }[] = [];
  for (const number of sorted) {
    const last = parts.at(-1);
    if (last !== undefined && number === last.to + 1) last.to = number;
    else parts.push({ from: number, to: number });
  }
  const text = (number: number) => String(number).padStart(width, "0");
  return parts.map(({ from, to }) => (from === to ? text(from) : `${text(from)}-${text(to)}`)).join(",");
}
