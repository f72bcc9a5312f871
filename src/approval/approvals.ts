import { createHash } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Approval } from "../base/contract/policy.ts";
import { SshMcpError } from "../base/errors.ts";
import { type Risk, worstOf } from "../policy/risk.ts";
import { type Board, ORDER_MS } from "./board.ts";
import type { HostPlace } from "./grant.ts";
import type { Grants } from "./grants.ts";
import type { Order } from "./order.ts";

/** A call that is given again waits so long for the answer: below any client's own patience. */
const WAIT_MS = 20_000;
const EVERY_MS = 250;

/** How it came to be approved; the log holds it. */
export interface Approved {
  /** `ssh-mcp approve A7K3X by jo`, `form of claude-code`. */
  readonly source: string;
}

export interface ApprovalsOptions {
  readonly board: Board;
  readonly clock: Clock;
  /** Whose orders they are: an answer to one caller's is none to another's. Left out: there is one caller. */
  readonly owner?: string;
  /** Leave that people gave before; left out: there is none. */
  readonly grants?: Pick<Grants, "covering">;
  /** Told of an order that waits now, so that a person notices; never waited for. */
  readonly notify?: (order: Order & { readonly id: string }) => void;
}

/** What one host of a call came to, for the others of it. */
interface ForAll {
  /** What it was said to be. */
  readonly risk: Risk;
  readonly approved?: Approved;
  readonly refused?: unknown;
  /** Each of them may use it once. */
  readonly left: Set<string>;
  readonly until: number;
}

/** Asks people. An answer is for one order, and for one time; of a call on many hosts, for each of them once. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #forAll = new Map<string, ForAll>();
  /** Hosts of one call are taken one after the other: the first asks for all. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /** Has a person given leave for this kind before, on this host? @throws SshMcpError `denied` where they said no to this one. */
  async granted(asked: Order, host: HostPlace): Promise<Approved | undefined> {
    const order = this.#owned(asked);
    const { findings } = order;
    if (findings === undefined) return undefined;
    const { clock, grants } = this.#options;
    const grant = await grants?.covering(host, findings);
    if (grant === undefined) return undefined;
    // The answer to the very order comes before leave for its kind; one for several hosts is left to those that have none.
    const own = order.hosts === undefined ? await this.#taken(order) : undefined;
    if (own !== undefined) return own;
    return {
      source: `grant ${grant.id} by ${grant.by}, for ${minutesTo(grant.until, clock.wallTime())} more`,
    };
  }

  /** Resolves once a person has approved exactly this. @throws SshMcpError `denied`, `approval_needed`. */
  async ask(caller: Caller, asked: Order, how: Approval): Promise<Approved> {
    const order = this.#owned(asked);
    if (order.hosts === undefined) return (await this.#taken(order)) ?? this.#asked(caller, order, how);
    const { key, hosts } = order;
    const turn = (this.#turns.get(key) ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#oneOf(caller, { ...order, hosts }, how));
    this.#turns.set(key, turn);
    return turn.finally(() => {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    });
  }

  #owned(order: Order): Order {
    const { owner } = this.#options;
    if (owner === undefined) return order;
    const key = createHash("sha256")
      .update(JSON.stringify([owner, order.key]))
      .digest("hex");
    return { ...order, key };
  }

  async #oneOf(
    caller: Caller,
    order: Order & { readonly hosts: readonly string[] },
    how: Approval,
  ): Promise<Approved> {
    const { clock } = this.#options;
    for (const [old, { until }] of this.#forAll) if (until < clock.now()) this.#forAll.delete(old);
    const left = new Set(order.hosts.filter((one) => one !== order.host));
    const keep = (risk: Risk, what: Pick<ForAll, "approved" | "refused">) =>
      this.#forAll.set(order.key, { ...what, risk, left, until: clock.now() + ORDER_MS });
    try {
      const taken = await this.#answered(order);
      if (taken !== undefined) keep(taken.risk, { approved: { source: taken.source } });
      const known = this.#forAll.get(order.key);
      if (known?.approved !== undefined && (taken !== undefined || known.left.has(order.host))) {
        // What comes of that is for none of the others.
        if (worstOf([known.risk, order.risk]) !== known.risk) return this.#alone(caller, order, how);
        known.left.delete(order.host);
        return known.approved;
      }
      if (known?.left.delete(order.host) === true) throw known.refused;
      const approved = await this.#asked(caller, order, how);
      keep(order.risk, { approved });
      return approved;
    } catch (error) {
      if (this.#forAll.get(order.key)?.refused !== error) keep(order.risk, { refused: error });
      throw error;
    }
  }

  /** On this host it is worse than what was approved for all of them: it is asked for there. */
  async #alone(caller: Caller, { hosts: _, ...order }: Order, how: Approval): Promise<Approved> {
    const key = createHash("sha256")
      .update(JSON.stringify([order.key, order.host, order.address, order.risk]))
      .digest("hex");
    const own = { ...order, key };
    return (await this.#taken(own)) ?? this.#asked(caller, own, how);
  }

  /** @throws SshMcpError `denied` where the answer is no. */
  async #taken(order: Order): Promise<Approved | undefined> {
    const found = await this.#answered(order);
    return found && { source: found.source };
  }

  /** The same, with what it was said to be to who answered. */
  async #answered(order: Order): Promise<(Approved & { readonly risk: Risk }) | undefined> {
    const answer = await this.#options.board.take(order.key);
    if (answer === undefined) return undefined;
    if (!answer.yes) throw saidNo(`${answer.id} was denied by ${answer.by}`);
    return { source: `ssh-mcp approve ${answer.id}, by ${answer.by}`, risk: answer.risk };
  }

  async #asked(caller: Caller, order: Order, how: Approval): Promise<Approved> {
    const answer = how === "any" ? await caller.approve?.(order) : undefined;
    // The same order may wait at the terminal, too, since the client was first given the question.
    if (answer !== undefined) await this.#options.board.withdraw(order.key);
    if (answer === "yes") return { source: `a form of ${caller.client ?? "the client"}` };
    if (answer === "no") throw saidNo("the person at the client said no");
    // Nobody can be asked there, or nobody answered: another way stays open.
    return this.#byBoard(caller, order);
  }

  async #byBoard({ signal }: Caller, order: Order): Promise<Approved> {
    const { board, clock, notify } = this.#options;
    const before = (await board.waiting()).find(({ key }) => key === order.key);
    if (before === undefined) {
      const waiting = await board.post(order);
      notify?.(waiting);
      throw needed(waiting.id, order, "is asked for now");
    }
    // Nobody waits for one host while the others of the call could be told.
    if (order.hosts !== undefined) throw needed(before.id, order, "is still waited for");
    // It was given again: whoever does that waits for the answer.
    const until = clock.now() + WAIT_MS;
    while (clock.now() < until && !signal.aborted) {
      const answered = await this.#taken(order);
      if (answered !== undefined) return answered;
      await new Promise<void>((resolve) => clock.after(EVERY_MS, resolve));
    }
    throw needed(before.id, order, "is still waited for");
  }
}

function minutesTo(until: number, now: number): string {
  const minutes = Math.ceil((until - now) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function needed(id: string, { reasons, hosts, wayOut }: Order, state: string): SshMcpError {
  const otherwise = ` ${wayOut ?? "If nobody can: it is done by hand, or the operator changes the policy of this host."}`;
  const many = hosts === undefined ? "" : ` on ${hosts.length} hosts`;
  return new SshMcpError(
    "approval_needed",
    `asking approval #${id}${many}: ${reasons[0] ?? "a human has to approve this"}; a human's approval ${state}, nothing was sent`,
    `Ask your human to run: ssh-mcp approve ${id} (within ${ORDER_MS / 60_000} minutes, at a terminal on this server's machine: over ssh or docker exec -it where nobody sits there). Then give the very same call again: it runs once. Other calls go on meanwhile.${otherwise}`,
  );
}

function saidNo(what: string): SshMcpError {
  return new SshMcpError(
    "denied",
    `${what}; nothing was sent`,
    "Do not try it another way: ask your human what to do instead.",
  );
}
