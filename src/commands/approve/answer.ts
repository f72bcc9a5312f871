import { randomInt } from "node:crypto";
import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import type { Place, Surroundings } from "../../app/surroundings.ts";
import { Board, ORDER_MS, type Waiting } from "../../approval/board.ts";
import { approvalText } from "../../base/contract/approval-text.ts";
import { SshMcpError } from "../../base/errors.ts";
import { stateFolder } from "../../base/state-folder.ts";
import { visibleLine } from "../../base/text.ts";
import { addGrant, type GrantWanted, grantFor, grantText } from "./grant.ts";
import { recorded } from "./recorded.ts";

/** The code is for who looks at the order now. */
const CODE_MS = 60_000;

function boardAt(place: Place): Board {
  return new Board(stateFolder(place), () => Date.now());
}

/** Prints what waits, oldest first. Resolves to the exit code. */
export async function listOrders(place: Place, json: boolean): Promise<number> {
  const orders = await boardAt(place).waiting();
  if (json) process.stdout.write(`${JSON.stringify(orders, undefined, 2)}\n`);
  else if (orders.length === 0) process.stdout.write("Nothing waits for an approval.\n");
  else for (const order of orders) process.stdout.write(`${line(order)}\n`);
  return 0;
}

/** Those of one session that nobody has answered yet, oldest first. */
export function ordersFor(place: Place, session: string): Promise<readonly Waiting[]> {
  return boardAt(place).unanswered(session);
}

export function line({ id, host, hosts, session, text, risk, askedAt }: Waiting): string {
  const left = Math.max(0, Math.round((askedAt + ORDER_MS - Date.now()) / 1000));
  const on = hosts === undefined ? (session ?? host) : `${hosts.length} hosts`;
  return `${id}  ${visibleLine(on, 40)}  ${risk}  ${left} s left  ${visibleLine(text, 100)}`;
}

/** How it is answered, and what leave is given with it. */
export interface AnswerWanted {
  readonly deny: boolean;
  readonly grant?: GrantWanted;
}

/** Shows one order whole and answers it. Resolves to the exit code. @throws SshMcpError. */
export async function answerOrder(
  place: Surroundings,
  id: string,
  { deny, grant: wanted }: AnswerWanted,
): Promise<number> {
  const board = boardAt(place);
  const order = await board.find(id);
  if (order === undefined)
    throw new SshMcpError(
      "invalid_argument",
      `nothing waits under ${visibleLine(id, 40)}: it was answered, or is over (${ORDER_MS / 60_000} minutes), or never was`,
      "ssh-mcp approve lists what waits.",
    );
  const grant = wanted === undefined || deny ? undefined : grantFor(order, wanted, Date.now());
  process.stdout.write(`${approvalText(order)}\n\n`);
  if (grant !== undefined) process.stdout.write(`${grantText(grant)}\n\n`);
  if (!deny && !(await agreed(order))) {
    process.stdout.write("Not approved; it waits on.\n");
    return 1;
  }
  const by = `${userInfo().username} at a terminal`;
  if (
    !(await board.give(id, {
      yes: !deny,
      by,
      at: Date.now(),
      key: order.key,
    }))
  )
    throw new SshMcpError("invalid_argument", `${id} was answered already`);
  if (grant !== undefined) {
    const { id: given } = await addGrant(place, { ...grant, by });
    const granted = { event: "granted", grant: given, approval: id, by, text: grantText(grant) };
    await recorded(place, granted);
    process.stdout.write(`${given} is given; ssh-mcp approve --revoke ${given} takes it back.\n`);
  }
  process.stdout.write(
    deny ? `${id} is denied.\n` : `${id} is approved: the agent may give it again, once.\n`,
  );
  return 0;
}

/** A person types the code, and the host's name where it cannot be undone. @throws SshMcpError without a terminal. */
async function agreed({ id, host, risk }: Waiting): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new SshMcpError(
      "invalid_argument",
      "an approval has to be typed at a terminal, and this is none",
      `Run ssh-mcp approve ${id} yourself in a terminal; --deny works anywhere.`,
    );
  const code = String(randomInt(1_000, 10_000));
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), CODE_MS);
  try {
    if (risk === "irreversible") {
      const named = await lines.question(`It cannot be undone. Type the name of the host (${host}): `, over);
      if (named.trim() !== host) return false;
    }
    const typed = await lines.question(`Type ${code} to approve exactly this, once (within 60 s): `, over);
    return typed.trim() === code;
  } catch {
    // Its time is over, or the terminal has gone.
    return false;
  } finally {
    clearTimeout(timer);
    lines.close();
  }
}
