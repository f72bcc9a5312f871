import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../base/errors.ts";
import { type Chain, continueChain } from "./chain.ts";

/** What a rotated file has behind the log's name: a number of ours, or those of others (`.1`, `-20261130`). */
const ROTATED = /^[.-]\d[\d._T:-]*$/;
const OWN = /^\.(\d{6,15})$/;

/** A file of a log: where in the chain it begins, and when. */
export interface Part {
  readonly path: string;
  /** Number of its first line. */
  readonly seq: number;
  readonly time: number;
}

/** The files of a log that were rotated away and are here still, in the order of the chain, whatever their names say. */
export function rotatedParts(path: string): Part[] {
  return siblings(path)
    .map((name) => firstOf(join(dirname(path), name)))
    .filter((part) => part !== undefined)
    .sort((one, other) => one.seq - other.seq);
}

/** Those that were rotated by this program. */
export function ownParts(path: string): Part[] {
  const own = (part: Part) => OWN.test(basename(part.path).slice(basename(path).length));
  return rotatedParts(path).filter(own);
}

/** The name that the next file to be rotated gets: numbers only grow. */
export function nextName(path: string): string {
  const numbers = siblings(path).map((name) => Number(OWN.exec(name.slice(basename(path).length))?.[1] ?? 0));
  return `${path}.${String(Math.max(0, ...numbers) + 1).padStart(6, "0")}`;
}

function siblings(path: string): string[] {
  try {
    const name = basename(path);
    return readdirSync(dirname(path)).filter(
      (other) => other.startsWith(name) && ROTATED.test(other.slice(name.length)),
    );
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "EACCES") return [];
    throw error;
  }
}

/** Undefined: it is no log, or cannot be read. */
export function firstOf(path: string): Part | undefined {
  const text = reading(path, (fd) => {
    const bytes = Buffer.alloc(128);
    return bytes.toString("latin1", 0, readSync(fd, bytes, 0, bytes.length, 0));
  });
  const [, seq, time = ""] = /^\{"seq":(\d{1,15}),"time":"([^"]{1,40})"/.exec(text ?? "") ?? [];
  return seq === undefined ? undefined : { path, seq: Number(seq), time: Date.parse(time) };
}

/** Where a file ends; undefined: it is no log, or its last line is torn. */
export function endOf(path: string): Chain | undefined {
  return reading(path, continueChain);
}

function reading<T>(path: string, read: (fd: number) => T): T | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return read(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
