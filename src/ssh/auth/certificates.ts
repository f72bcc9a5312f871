import { errorCode, messageOf } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { visibleLine } from "../../base/text.ts";
import { type Certificate, certificateOfText, outsideValidity, validUntil } from "../protocol/certificate.ts";

const MAX_CERTIFICATE_BYTES = 256 * 1024;

/** A user's certificate, and what it is called in sentences. */
export interface UserCertificate {
  readonly name: string;
  readonly certificate: Certificate;
}

/** Reads a certificate file; a missing one is an error only where it was named. `note` takes why it is not used, as a sentence. */
export async function readCertificate(
  path: string,
  named: boolean,
  note: (text: string) => void,
): Promise<UserCertificate | undefined> {
  const unused = (why: string) => note(`Certificate ${path} was not used: ${why}`);
  let text: Buffer;
  try {
    text = await readRegularFile(path, MAX_CERTIFICATE_BYTES);
  } catch (error) {
    const code = errorCode(error);
    if (code !== "ENOENT" && code !== "ENOTDIR")
      unused(`it cannot be read (${code ?? visibleLine(messageOf(error), 80)})`);
    else if (named) unused("there is no such file");
    return undefined;
  }
  const certificate = certificateOfText(text.toString("latin1"));
  if (certificate === undefined) {
    unused("it holds no OpenSSH certificate of a type that is known here");
    return undefined;
  }
  return { name: `certificate ${path}`, certificate };
}

/** Why a certificate is of no use to log in with now, as the end of a sentence; undefined: it may be offered. */
export function uselessAtLogin(certificate: Certificate, nowMs: number): string | undefined {
  if (certificate.for !== "user") return "it is a host's certificate, not a user's";
  const outside = outsideValidity(certificate, nowMs);
  if (outside === undefined) return undefined;
  return `${outside}, and it is ${new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z")} here; get a new one from whoever issues it`;
}

/** What a server checks of a certificate that it was offered: for the error of a login that it refused. */
export function claims({ name, certificate }: UserCertificate): string {
  const { principals, critical, id } = certificate;
  const names = principals.length === 0 ? "nobody by name" : principals.map((one) => quoted(one)).join(", ");
  const from = critical.get("source-address");
  const parts = [
    `${capital(name)} (ID ${quoted(id)}) is for ${names}, valid ${validUntil(certificate)}`,
    ...(from === undefined ? [] : [`only from the addresses ${visibleLine(from, 200)}`]),
  ];
  return parts.join(", ");
}

/** What a certificate that the server accepted makes of the sessions, in sentences. */
export function consequences({ name, certificate }: UserCertificate): string[] {
  const forced = certificate.critical.get("force-command");
  return [
    ...(forced === undefined
      ? []
      : [`${name} makes the server run ${quoted(forced)} in place of every command and shell`]),
    ...(certificate.extensions.has("permit-pty") ? [] : [`${name} does not permit terminals, only commands`]),
  ];
}

function quoted(text: string): string {
  return `"${visibleLine(text, 120)}"`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
