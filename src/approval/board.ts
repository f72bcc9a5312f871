import { randomInt } from "node:crypto";
import { link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import { answerFile, orderFile } from "./files.ts";
import type { Answered, Waiting } from "./waiting.ts";

export type { Answered, Waiting };

import type { Order } from "./order.ts";

/** How long an order waits for a person. */
export const ORDER_MS = 10 * 60_000;
/** How long an approval waits for the call it is for. */
export const APPROVED_MS = 5 * 60_000;
/** Two programs of one machine have one clock; more than this ahead is no time. */
const CLOCK_MS = 1_000;
const MAX_BYTES = 256 * 1024;
/** Orders that wait at once; a further one is refused. */
const MOST = 200;
/** Without what is easily taken for something else. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const ID = /^A[A-HJ-NP-Z2-9]{4}$/;

/**
 * Orders that wait for a person, as files of a private folder: a server puts them there, `ssh-mcp approve` answers, and the
 * server that asks again takes the answer away, once. Every process of this user can write here; that is what it is worth.
 */
export class Board {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#folder = join(folder, "approvals");
    this.#now = now;
  }

  /** Those that wait, oldest first; what is over is removed. @throws SshMcpError where the folder cannot be used. */
  async waiting(): Promise<readonly Waiting[]> {
    const found = await Promise.all((await this.#ids()).map((id) => this.#order(id)));
    const now = this.#now();
    const orders = found.filter((one) => one !== undefined);
    for (const { id, askedAt } of orders) if (askedAt + ORDER_MS + APPROVED_MS < now) await this.#remove(id);
    return orders
      .filter(({ askedAt }) => askedAt + ORDER_MS >= now)
      .sort((one, other) => one.askedAt - other.askedAt);
  }

  /** Puts an order up, or finds the one that waits for the very same. @throws SshMcpError `busy` where too many wait. */
  async post(order: Order): Promise<Waiting> {
    const all = await this.waiting();
    for (const one of all) if (one.key === order.key && (await this.answer(one.id)) === undefined) return one;
    if (all.length >= MOST)
      throw new SshMcpError(
        "busy",
        `${all.length} orders wait for a person already; nothing was sent`,
        "ssh-mcp approve lists them; each is over after ten minutes.",
      );
    await this.#make();
    for (;;) {
      const id = `A${Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
      const waiting: Waiting = { ...order, id, askedAt: this.#now() };
      if (await this.#write(id, "order", waiting)) return waiting;
    }
  }

  async find(id: string): Promise<Waiting | undefined> {
    if (!ID.test(id) || !(await this.#usable())) return undefined;
    const order = await this.#order(id);
    return order !== undefined && order.askedAt + ORDER_MS >= this.#now() ? order : undefined;
  }

  async answer(id: string): Promise<Answered | undefined> {
    return this.#read(id, "answer", answerFile);
  }

  /** A person's answer to an order that waits; false: there was one already, or it waits no more. */
  async give(id: string, answer: Omit<Answered, "askedAt">): Promise<boolean> {
    const order = await this.#order(id);
    if (order?.key !== answer.key) return false;
    return this.#write(id, "answer", { ...answer, askedAt: order.askedAt });
  }

  /** Takes the answer to the very same order away: whoever gets it may act, and nobody after. Undefined: there is none. */
  async take(key: string): Promise<(Answered & { readonly id: string }) | undefined> {
    for (const id of await this.#ids()) {
      const [answer, order] = [await this.answer(id), await this.#order(id)];
      if (answer === undefined || answer.key !== key || order?.key !== key) continue;
      if (!(await this.#claim(id))) continue;
      await this.#remove(id);
      if (isInTime(answer, order, this.#now())) return { ...answer, id };
    }
    return undefined;
  }

  /** Renaming succeeds for one process alone. */
  async #claim(id: string): Promise<boolean> {
    try {
      await rename(this.#path(id, "answer"), this.#path(id, "taken"));
      return true;
    } catch (error) {
      if (errorCode(error) === "ENOENT") return false;
      throw this.#unusable(error);
    }
  }

  async #remove(id: string): Promise<void> {
    for (const kind of ["order", "answer", "taken"]) await rm(this.#path(id, kind), { force: true });
  }

  async #ids(): Promise<readonly string[]> {
    try {
      if (!(await this.#usable())) return [];
      const names = await readdir(this.#folder);
      return names.flatMap((name) => /^(A\w{4})\.order\.json$/.exec(name)?.[1] ?? []).slice(0, 10 * MOST);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return [];
      throw this.#unusable(error);
    }
  }

  async #make(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw this.#unusable(error);
    });
    await this.#usable();
  }

  /** Is there a folder, and nobody else's? What lies in another's is nobody's word. @throws SshMcpError. */
  async #usable(): Promise<boolean> {
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

  async #order(id: string): Promise<Waiting | undefined> {
    const order = await this.#read(id, "order", orderFile);
    return order?.id === id ? order : undefined;
  }

  #path(id: string, kind: string): string {
    return join(this.#folder, `${id}.${kind}.json`);
  }

  async #write(id: string, kind: string, value: object): Promise<boolean> {
    const path = this.#path(id, kind);
    const draft = `${path}.${randomInt(2 ** 40)}`;
    try {
      // Whole under its name or not at all: a link fails where the name is taken.
      const file = await open(draft, "wx", 0o600);
      await file.writeFile(JSON.stringify(value)).finally(() => file.close());
      await link(draft, path);
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw this.#unusable(error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #read<T>(id: string, kind: string, form: (value: unknown) => T): Promise<T | undefined> {
    const path = this.#path(id, kind);
    try {
      const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
        const fault = distrust(path, stats, "write");
        if (fault !== undefined) throw new Error(fault.reason);
      });
      return form(JSON.parse(bytes.toString("utf8")));
    } catch {
      // Gone meanwhile, or none of ours: there is no such order.
      return undefined;
    }
  }

  #unusable(error: unknown): SshMcpError {
    return new SshMcpError(
      "denied",
      `a human has to approve this, and the folder for that (${this.#folder}) cannot be used: ${typeof error === "string" ? error : messageOf(error)}; nothing was sent`,
      "The operator can make the folder usable, or change the policy of this host.",
    );
  }
}

/** An answer is to this very order, given while it waited, and used soon. */
function isInTime({ at, askedAt }: Answered, order: Waiting, now: number): boolean {
  const given = askedAt === order.askedAt && at >= order.askedAt && at <= order.askedAt + ORDER_MS;
  return given && at <= now + CLOCK_MS && at + APPROVED_MS >= now;
}
