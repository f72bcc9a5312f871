import { SshMcpError } from "../../base/errors.ts";

/** How the bytes of a text file stand for characters. `8-bit`: no UTF-8, taken byte by byte as Latin-1. */
export interface Encoding {
  readonly name: "utf-8" | "utf-16le" | "utf-16be" | "8-bit";
  /** A byte order mark stands first. */
  readonly bom: boolean;
}

export const UTF8: Encoding = { name: "utf-8", bom: false };

/** A file's content: text that `encodeText` turns into the very same bytes, or the reason why it is none. */
export type Content =
  | { readonly is: "text"; readonly text: string; readonly encoding: Encoding }
  | { readonly is: "binary"; readonly why: string };

const BOM = "\ufeff";
/** What text has of C0: bell to carriage return, and escape. */
const CONTROL = /[\u0001-\u0006\u000e-\u001a\u001c-\u001f]/g;
/** Of bytes that are no UTF-8, one of so many may be another control character. */
const RARE = 100;

/** Reads bytes as text where they are one; the byte order mark is not part of it. */
export function decodeText(bytes: Buffer): Content {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff]))
    return { is: "binary", why: "UTF-32" };
  if (startsWith(bytes, [0xff, 0xfe])) return utf16(bytes, "utf-16le");
  if (startsWith(bytes, [0xfe, 0xff])) return utf16(bytes, "utf-16be");
  if (bytes.includes(0)) return { is: "binary", why: withNul(bytes) };
  const bom = startsWith(bytes, [0xef, 0xbb, 0xbf]);
  const body = bom ? bytes.subarray(3) : bytes;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return { is: "text", text, encoding: { name: "utf-8", bom } };
  } catch {
    const text = bytes.toString("latin1");
    if ((text.match(CONTROL)?.length ?? 0) * RARE > text.length)
      return { is: "binary", why: "neither UTF-8 nor the text of an 8-bit encoding" };
    return { is: "text", text, encoding: { name: "8-bit", bom: false } };
  }
}

/** @throws SshMcpError `invalid_argument` for a character that an 8-bit file has no byte for. */
export function encodeText(text: string, { name, bom }: Encoding): Buffer {
  const whole = bom ? BOM + text : text;
  switch (name) {
    case "utf-8":
      return Buffer.from(whole, "utf8");
    case "utf-16le":
      return Buffer.from(whole, "utf16le");
    case "utf-16be":
      return Buffer.from(whole, "utf16le").swap16();
    case "8-bit": {
      const char = /[^\u0000-\u00ff]/u.exec(text)?.[0];
      if (char === undefined) return Buffer.from(text, "latin1");
      throw new SshMcpError(
        "invalid_argument",
        `the file is no UTF-8: it has one byte for each character, and none for ${JSON.stringify(char)}`,
        "Use characters up to U+00FF, or write the whole file anew, in UTF-8.",
      );
    }
  }
}

/** `UTF-8`, `UTF-16LE with BOM`; for a result. */
export function encodingName({ name, bom }: Encoding): string {
  if (name === "8-bit") return "8-bit, read as Latin-1";
  return `${name.toUpperCase()}${bom ? " with BOM" : ""}`;
}

function utf16(bytes: Buffer, name: "utf-16le" | "utf-16be"): Content {
  if (bytes.length % 2 !== 0) return { is: "binary", why: "UTF-16 with half a character at its end" };
  const little = name === "utf-16le" ? bytes : Buffer.from(bytes).swap16();
  const text = little.toString("utf16le").slice(1);
  if (text.includes("\0")) return { is: "binary", why: "UTF-16 with NUL characters" };
  return { is: "text", text, encoding: { name, bom: true } };
}

function withNul(bytes: Buffer): string {
  const head = bytes.subarray(0, 4096);
  const nuls = (odd: 0 | 1) => head.filter((byte, at) => byte === 0 && at % 2 === odd).length;
  const half = head.length / 2;
  if (bytes.length % 2 === 0 && nuls(1) > half * 0.7 && nuls(0) === 0)
    return "UTF-16LE without a byte order mark, as it looks";
  if (bytes.length % 2 === 0 && nuls(0) > half * 0.7 && nuls(1) === 0)
    return "UTF-16BE without a byte order mark, as it looks";
  return "it holds NUL bytes";
}

function startsWith(bytes: Buffer, begin: readonly number[]): boolean {
  return begin.every((byte, at) => bytes[at] === byte);
}
