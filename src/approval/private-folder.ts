import { randomInt } from "node:crypto";
import { link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";

const MAX_BYTES = 256 * 1024;
/** Names that are looked at. */
const MOST = 4_000;

/**
 * A folder of this user alone, with small JSON files in it: whole under their name or not there. What lies in another's folder, and
 * what has not the form that is asked for, is nobody's word. @throws SshMcpError `denied` where the folder cannot be used.
 */
export class PrivateFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of its files; none where there is no folder. */
  async names(): Promise<readonly string[]> {
    try {
      return (await this.#isThere()) ? (await readdir(this.#folder)).slice(0, MOST) : [];
    } catch (error) {
      if (errorCode(error) === "ENOENT") return [];
      throw this.#unusable(error);
    }
  }

  /** Undefined: there is none of that name, or it is none of ours. */
  async read<T>(name: string, form: (value: unknown) => T): Promise<T | undefined> {
    if (!(await this.#isThere())) return undefined;
    const path = join(this.#folder, name);
    try {
      const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
        const fault = distrust(path, stats, "write");
        if (fault !== undefined) throw new Error(fault.reason);
      });
      return form(JSON.parse(bytes.toString("utf8")));
    } catch {
      return undefined;
    }
  }

  /** False: the name is taken. */
  async write(name: string, value: object): Promise<boolean> {
    const path = join(this.#folder, name);
    const draft = `${path}.${randomInt(2 ** 40)}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#isThere();
      const file = await open(draft, "wx", 0o600);
      await file.writeFile(JSON.stringify(value)).finally(() => file.close());
      // A link fails where the name is taken.
      await link(draft, path);
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw error instanceof SshMcpError ? error : this.#unusable(error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Succeeds for one process alone; false: it is not there any more. */
  async rename(from: string, to: string): Promise<boolean> {
    try {
      await rename(join(this.#folder, from), join(this.#folder, to));
      return true;
    } catch (error) {
      if (errorCode(error) === "ENOENT") return false;
      throw this.#unusable(error);
    }
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }

  async #isThere(): Promise<boolean> {
    const stats = await lstat(this.#folder).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw this.#unusable(error);
    });
    if (stats === undefined) return false;
    if (!stats.isDirectory()) throw this.#unusable("it is no folder (a link is none)");
    const fault = distrust(this.#folder, stats, "write");
    if (fault !== undefined) throw this.#unusable(`it ${fault.reason}`);
    return true;
  }

  #unusable(error: unknown): SshMcpError {
    const why = typeof error === "string" ? error : messageOf(error);
    return new SshMcpError(
      "denied",
      `a human has to approve this, and the folder for that (${this.#folder}) cannot be used: ${why}; nothing was sent`,
      "The operator can make the folder usable, or change the policy of this host.",
    );
  }
}

/** Without what is easily read as something else. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** `A7K3X`: a letter, and four that nobody guesses within their time. */
export function newId(first: string): string {
  return `${first}${Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
}
