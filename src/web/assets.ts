import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SshMcpError } from "../base/errors.ts";

/** What a page is made of, by its path; scripts/build.mjs makes the files. */
const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "app.js": "text/javascript; charset=utf-8",
  "app.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "player.js": "text/javascript; charset=utf-8",
  "player.css": "text/css; charset=utf-8",
};

/**
 * Nothing but our own files, nothing inline, no frame around it, no form that goes anywhere, and no text that becomes a script or an
 * element: what a host prints can be shown, and do nothing.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=()",
};

export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
}

/** Beside the program; where the sources run, what was built last. */
function folder(): string {
  const here = import.meta.dirname;
  return import.meta.filename.endsWith(".ts")
    ? join(dirname(dirname(here)), "dist", "web")
    : join(here, "web");
}

const read = new Map<string, Asset>();

/** Undefined: there is none of this name. @throws SshMcpError where the program is not whole. */
export function asset(name: string): Asset | undefined {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) return undefined;
  const known = read.get(name);
  if (known !== undefined) return known;
  try {
    const bytes = readFileSync(join(folder(), name));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    const made = { type, etag, bytes };
    read.set(name, made);
    return made;
  } catch (error) {
    throw new SshMcpError(
      "internal",
      `${join(folder(), name)} cannot be read: a part of the program is missing`,
      "Install ssh-mcp again.",
      { cause: error },
    );
  }
}
