import { randomBytes } from "node:crypto";
import { type InputRequiredResult, inputRequired, type ServerContext } from "@modelcontextprotocol/server";
import type { ApprovalQuestion, AskApproval } from "../base/contract/caller.ts";
import { approvalAnswer, approvalForm } from "./elicitation.ts";

/** A person may take this long; after that the call is asked about anew. */
const ANSWER_MS = 10 * 60_000;
/** Questions whose answer may still come. */
const MOST = 200;
const FORM = "approval";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

interface Asked {
  readonly key: string;
  readonly until: number;
}

/**
 * Questions that clients of the 2026-07-28 revision were given in place of a result: they ask their person and give the same
 * call again, with the answer. Whatever they bring back is theirs, so what was asked is kept here, and counts once.
 */
export class RecalledForms {
  readonly #asked = new Map<string, Asked>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How this call may be approved, and the question that it ends with; undefined: this client cannot be asked so. */
  of({ mcpReq }: Pick<ServerContext, "mcpReq">): RecalledForm | undefined {
    if (!showsForms(mcpReq.envelope)) return undefined;
    const state: unknown = mcpReq.requestState();
    const before = typeof state === "string" ? this.#take(state) : undefined;
    const said: unknown = mcpReq.inputResponses?.[FORM];
    let question: ApprovalQuestion | undefined;
    const approve: AskApproval = async (asked) => {
      if (before !== undefined && before.key === asked.key && said !== undefined)
        return approvalAnswer(asked, said);
      // Only the first round of a call asks: who brought an answer to something else gets no further form.
      if (said === undefined) question = asked;
      return undefined;
    };
    return { approve, question: () => question && this.#ask(question) };
  }

  #take(state: string): Asked | undefined {
    const known = this.#asked.get(state);
    this.#asked.delete(state);
    return known === undefined || known.until < this.#now() ? undefined : known;
  }

  #ask(question: ApprovalQuestion): InputRequiredResult {
    for (const [old, { until }] of this.#asked) if (until < this.#now()) this.#asked.delete(old);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size >= MOST && oldest !== undefined) this.#asked.delete(oldest);
    const requestState = randomBytes(18).toString("base64url");
    this.#asked.set(requestState, { key: question.key, until: this.#now() + ANSWER_MS });
    return inputRequired({
      inputRequests: { [FORM]: inputRequired.elicit(approvalForm(question)) },
      requestState,
    });
  }
}

export interface RecalledForm {
  readonly approve: AskApproval;
  /** What the client is to ask, where something was: in place of the call's result. */
  readonly question: () => InputRequiredResult | undefined;
}

/** Every request of that revision carries what its client can do. */
function showsForms(envelope: object | undefined): boolean {
  const given: unknown = Object.entries(envelope ?? {}).find(([key]) => key === CAPABILITIES)?.[1];
  if (typeof given !== "object" || given === null || !("elicitation" in given)) return false;
  const { elicitation } = given;
  if (typeof elicitation !== "object" || elicitation === null) return false;
  return Object.keys(elicitation).length === 0 || "form" in elicitation;
}
