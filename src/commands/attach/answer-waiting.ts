import { createInterface } from "node:readline/promises";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { answerOrder, line, ordersFor } from "../approve/answer.ts";

/**
 * What waits for an approval in this session, answered one after the other at this terminal, in line mode, as
 * `ssh-mcp approve` does it. Resolves when the person wants to go back.
 */
export async function answerWaiting(place: Surroundings, session: string): Promise<void> {
  const orders = await ordersFor(place, session);
  if (orders.length === 0) await said(`Nothing waits for an approval in ${session}. Enter goes back.`);
  for (const order of orders) {
    const wanted = await said(`${line(order)}\nLook at it and approve (a), deny (d), or leave it (Enter)? `);
    if (wanted !== "a" && wanted !== "d") continue;
    try {
      await answerOrder(place, order.id, { deny: wanted === "d" });
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      process.stdout.write(`${error.toText()}\n`);
    }
    await said("Enter goes on. ");
  }
}

/** Empty: nothing, or the terminal has gone. */
async function said(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  lines.once("close", () => gone.abort());
  try {
    return (await lines.question(question, gone)).trim().toLowerCase();
  } catch {
    return "";
  } finally {
    lines.close();
  }
}
