const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  s: " ",
  t: "\t",
  v: "\v",
  "0": "\0",
};

/**
 * The inverse of Ruby's `String#dump`: `\e`, `\r`, `\x20`, `\u00e9`, `\u{1f600}`, `\033`, `\"`. A backslash before any
 * other character stands for that character. Runs of `\x` bytes are UTF-8.
 */
export function undump(text: string): string {
  const escapes =
    /((?:\\x[0-9a-fA-F]{2})+)|\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})|\\([0-7]{3})|\\([\s\S])/g;
  return text.replace(
    escapes,
    (_all, bytes?: string, braced?: string, unit?: string, octal?: string, char = "") => {
      if (bytes !== undefined) return Buffer.from(bytes.replaceAll("\\x", ""), "hex").toString("utf8");
      if (braced !== undefined) return String.fromCodePoint(Number.parseInt(braced, 16));
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ESCAPES[char] ?? char;
    },
  );
}
