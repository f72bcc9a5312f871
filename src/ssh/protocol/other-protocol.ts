import { visibleLine } from "../../base/text.ts";

/** How servers of other protocols begin to speak, also where nobody asked them in their own language. */
const TEXTUAL: readonly (readonly [RegExp, string])[] = [
  [/^HTTP\/\d/, "HTTP"],
  [/^<!doctype html|^<html/i, "HTTP"],
  [/^220[ -].*\b(?:e?smtp|mail)\b/i, "SMTP"],
  [/^220[ -].*(?:\bftp|ftpd\b)/i, "FTP"],
  [/^\+OK\b/, "POP3"],
  [/^\* (?:OK|BYE|PREAUTH)\b/, "IMAP"],
  [/^RFB \d{3}\.\d{3}/, "VNC"],
  [/^-(?:ERR|NOAUTH|DENIED)\b/, "Redis"],
];

/** The protocol of a server that begins like this, and what it said; undefined: none that is known. */
export function otherProtocol(first: Buffer): { readonly name: string; readonly said: string } | undefined {
  const [a = 0, b = 0, c = 0] = first;
  // An alert or a handshake record (RFC 8446 5.1).
  if ((a === 0x15 || a === 0x16) && b === 3 && c <= 4) return { name: "TLS", said: "" };
  // IAC with WILL, WONT, DO or DONT (RFC 854).
  if (a === 0xff && b >= 0xfb && b <= 0xfe) return { name: "Telnet", said: "" };
  const text = first.toString("utf8", 0, 400);
  const name = TEXTUAL.find(([pattern]) => pattern.test(text))?.[1];
  return name === undefined ? undefined : { name, said: `: it said "${visibleLine(text, 200)}"` };
}
