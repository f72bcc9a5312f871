import { visible } from "../../base/text.ts";

/** What a file's bytes are, as far as they show it; the names are those of IANA where there is one. */
export type Encoding = "utf-8" | "utf-8 with BOM" | "utf-16le" | "utf-16be" | "latin-1" | "binary";

/** So far is looked for a NUL, which text has none of. */
const LOOKED_AT = 64 * 1024;

/** `first`: they are the file's first bytes; a range may begin and end in the middle of a character. */
export function encodingOf(bytes: Buffer, first: boolean): Encoding {
  if (first && bytes.length >= 2) {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8 with BOM";
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  }
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return "binary";
  return isUtf8(bytes, first) ? "utf-8" : controlled(bytes) ? "binary" : "latin-1";
}

/** A character may be cut at both ends of a part. */
function isUtf8(bytes: Buffer, first: boolean): boolean {
  let from = 0;
  if (!first) while (from < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    decoder.decode(bytes.subarray(from), { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Text of one byte a character has few of the controls. */
function controlled(bytes: Buffer): boolean {
  const looked = bytes.subarray(0, LOOKED_AT);
  let controls = 0;
  for (const byte of looked)
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) controls++;
  return controls * 50 > looked.length;
}

/** Text of a part as rows for a reader, what misleads made visible. */
export interface ShownText {
  readonly lines: readonly string[];
  /** Line ends of the text: `lf`, `crlf`, `mixed`; undefined: it has none. */
  readonly ends: "lf" | "crlf" | "mixed" | undefined;
  /** Rows in which a character is shown by its number. */
  readonly disguised: number;
  /** The last line has no line end. */
  readonly open: boolean;
}

export function textOf(bytes: Buffer, encoding: Exclude<Encoding, "binary">): ShownText {
  const text = decoded(bytes, encoding);
  const rows = text.split("\n");
  const open = rows.at(-1) !== "";
  if (!open) rows.pop();
  const ended = open ? rows.slice(0, -1) : rows;
  const crlf = ended.filter((row) => row.endsWith("\r")).length;
  const ends = ended.length === 0 ? undefined : crlf === 0 ? "lf" : crlf === ended.length ? "crlf" : "mixed";
  let disguised = 0;
  const lines = rows.map((row) => {
    const plain = row.endsWith("\r") && ends !== "mixed" ? row.slice(0, -1) : row;
    const shown = visible(plain);
    if (shown !== plain) disguised++;
    return shown;
  });
  return { lines, ends, disguised, open: open && text !== "" };
}

function decoded(bytes: Buffer, encoding: Exclude<Encoding, "binary">): string {
  switch (encoding) {
    case "utf-8":
      return bytes.toString("utf8");
    case "utf-8 with BOM":
      return bytes.subarray(3).toString("utf8");
    case "utf-16le":
      return bytes.subarray(2).toString("utf16le");
    case "utf-16be": {
      const swapped = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
      return swapped.swap16().toString("utf16le");
    }
    case "latin-1":
      return bytes.toString("latin1");
  }
}

/** Beginnings of files that are no text, and what such a file is. */
const MAGIC: readonly (readonly [hex: string, name: string])[] = [
  ["7f454c46", "ELF program or library"],
  ["1f8b", "gzip"],
  ["504b0304", "zip"],
  ["425a68", "bzip2"],
  ["fd377a585a00", "xz"],
  ["28b52ffd", "zstd"],
  ["89504e470d0a1a0a", "PNG image"],
  ["ffd8ff", "JPEG image"],
  ["47494638", "GIF image"],
  ["25504446", "PDF"],
  ["53514c69746520666f726d6174203300", "SQLite database"],
  ["d4c3b2a1", "packet capture (pcap)"],
  ["a1b2c3d4", "packet capture (pcap)"],
  ["0a0d0d0a", "packet capture (pcapng)"],
  ["cafebabe", "Java class or Mach-O"],
  ["cffaedfe", "Mach-O program"],
];

export function kindOf(bytes: Buffer): string | undefined {
  const begin = bytes.subarray(0, 16).toString("hex");
  return MAGIC.find(([hex]) => begin.startsWith(hex))?.[1];
}

/** The first bytes as `hexdump -C` shows them. */
export function hexRows(bytes: Buffer, from: number, rows = 4): string[] {
  return [...Array(Math.min(rows, Math.ceil(bytes.length / 16))).keys()].map((row) => {
    const part = bytes.subarray(row * 16, row * 16 + 16);
    const hex = [...part].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = [...part]
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    return `${(from + row * 16).toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  |${text}|`;
  });
}
