type Sections = ReadonlyMap<string, readonly string[]>;

/**
 * What the second configuration has more (`+`) and less (`-`) than the first, each row below the one it belongs to, as
 * `show archive config differences` lays it out.
 */
export function differences(first: readonly string[], second: readonly string[]): string[] {
  const [old, now] = [sections(first), sections(second)];
  return [...one(old, now, "+"), ...one(now, old, "-")];
}

/** The rows that make the second out of the first. */
export function commandsBetween(first: readonly string[], second: readonly string[]): string[] {
  return differences(first, second).map((row) =>
    row.replace(/^( ?)([+-])( ?)(no )?/, (_, outer: string, sign: string, inner: string, no = "") => {
      const negated = sign === "+" ? no : no === "" ? "no " : "";
      return `${outer}${inner}${negated}`;
    }),
  );
}

/** Rows of `to` that `from` has not, with their sign. */
function one(from: Sections, to: Sections, sign: string): string[] {
  return [...to].flatMap(([head, rows]) => {
    const known = from.get(head);
    const fresh = rows.filter((row) => known?.includes(row) !== true).map((row) => ` ${sign}${row.trim()}`);
    if (known === undefined) return [`${sign}${head}`, ...fresh];
    return fresh.length === 0 ? [] : [head, ...fresh];
  });
}

function sections(rows: readonly string[]): Sections {
  const found = new Map<string, string[]>();
  let below: string[] = [];
  for (const row of rows) {
    if (row === "" || row.startsWith("!") || row === "end") continue;
    if (row.startsWith(" ")) {
      below.push(row);
      continue;
    }
    below = found.get(row) ?? [];
    found.set(row, below);
  }
  return found;
}
