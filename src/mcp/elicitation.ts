import type { Server, ServerContext } from "@modelcontextprotocol/server";
import type { LoginQuestionForPerson } from "../base/contract/caller.ts";
import { visible, visibleLine } from "../base/text.ts";

/** A person may take this long; clients give the call itself up at about the same time. */
const ANSWER_MS = 45_000;

type Ask = (question: LoginQuestionForPerson) => Promise<string | undefined>;

/**
 * Asks the person behind a client by a form, where the client can show one: for what is no secret, which forms must not ask
 * for. Undefined: this client cannot be asked (it declared no form, or speaks the 2026-07-28 revision, in which a server
 * sends no requests of its own).
 */
export function formFor(server: Server, { mcpReq }: Pick<ServerContext, "mcpReq">): Ask | undefined {
  const elicitation = server.getClientCapabilities()?.elicitation;
  if (mcpReq.envelope !== undefined || elicitation === undefined) return undefined;
  // An empty declaration is the form of the revision that knew no other.
  if (Object.keys(elicitation).length > 0 && elicitation.form === undefined) return undefined;
  return async ({ host, user, asks, before }) => {
    const said = before === "" ? "" : `It said before: ${visible(before).slice(0, 1_000)}\n\n`;
    const message =
      `${said}${host} asks at the login of user "${visibleLine(user, 64)}": ${visibleLine(asks, 300)}\n\n` +
      "The answer is sent to that host as it is. Do not enter a password or another secret here.";
    const answer = {
      type: "string" as const,
      title: "Answer",
      description: "Sent as it is.",
      maxLength: 256,
    };
    const requestedSchema = { type: "object" as const, properties: { answer }, required: ["answer"] };
    // Not `elicitInput`: it checks the answer with a JSON Schema validator that this program does not carry.
    const params = { mode: "form" as const, message, requestedSchema };
    const result = await mcpReq
      .send({ method: "elicitation/create", params }, { timeout: ANSWER_MS })
      .catch(() => undefined);
    const given = result?.action === "accept" ? result.content?.answer : undefined;
    return typeof given === "string" ? given : undefined;
  };
}
