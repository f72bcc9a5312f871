import { join } from "node:path";
import { SshMcpError } from "../base/errors.ts";
import { answerFile, orderFile } from "./files.ts";
import type { Order } from "./order.ts";
import { newId, PrivateFolder } from "./private-folder.ts";
import type { Answered, Waiting } from "./waiting.ts";

export type { Answered, Waiting };

/** How long an order waits for a person. */
export const ORDER_MS = 10 * 60_000;
/** How long an approval waits for the call it is for. */
export const APPROVED_MS = 5 * 60_000;
/** Two programs of one machine have one clock; more than this ahead is no time. */
const CLOCK_MS = 1_000;
/** Orders that wait at once; a further one is refused. */
const MOST = 200;
const ID = /^A[A-HJ-NP-Z2-9]{4}$/;
const ORDER_NAME = /^(A\w{4})\.order\.json$/;

type Kind = "order" | "answer" | "taken";

/** Where orders, answers and grants lie. */
export function approvalsFolder(stateFolder: string): PrivateFolder {
  return new PrivateFolder(join(stateFolder, "approvals"));
}

/**
 * Orders that wait for a person, as files of a private folder: a server puts them there, `ssh-mcp approve` answers, and the
 * server that asks again takes the answer away, once. Every process of this user can write here; that is what it is worth.
 */
export class Board {
  readonly #folder: PrivateFolder;
  readonly #now: () => number;
  readonly #inventory: string | undefined;

  /** `inventory`: whose the orders are, of the server that asks; left out: it is for a person, who sees all. */
  constructor(stateFolder: string, now: () => number, inventory?: string) {
    this.#folder = approvalsFolder(stateFolder);
    this.#now = now;
    this.#inventory = inventory;
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

  /** Those of one session that nobody has answered yet, oldest first. */
  async unanswered(session: string): Promise<readonly Waiting[]> {
    const orders = (await this.waiting()).filter((order) => order.session === session);
    const answers = await Promise.all(orders.map(({ id }) => this.answer(id)));
    return orders.filter((_order, at) => answers[at] === undefined);
  }

  /** Puts an order up, or finds the one that waits for the very same. @throws SshMcpError `busy` where too many wait. */
  async post(order: Order): Promise<Waiting> {
    const all = await this.waiting();
    const same = all.filter((one) => one.key === order.key && one.inventory === this.#inventory);
    for (const one of same) if ((await this.answer(one.id)) === undefined) return one;
    if (all.length >= MOST)
      throw new SshMcpError(
        "busy",
        `${all.length} orders wait for a person already; nothing was sent`,
        "ssh-mcp approve lists them; each is over after ten minutes.",
      );
    for (;;) {
      const id = newId("A");
      const inventory = this.#inventory === undefined ? {} : { inventory: this.#inventory };
      const waiting: Waiting = { ...order, ...inventory, id, askedAt: this.#now() };
      if (await this.#folder.write(nameOf(id, "order"), waiting)) return waiting;
    }
  }

  async find(id: string): Promise<Waiting | undefined> {
    const order = ID.test(id) ? await this.#order(id) : undefined;
    return order !== undefined && order.askedAt + ORDER_MS >= this.#now() ? order : undefined;
  }

  async answer(id: string): Promise<Answered | undefined> {
    return this.#folder.read(nameOf(id, "answer"), answerFile);
  }

  /** A person's answer to an order that waits; false: there was one already, or it waits no more. */
  async give(id: string, answer: Omit<Answered, "askedAt">): Promise<boolean> {
    const order = await this.#order(id);
    if (order?.key !== answer.key) return false;
    return this.#folder.write(nameOf(id, "answer"), { ...answer, askedAt: order.askedAt });
  }

  /** Takes the answer to the very same order away: whoever gets it may act, and nobody after. Undefined: there is none. */
  async take(key: string): Promise<(Answered & Pick<Order, "risk"> & { readonly id: string }) | undefined> {
    for (const id of await this.#ids()) {
      const [answer, order] = [await this.answer(id), await this.#order(id)];
      if (answer === undefined || answer.key !== key || order?.key !== key || !this.#isOwn(order)) continue;
      if (!(await this.#folder.rename(nameOf(id, "answer"), nameOf(id, "taken")))) continue;
      await this.#remove(id);
      if (isInTime(answer, order, this.#now())) return { ...answer, id, risk: order.risk };
    }
    return undefined;
  }

  /** What was answered another way waits no more. */
  async withdraw(key: string): Promise<void> {
    for (const one of await this.waiting())
      if (one.key === key && this.#isOwn(one)) await this.#remove(one.id);
  }

  #isOwn({ inventory }: Order): boolean {
    return this.#inventory === undefined || inventory === undefined || inventory === this.#inventory;
  }

  async #remove(id: string): Promise<void> {
    for (const kind of ["order", "answer", "taken"] as const) await this.#folder.remove(nameOf(id, kind));
  }

  async #ids(): Promise<readonly string[]> {
    return (await this.#folder.names()).flatMap((name) => ORDER_NAME.exec(name)?.[1] ?? []);
  }

  async #order(id: string): Promise<Waiting | undefined> {
    const order = await this.#folder.read(nameOf(id, "order"), orderFile);
    return order?.id === id ? order : undefined;
  }
}

function nameOf(id: string, kind: Kind): string {
  return `${id}.${kind}.json`;
}

/** An answer is to this very order, given while it waited, and used soon. */
function isInTime({ at, askedAt }: Answered, order: Waiting, now: number): boolean {
  const given = askedAt === order.askedAt && at >= order.askedAt && at <= order.askedAt + ORDER_MS;
  return given && at <= now + CLOCK_MS && at + APPROVED_MS >= now;
}
