import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { LEVELS } from "../base/contract/policy.ts";
import type { Scope } from "../base/contract/scope.ts";
import { errorCode, fileTrouble, messageOf } from "../base/errors.ts";
import { TOOLSETS } from "../base/toolsets.ts";
import { distrust } from "./permissions.ts";

/** What a person at the page may do; to watch goes with all of it. */
export const PERSON_RIGHTS = ["watch", "type", "approve"] as const;
export type PersonRight = (typeof PERSON_RIGHTS)[number];

/** What callers over HTTP are known by. The file holds no token, only what one is recognised by. */
const entry = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/),
  /** SHA-256 of the token: 256 random bits need no slow hash. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.string(),
  hosts: z.array(z.string().min(1)).optional(),
  toolsets: z.array(z.enum(TOOLSETS)).optional(),
  level: z.enum(LEVELS).optional(),
  /** It is a person's, for the page alone, and this is what they may do there. */
  person: z.array(z.enum(PERSON_RIGHTS)).optional(),
});
const file = z.strictObject({ tokens: z.array(entry).max(10_000) });

export type TokenEntry = z.output<typeof entry>;

/** How every token begins, so that one that was published is found. */
const PREFIX = "sshmcp_";
const RANDOM_BYTES = 32;

export function newToken(): { readonly token: string; readonly sha256: string } {
  const token = `${PREFIX}${randomBytes(RANDOM_BYTES).toString("base64url")}`;
  return { token, sha256: digest(token).toString("hex") };
}

/** Those of the file; none where there is no file. @throws Error, as a sentence, where it cannot be trusted or read. */
export function readTokens(path: string): readonly TokenEntry[] {
  let text: string;
  try {
    const fault = distrust(path, statSync(path), "write");
    if (fault !== undefined)
      throw new Error(`it ${fault.reason}${fault.fix === undefined ? "" : `; run ${fault.fix}`}`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw new Error(`the tokens in ${path} cannot be used: ${fileTrouble(error)}`);
  }
  try {
    return file.parse(JSON.parse(text)).tokens;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : messageOf(error);
    throw new Error(`the tokens in ${path} cannot be used: ${why}`);
  }
}

/** Replaced in one step, readable by this user alone. @throws Error, as a sentence. */
export function writeTokens(path: string, tokens: readonly TokenEntry[]): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(fresh, "wx", 0o600);
    try {
      writeFileSync(fd, `${JSON.stringify({ tokens }, undefined, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new Error(`${path} cannot be written: ${fileTrouble(error, "write")}`);
  }
}

export interface KnownToken {
  readonly name: string;
  readonly scope: Scope;
  /** Left out: it is a program's, for MCP. */
  readonly person?: readonly PersonRight[];
  readonly sha256: Buffer;
}

export function known({ name, sha256, hosts, toolsets, level, person }: TokenEntry): KnownToken {
  const scope = {
    ...(hosts === undefined ? {} : { hosts }),
    ...(toolsets === undefined ? {} : { toolsets }),
    ...(level === undefined ? {} : { level }),
  };
  return { name, scope, sha256: Buffer.from(sha256, "hex"), ...(person === undefined ? {} : { person }) };
}

/** The token of an environment variable: everything that the inventory allows. */
export function unlimited(name: string, token: string): KnownToken {
  return { name, scope: {}, sha256: digest(token) };
}

/** Compared by their digests, each of them whatever the others say: how long it takes says nothing about any. */
export function recognise(token: string, tokens: readonly KnownToken[]): KnownToken | undefined {
  const given = digest(token);
  let found: KnownToken | undefined;
  for (const one of tokens) if (timingSafeEqual(one.sha256, given)) found = one;
  return found;
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
