import { randomBytes } from "node:crypto";
import { closeSync, linkSync, lstatSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { readRegularFileSync } from "../../base/regular-file.ts";
import { distrust } from "../permissions.ts";

const BYTES = 32;

/**
 * The key of this installation, made once, readable by its owner alone. Where none can be kept or the one there cannot be
 * trusted, one of this process: tokens are then others after the next start, and hide as much.
 */
export function maskKey(path: string): Buffer {
  return read(path) ?? made(path) ?? randomBytes(BYTES);
}

function read(path: string): Buffer | undefined {
  try {
    if (distrust(path, lstatSync(path), "access") !== undefined) return undefined;
    const key = Buffer.from(readRegularFileSync(path, 256).toString("latin1").trim(), "hex");
    return key.length === BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whole under its name or not at all; of several processes one makes it. */
function made(path: string): Buffer | undefined {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(draft, "wx", 0o600);
    writeSync(fd, `${randomBytes(BYTES).toString("hex")}\n`);
    closeSync(fd);
    linkSync(draft, path);
  } catch {
    // It is there already, or cannot be kept.
  } finally {
    rmSync(draft, { force: true });
  }
  return read(path);
}
