/** Rows behind `| include`, `| exclude`, `| begin`, `| section`; the expression is taken literally but for `|`. */
export function withFilter(rows: readonly string[], filter: string): readonly string[] {
  const [, verb = "", expression = ""] = /^(\S+)\s+(.*)$/.exec(filter) ?? [];
  const wanted = expression.split("|").map((part) => part.trim());
  const anchored = (row: string, part: string) =>
    part.startsWith("^") ? row.startsWith(part.slice(1)) : row.includes(part);
  const hit = (row: string) => wanted.some((part) => anchored(row, part));
  if ("include".startsWith(verb)) return rows.filter(hit);
  if ("exclude".startsWith(verb)) return rows.filter((row) => !hit(row));
  if ("begin".startsWith(verb)) {
    const from = rows.findIndex(hit);
    return from < 0 ? [] : rows.slice(from);
  }
  let inside = false;
  return rows.filter((row) => {
    if (!row.startsWith(" ")) inside = hit(row);
    return inside;
  });
}
