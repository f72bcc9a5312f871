/**
 * Remote text is data. Characters that hide, reorder or disguise text are shown as `<U+XXXX>`; C0 (but newline and tab),
 * DEL and C1 likewise. Covers bidi controls, zero-width and invisible operators, the tag block and variation selectors
 * beyond the emoji one (Unicode TR36).
 */
export const DISGUISE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb]|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/**
 * What a reader does not see, or takes for the keyboard's blank: what Unicode lets a renderer leave out, its separators and
 * blanks, annotations, the empty Braille pattern.
 */
export const UNSEEN = /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]|[^\P{Z} ]/u;

/**
 * A joiner of width zero where it joins nothing: it belongs between two parts of an emoji, and behind the virama of an Indic
 * letter.
 */
const LOOSE_JOINER =
  /(?<![\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])\u200d|(?<![\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])\u200d(?!\p{Extended_Pictographic})/gu;

/** `text` with every character that could mislead a reader made visible. */
export function visible(text: string): string {
  const shown = text.replace(DISGUISE, named);
  return shown.includes("\u200d") ? shown.replace(LOOSE_JOINER, named) : shown;
}

function named(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** `visible`, on one line and at most `limit` characters: for remote text inside our own sentences. */
export function visibleLine(text: string, limit = 300): string {
  const line = visible(text.replace(/\s+/g, " ").trim());
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** Names ordered by edit distance to `wanted`, nearest first. */
export function nearest(wanted: string, names: Iterable<string>): string[] {
  return [...names]
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .map(({ name }) => name);
}

/** The names that `wanted` may be a slip of the finger for, nearest first; then all others in their own order. */
export function closeFirst(wanted: string, names: readonly string[]): string[] {
  const close = nearest(wanted, names).filter((name) => isSlip(wanted, name));
  return [...close, ...names.filter((name) => !close.includes(name))];
}

/** Whether `wanted` may be a slip of the finger for `name`. */
export function isSlip(wanted: string, name: string): boolean {
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return editDistance(wanted.toLowerCase(), name.toLowerCase()) <= most;
}

/** How many characters have to be changed, added or left out; next to none where one begins the other. */
export function editDistance(a: string, b: string): number {
  if (b.startsWith(a) || a.startsWith(b)) return Math.abs(a.length - b.length) / 100;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** `48,210`; the same in every locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
