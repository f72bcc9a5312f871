import type { Quirks } from "../protocol/quirks.ts";
import { kindOf, type LoginQuestion, namedUser, type PromptKind, splitQuestion } from "./prompt-kind.ts";

/** Three rounds are a password, a question and PAM's closing remark; more is a server that plays for time. */
const MAX_ROUNDS = 3;
/** Rounds of questions that the inventory or the platform's profile knows: a banner to acknowledge, a user name. */
const MAX_FAMILIAR_ROUNDS = 5;
const MAX_PROMPTS = 4;

/** Where an answer that is secret comes from; each is given once per connection. */
export interface SecretSource {
  readonly given: boolean;
  /** @throws SshMcpError `secret_unavailable`. */
  take(): Promise<string>;
}

/** Why a question stays without an answer. */
export type Unmet =
  /** Nothing configured is meant for it. */
  | "no_source"
  /** What is meant for it was given to an earlier question of its kind. */
  | "given_before"
  /** A second one of its kind in the same round: which of the two is meant is unknown. */
  | "twice"
  /** It asks for a password in the open. */
  | "in_the_open"
  /** It asks for another user's password. */
  | "other_user"
  /** A person was asked and gave no answer. */
  | "declined";

export interface Unanswered {
  readonly question: LoginQuestion;
  readonly kind: PromptKind;
  readonly why: Unmet;
  /** All questions of the round, which come together and are answered together. */
  readonly round: readonly string[];
}

/** The answers of one round, a question that has none, or why the server must be dropped. */
export type Round =
  | { readonly answers: string[] }
  | { readonly unanswered: Unanswered }
  | { readonly refused: string };

export interface InteractiveOptions {
  readonly password?: SecretSource | undefined;
  readonly code?: SecretSource | undefined;
  readonly user: string;
  /** What inventory and profile know of the questions. */
  readonly quirks?: Quirks | undefined;
  /** Asks the person behind the caller; undefined: no answer. Only for what is no secret. */
  readonly ask?: ((question: LoginQuestion) => Promise<string | undefined>) | undefined;
}

type Planned = "password" | "code" | "ask" | { readonly text: string } | { readonly unmet: Unmet };

/** Kinds whose answer is a secret, whoever asks. */
const SECRET_KINDS: readonly PromptKind[] = ["password", "code", "change", "pin", "challenge", "mixed"];

/**
 * Answers keyboard-interactive rounds (RFC 4256). An answer goes only to a question it is meant for: the password and the
 * code by the question's kind, other texts by the patterns of inventory and profile. A round in which one question has no
 * answer is not answered at all: an empty answer would count as a failed attempt, or agree to something.
 */
export class InteractiveAnswers {
  #rounds = 0;
  #familiar = 0;
  readonly #options: InteractiveOptions;

  constructor(options: InteractiveOptions) {
    this.#options = options;
  }

  /** @throws SshMcpError when a secret that is needed is not available. */
  async round(prompts: readonly LoginQuestion[], around: string): Promise<Round> {
    if (prompts.length > MAX_PROMPTS) return { refused: `asked ${prompts.length} questions at once` };
    const questions = prompts.map((prompt) => ({ ...prompt, around }));
    const plans: Planned[] = [];
    for (const question of questions) plans.push(this.#plan(question, plans));
    if (plans.every((plan) => typeof plan === "object" && "text" in plan)) this.#familiar++;
    else this.#rounds++;
    if (this.#rounds > MAX_ROUNDS) return { refused: `asked more than ${MAX_ROUNDS} rounds of questions` };
    if (this.#familiar > MAX_FAMILIAR_ROUNDS) return { refused: "asked the same questions again and again" };
    const unanswered = (index: number, why: Unmet): Round => {
      const question = questions[index] ?? { prompt: "" };
      const round = questions.map((one) => splitQuestion(one).asks);
      return { unanswered: { question, kind: kindOf(question), why, round } };
    };
    for (const [index, plan] of plans.entries())
      if (typeof plan === "object" && "unmet" in plan) return unanswered(index, plan.unmet);
    const answers: string[] = [];
    // A person first: nothing secret is read for a login that is given up.
    const asked = new Map<number, string>();
    for (const [index, question] of questions.entries()) {
      if (plans[index] !== "ask") continue;
      const answer = await this.#options.ask?.(question);
      if (answer === undefined) return unanswered(index, "declined");
      asked.set(index, answer);
    }
    for (const [index, plan] of plans.entries()) {
      if (plan === "password" || plan === "code") answers.push((await this.#options[plan]?.take()) ?? "");
      else answers.push(typeof plan === "object" && "text" in plan ? plan.text : (asked.get(index) ?? ""));
    }
    return { answers };
  }

  #plan(question: LoginQuestion, before: readonly Planned[]): Planned {
    const { quirks, user, ask } = this.#options;
    const known = quirks?.answerTo(question.prompt);
    const kind = kindOf(question);
    if (!SECRET_KINDS.includes(kind)) {
      if (known === "username") return { text: user };
      if (typeof known === "object") return { text: known.text };
    }
    // A pattern decides where the words do not; it never takes a code's question for the password's.
    const told = known === "password" || known === "code" ? known : undefined;
    const meant = kind === "other" || kind === "mixed" || kind === "challenge" ? told : kind;
    if (meant === "password") return this.#secret("password", question, before);
    if (meant === "code") return this.#secret("code", question, before);
    const open = question.echo === true && (kind === "choice" || kind === "other");
    return open && ask !== undefined ? "ask" : { unmet: "no_source" };
  }

  #secret(kind: "password" | "code", question: LoginQuestion, before: readonly Planned[]): Planned {
    const source = this.#options[kind];
    if (kind === "password") {
      if (question.echo === true) return { unmet: "in_the_open" };
      const named = namedUser(question);
      if (named !== undefined && !sameUser(named, this.#options.user)) return { unmet: "other_user" };
    }
    if (source === undefined) return { unmet: "no_source" };
    if (source.given) return { unmet: "given_before" };
    return before.includes(kind) ? { unmet: "twice" } : kind;
  }
}

/** Whether two names may be one user's: with or without a domain, a realm or a suffix that the platform wants. */
function sameUser(named: string, ours: string): boolean {
  const [a, b] = [named.toLowerCase(), ours.toLowerCase()];
  return a.includes(b) || b.includes(a);
}
