import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Permit } from "../base/contract/permit.ts";
import type { SshMcpError } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";
import type { ResolvedHost, TerminalSize } from "../inventory/host.ts";

/** A session that can be opened again under its name. No password and no key is in it: the inventory has them. */
export interface SavedSession {
  readonly name: string;
  readonly host: string;
  /** Hosts gone through that are not the configured ones. */
  readonly via?: readonly string[];
  readonly cols: number;
  readonly rows: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Sessions that went with a process that was killed. */
export interface LostSessions {
  /** What there is to say of them, a line each. */
  readonly lines: readonly string[];
  /** Why a caller's first command there is not run; undefined: nothing was lost, or it has been said. */
  farewell(session: string, caller: string): SshMcpError | undefined;
  reopened(session: string): void;
}

/** The newest ones; older ones are forgotten. */
const KEPT = 50;
const MAX_BYTES = 256 * 1024;

/** Sessions by name in one file of this user's, read each time: several processes write it. */
export class SavedSessions {
  readonly #path: string;
  readonly #now: () => number;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** Newest first; an unreadable file holds none. */
  all(): readonly SavedSession[] {
    try {
      const found: unknown = JSON.parse(readRegularFileSync(this.#path, MAX_BYTES).toString("utf8"));
      return Array.isArray(found) ? found.filter(isSaved) : [];
    } catch {
      return [];
    }
  }

  find(name: string): SavedSession | undefined {
    return this.all().find((one) => one.name === name);
  }

  keep(session: Omit<SavedSession, "at">): void {
    const others = this.all().filter(({ name }) => name !== session.name);
    this.#write([{ ...session, at: this.#now() }, ...others].slice(0, KEPT));
  }

  /** False: there was none. */
  forget(name: string): boolean {
    const all = this.all();
    const left = all.filter((one) => one.name !== name);
    if (left.length === all.length) return false;
    this.#write(left);
    return true;
  }

  /** Put in place whole; what cannot be saved is no reason to keep a session from opening. */
  #write(sessions: readonly SavedSession[]): void {
    const fresh = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(fresh, JSON.stringify(sessions), { mode: 0o600 });
      renameSync(fresh, this.#path);
    } catch {
      // A folder that cannot be written, as in a container without a volume.
    }
  }
}

/** What is known of sessions that are not open here (any more). */
export class PastSessions {
  readonly #saved: SavedSessions | undefined;
  readonly #lost: LostSessions | undefined;
  readonly #isHere: (name: string) => boolean;

  constructor(
    { saved, lost }: { readonly saved?: SavedSessions; readonly lost?: LostSessions },
    isHere: (name: string) => boolean,
  ) {
    this.#saved = saved;
    this.#lost = lost;
    this.#isHere = isHere;
  }

  /** Those of earlier processes that can be opened again by name, newest first. */
  saved(): readonly SavedSession[] {
    return this.#saved?.all().filter(({ name }) => !this.#isHere(name)) ?? [];
  }

  /** Remembers a session's name no longer; false: it was not remembered. */
  forget(name: string, _permit: Permit): boolean {
    return this.#saved?.forget(name) ?? false;
  }

  /** What went with the process before this one, a line each. */
  lost(): readonly string[] {
    return this.#lost?.lines ?? [];
  }

  farewell(name: string, caller: string): SshMcpError | undefined {
    return this.#lost?.farewell(name, caller);
  }

  /** It has a shell now. */
  opened(name: string, { name: host, via }: Pick<ResolvedHost, "name" | "via">, size: TerminalSize): void {
    this.#lost?.reopened(name);
    this.#saved?.keep({ name, host, ...(via && { via }), ...size });
  }
}

const SAVED = z.object({
  name: z.string().max(64),
  host: z.string(),
  via: z.array(z.string()).optional(),
  cols: z.number().int().positive(),
  rows: z.number().int().positive(),
  at: z.number(),
});

function isSaved(value: unknown): value is SavedSession {
  return SAVED.safeParse(value).success;
}
