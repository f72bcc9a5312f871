/** A network command's text for comparing two moments and two terminals: rows right-trimmed, ages of routes made equal. */
export function settled(text: string): string {
  return text
    .replaceAll(/\b\d\d:\d\d:\d\d(?:\.\d{3})?\b/g, "hh:mm:ss")
    .split("\n")
    .map((row) => row.trimEnd())
    .join("\n")
    .trimEnd();
}

/** `settled`, for a pager that fills its last page with empty rows (util-linux more on Debian 12 does). */
export function withoutEmptyRows(text: string): string {
  return settled(text)
    .split("\n")
    .filter((row) => row !== "")
    .join("\n");
}
