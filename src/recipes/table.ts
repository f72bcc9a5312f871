/** Rows of cells as columns, numbers to the right; the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const right = head.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[\d.,%+-]*[kMGT]?$/.test(row[at] ?? "")),
  );
  return all.map((row) =>
    row
      .map((cell, at) => {
        if (right[at] === true) return cell.padStart(widths[at] ?? 0);
        return at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** `1.5G`, of bytes, in units of 1024, as `df -h` has them. */
export function sizeOf(bytes: number): string {
  if (!Number.isFinite(bytes)) return "?";
  const units = ["", "k", "M", "G", "T", "P"];
  let value = bytes;
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}${units[at]}`;
}

/** The words of a row, the last with all that is left. */
export function columns(line: string, count: number): string[] {
  const words = line.trim().split(/\s+/);
  if (words.length <= count) return words;
  const rest = new RegExp(`^\\s*(?:\\S+\\s+){${count - 1}}(.*)$`).exec(line)?.[1] ?? "";
  return [...words.slice(0, count - 1), rest.trimEnd()];
}
