import type { Server, ServerContext } from "@modelcontextprotocol/server";
import { approvalText } from "../base/contract/approval-text.ts";
import type { ApprovalQuestion, AskApproval, LoginQuestionForPerson } from "../base/contract/caller.ts";
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
  if (!showsForms(server, { mcpReq })) return undefined;
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
    const params = { mode: "form" as const, message, requestedSchema };
    const result = await sent(mcpReq, params);
    const given = result?.action === "accept" ? result.content?.answer : undefined;
    return typeof given === "string" ? given : undefined;
  };
}

/**
 * Asks the person behind a client to approve an action. Only `approve`, and the host's name where it cannot be undone, is a
 * yes; a refusal is a no; everything else, and no answer in time, is no answer. Undefined: this client cannot be asked.
 */
export function approvalFormFor(
  server: Server,
  { mcpReq }: Pick<ServerContext, "mcpReq">,
): AskApproval | undefined {
  if (!showsForms(server, { mcpReq })) return undefined;
  return async (question) => approvalAnswer(question, await sent(mcpReq, approvalForm(question)));
}

const isIrreversible = ({ risk }: ApprovalQuestion) => risk === "irreversible";

/** What a person reads, and what they are asked to fill in. */
export function approvalForm(question: ApprovalQuestion) {
  const typed = isIrreversible(question);
  const decision = {
    type: "string" as const,
    title: "Decision",
    enum: ["deny", "approve"],
    description: "approve: exactly this is sent, once.",
  };
  const host = {
    type: "string" as const,
    title: "Name of the host",
    maxLength: 256,
    description: `It cannot be undone: type ${visibleLine(question.host, 128)}.`,
  };
  const requestedSchema = {
    type: "object" as const,
    properties: typed ? { decision, host } : { decision },
    required: typed ? ["decision", "host"] : ["decision"],
  };
  return { mode: "form" as const, message: approvalText(question), requestedSchema };
}

/** What a client brings back, in whatever form; only an explicit approval of this very question is a yes. */
export function approvalAnswer(question: ApprovalQuestion, brought: unknown): "yes" | "no" | undefined {
  const answer = fieldsOf(brought);
  if (answer?.action === "decline") return "no";
  if (answer?.action !== "accept") return undefined;
  const { decision: said, host: name } = fieldsOf(answer.content) ?? {};
  if (said === "deny") return "no";
  if (said !== "approve") return undefined;
  return !isIrreversible(question) || name === question.host ? "yes" : undefined;
}

/** By hand: a schema library would be read at each start. Undefined: it is no object. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Not `elicitInput`: it checks the answer with a JSON Schema validator that this program does not carry. */
function sent(
  mcpReq: ServerContext["mcpReq"],
  params: Parameters<ServerContext["mcpReq"]["send"]>[0]["params"] & { readonly mode: "form" },
) {
  return mcpReq.send({ method: "elicitation/create", params }, { timeout: ANSWER_MS }).catch(() => undefined);
}

function showsForms(server: Server, { mcpReq }: Pick<ServerContext, "mcpReq">): boolean {
  const elicitation = server.getClientCapabilities()?.elicitation;
  if (mcpReq.envelope !== undefined || elicitation === undefined) return false;
  // An empty declaration is the form of the revision that knew no other.
  return Object.keys(elicitation).length === 0 || elicitation.form !== undefined;
}
