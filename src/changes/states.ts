import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errorCode, fileTrouble, SshMcpError } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";

const STATE = z.object({
  id: z.string().regex(/^C\d{1,9}$/),
  host: z.string().max(300),
  platform: z.string().max(64),
  /** Process that holds it, for a person; it may be another one's by now. */
  pid: z.number().int(),
  stage: z.enum(["planned", "armed", "ended"]),
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
  /** When what was armed undoes it at the latest; left out: nothing does. */
  until: z.number().optional(),
  /** What arms it was typed and not answered: by then it has come to its end on the device. */
  armingUntil: z.number().optional(),
  /** The device answered that it keeps it: nothing undoes it any more. */
  confirmed: z.boolean().optional(),
  /** SHA-256 of the running configuration before, and with the change. */
  before: z.string().optional(),
  after: z.string().optional(),
  end: z.enum(["kept", "undone", "unknown", "not_begun", "planned_again"]).optional(),
});

/** What is kept of a change on disk: no line, no difference and no secret of it. */
export type SavedChange = z.infer<typeof STATE>;

/** Files that are kept; of those that ended the oldest go first. */
const KEPT = 200;
const MAX_BYTES = 16 * 1024;
/** A plan is of use for the process that made it. */
const PLAN_MS = 24 * 3_600_000;

/** Changes of this installation, a file each, so that what is armed outlives whoever armed it. */
export class ChangeStates {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Takes the next free number. @throws SshMcpError `file_failed` where nothing can be kept there. */
  begin(host: string, platform: string): SavedChange {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      for (let number = this.#highest() + 1; ; number++) {
        const change: SavedChange = {
          id: `C${number}`,
          host,
          platform,
          pid: process.pid,
          stage: "planned",
          at: this.#now(),
        };
        try {
          writeFileSync(this.#path(change.id), JSON.stringify(change), { mode: 0o600, flag: "wx" });
          this.#forgetOld();
          return change;
        } catch (error) {
          if (errorCode(error) !== "EEXIST") throw error;
        }
      }
    } catch (error) {
      throw new SshMcpError(
        "file_failed",
        `changes cannot be remembered in ${this.#folder}: ${fileTrouble(error, "write")}; nothing was sent`,
        "A change whose timer runs has to be known after a restart, so none is begun without it.",
      );
    }
  }

  /** Puts it in place whole. @throws Error of the file system. */
  keep(change: SavedChange): void {
    const fresh = `${this.#path(change.id)}.${process.pid}`;
    writeFileSync(fresh, JSON.stringify(change), { mode: 0o600 });
    renameSync(fresh, this.#path(change.id));
  }

  find(id: string): SavedChange | undefined {
    try {
      const parsed = STATE.safeParse(
        JSON.parse(readRegularFileSync(this.#path(id), MAX_BYTES).toString("utf8")),
      );
      return parsed.success && parsed.data.id === id ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  /** Newest first; a file that cannot be read is left out. */
  all(): readonly SavedChange[] {
    return this.#numbers()
      .toSorted((one, other) => other - one)
      .flatMap((number) => this.find(`C${number}`) ?? []);
  }

  #highest(): number {
    return Math.max(0, ...this.#numbers());
  }

  #numbers(): number[] {
    try {
      return readdirSync(this.#folder).flatMap((name) => {
        const [, number] = /^C(\d{1,9})\.json$/.exec(name) ?? [];
        return number === undefined ? [] : [Number(number)];
      });
    } catch {
      return [];
    }
  }

  #forgetOld(): void {
    const old = this.all().filter(
      ({ stage, at }) => stage === "ended" || (stage === "planned" && this.#now() - at > PLAN_MS),
    );
    for (const { id } of old.slice(KEPT)) rmSync(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.#folder, `${id.replace(/[^C\d]/g, "")}.json`);
  }
}

/** Another change of this host that may still be armed: whatever is committed now may keep that one, too. */
export function armedOn(
  changes: readonly SavedChange[],
  { host, id, graceMs }: { readonly host: string; readonly id?: string; readonly graceMs: number },
  now: number,
): SavedChange | undefined {
  return changes.find(
    (one) =>
      one.host === host &&
      one.id !== id &&
      one.stage === "armed" &&
      one.confirmed !== true &&
      one.until !== undefined &&
      now < one.until + graceMs,
  );
}

/** How long what is armed has left, as the end of a sentence. */
export function leftOf(until: number | undefined, now: number): string {
  if (until === undefined) return ", nothing undoes it by itself";
  const seconds = Math.round((until - now) / 1000);
  return seconds > 0 ? `, undone in ${seconds} s unless confirmed` : `, its time was over ${-seconds} s ago`;
}
