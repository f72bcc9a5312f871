import { createHmac, timingSafeEqual } from "node:crypto";
import { matchesWildcards } from "../../base/wildcards.ts";
import { isPublicKey } from "../protocol/key-blob.ts";

/** One usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostLine {
  readonly file: string;
  readonly line: number;
  readonly marker: "none" | "revoked" | "cert-authority";
  /** The first field as it stands: a list of patterns, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly blob: Buffer;
}

/** A pattern OpenSSH would not match either: its buffer holds 1,024 bytes. */
const PATTERN_LIMIT = 1023;
const SHA1_BYTES = 20;

/** The usable lines of a file; comments and lines without a whole key are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHostLine[] {
  const found: KnownHostLine[] = [];
  text.split("\n").forEach((raw, index) => {
    const parsed = parseLine(raw);
    if (parsed) found.push({ file, line: index + 1, ...parsed });
  });
  return found;
}

function parseLine(raw: string): Omit<KnownHostLine, "file" | "line"> | undefined {
  let rest = (raw.split("\0", 1)[0] ?? "").replace(/^[ \t]+/, "");
  let marker: KnownHostLine["marker"] = "none";
  if (rest.startsWith("@")) {
    // OpenSSH ends the marker at the line's first space, and at a tab only if there is no space at all.
    const end = rest.includes(" ") ? rest.indexOf(" ") : rest.indexOf("\t");
    const word = rest.slice(0, Math.max(0, end));
    if (word === "@revoked") marker = "revoked";
    else if (word === "@cert-authority") marker = "cert-authority";
    else return undefined;
    rest = rest.slice(end).replace(/^[ \t]+/, "");
    if (rest.startsWith("@")) return undefined;
  }
  const [names, type, encoded] = rest.split(/[ \t]+/);
  if (!names || (marker === "none" && names.startsWith("#")) || !type || !encoded) return undefined;
  const blob = decodeBase64(encoded.replace(/[\r\v\f]/g, ""));
  if (blob === undefined || !isPublicKey(type, blob)) return undefined;
  return { marker, names, type, blob };
}

function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}

/** The lines that speak of `name` (`host` or `[host]:port`, lower case), whatever their marker. */
export function lookup(lines: readonly KnownHostLine[], name: string): KnownHostLine[] {
  return lines.filter((line) => matchesNames(line.names, name));
}

/** Whether the first field of a line covers `name`. A matching negation wins over everything in its list. */
export function matchesNames(names: string, name: string): boolean {
  if (names.startsWith("|")) return matchesHash(names, name);
  const wanted = asciiLower(name);
  let positive = false;
  for (const entry of names.split(",")) {
    const negated = entry.startsWith("!");
    const pattern = asciiLower(negated ? entry.slice(1) : entry);
    if (pattern.length > PATTERN_LIMIT) return false;
    if (!matchesWildcards(wanted, pattern)) continue;
    if (negated) return false;
    positive = true;
  }
  return positive;
}

/** `|1|salt|hash` with hash = HMAC-SHA1(salt, name). */
export function hashName(name: string, salt: Buffer): string {
  const digest = createHmac("sha1", salt).update(name).digest();
  return `|1|${salt.toString("base64")}|${digest.toString("base64")}`;
}

function matchesHash(names: string, name: string): boolean {
  const [empty, version, encoded] = names.split("|", 4);
  if (empty !== "" || version !== "1" || encoded === undefined) return false;
  const salt = decodeBase64(encoded);
  if (salt === undefined || salt.length !== SHA1_BYTES) return false;
  const ours = Buffer.from(hashName(name, salt));
  const theirs = Buffer.from(names);
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
