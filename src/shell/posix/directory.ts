/** Escapes of `$'…'` as bash, zsh and ksh93 write them, to the bytes they stand for. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  E: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/**
 * The shell's directory as a mark gives it: the path; where that holds control characters, which would end the mark, quoted
 * (`$'…'`, in fish `%` and percent escapes). Undefined: it has none, or cannot say it.
 */
export function directoryOf(field: string): string | undefined {
  const text = field.replace(/\r?\n$/, "");
  if (text.startsWith("$'")) return pathOf(quoted(text));
  if (text.startsWith("%")) return pathOf(percent(text.slice(1)));
  return pathOf(text);
}

const pathOf = (text: string | undefined) => (text?.startsWith("/") ? text : undefined);

function percent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function quoted(text: string): string | undefined {
  const inner = /^\$'((?:[^'\\]|\\.)*)'$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const parts: Buffer[] = [];
  for (const [whole, octal, hex, control, other] of inner.matchAll(
    /\\([0-7]{1,3})|\\x([0-9a-fA-F]{1,2})|\\(?:C-|c)(.)|\\(.)|[^\\]+/gs,
  )) {
    if (octal !== undefined) parts.push(Buffer.of(Number.parseInt(octal, 8) & 255));
    else if (hex !== undefined) parts.push(Buffer.of(Number.parseInt(hex, 16)));
    else if (control !== undefined) parts.push(Buffer.of(control === "?" ? 127 : control.charCodeAt(0) & 31));
    else if (other === undefined) parts.push(Buffer.from(whole));
    else parts.push(ESCAPES[other] === undefined ? Buffer.from(other) : Buffer.of(ESCAPES[other]));
  }
  return Buffer.concat(parts).toString();
}
