import { randomInt } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile } from "../base/regular-file.ts";
import { distrust } from "../secrets/permissions.ts";
import type { Order } from "./order.ts";

/** How long an order waits for a person. */
export const ORDER_MS = 10 * 60_000;
/** How long an approval waits for the call it is for. */
export const APPROVED_MS = 5 * 60_000;
const MAX_BYTES = 256 * 1024;
/** Orders that wait at once; a further one is refused. */
const MOST = 200;
/** Without what is easily taken for something else. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const ID = /^A[A-HJ-NP-Z2-9]{4}$/;

export interface Waiting extends Order {
  /** `A7K3X`. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

export interface Answered {
  readonly yes: boolean;
  /** Who says so: the system's user, and how. */
  readonly by: string;
  readonly at: number;
  /** Of the order as the person saw it. */
  readonly key: string;
}

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
    const found = await Promise.all((await this.#ids()).map((id) => this.#read<Waiting>(id, "order")));
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
    const order = ID.test(id) ? await this.#read<Waiting>(id, "order") : undefined;
    return order !== undefined && order.askedAt + ORDER_MS >= this.#now() ? order : undefined;
  }

  async answer(id: string): Promise<Answered | undefined> {
    return this.#read<Answered>(id, "answer");
  }

  /** A person's answer; false: there was one already. */
  async give(id: string, answer: Answered): Promise<boolean> {
    return this.#write(id, "answer", answer);
  }

  /** Takes the answer to the very same order away: whoever gets it may act, and nobody after. Undefined: there is none. */
  async take(key: string): Promise<(Answered & { readonly id: string }) | undefined> {
    for (const id of await this.#ids()) {
      const answer = await this.answer(id);
      if (answer === undefined) continue;
      const order = await this.#read<Waiting>(id, "order");
      if (answer.key !== key || order?.key !== key) continue;
      if (!(await this.#claim(id))) continue;
      await this.#remove(id);
      if (answer.at + APPROVED_MS >= this.#now()) return { ...answer, id };
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
      const { link } = await import("node:fs/promises");
      await link(draft, path);
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw this.#unusable(error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #read<T extends object>(id: string, kind: string): Promise<T | undefined> {
    const path = this.#path(id, kind);
    try {
      const bytes = await readRegularFile(path, MAX_BYTES, (stats) => {
        const fault = distrust(path, stats, "write");
        if (fault !== undefined) throw new Error(fault.reason);
      });
      return JSON.parse(bytes.toString("utf8"));
    } catch {
      // Gone meanwhile, or none of ours: there is no such order.
      return undefined;
    }
  }

  #unusable(error: unknown): SshMcpError {
    return new SshMcpError(
      "denied",
      `a human has to approve this, and the folder for that (${this.#folder}) cannot be used: ${messageOf(error)}; nothing was sent`,
      "The operator can make the folder usable, or change the policy of this host.",
    );
  }
}
