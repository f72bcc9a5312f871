import { visibleLine } from "../../base/text.ts";
import type { Quirks } from "../protocol/quirks.ts";

/** Three rounds are a password, a question and PAM's closing remark; more is a server that plays for time. */
const MAX_ROUNDS = 3;
/** Rounds of questions that the platform's profile knows: a banner to acknowledge, a user name. */
const MAX_FAMILIAR_ROUNDS = 5;
const MAX_PROMPTS = 4;
/** Hidden prompts that ask for something else than the password we hold. */
const NOT_THE_PASSWORD =
  /\b(?:otp|one[- ]time|token|verification|authenticator|passcode|pin|challenge|2fa|mfa|new password|retype)\b/i;

export interface InteractivePrompt {
  readonly prompt: string;
  readonly echo?: boolean;
}

/** The answers of one round, or why the server must be dropped. */
export type Round =
  | { readonly answers: string[]; readonly unanswered: readonly string[] }
  | { readonly refused: string };

export interface InteractiveOptions {
  /** Gives the secret the first time and undefined after that. */
  readonly takeSecret: () => string | undefined;
  readonly user: string;
  /** What the platform's profile knows of the questions. */
  readonly quirks?: Quirks | undefined;
}

/**
 * Answers keyboard-interactive rounds (RFC 4256): what the platform's profile knows by its word, the first hidden prompt
 * that may mean the secret with it, once; everything else gets an empty answer.
 */
export class InteractiveAnswers {
  #rounds = 0;
  #familiar = 0;
  readonly #options: InteractiveOptions;

  constructor(options: InteractiveOptions) {
    this.#options = options;
  }

  round(prompts: readonly InteractivePrompt[]): Round {
    if (prompts.length > MAX_PROMPTS) return { refused: `asked ${prompts.length} questions at once` };
    const known = prompts.map(({ prompt }) => this.#options.quirks?.answerTo(prompt));
    if (known.every((answer) => answer !== undefined && answer !== "password")) this.#familiar++;
    else this.#rounds++;
    if (this.#rounds > MAX_ROUNDS) return { refused: `asked more than ${MAX_ROUNDS} rounds of questions` };
    if (this.#familiar > MAX_FAMILIAR_ROUNDS) return { refused: "asked the same questions again and again" };
    const unanswered: string[] = [];
    const answers = prompts.map((prompt, index) => {
      const answer = this.#answer(prompt, known[index]);
      if (answer === undefined) unanswered.push(visibleLine(prompt.prompt, 80));
      return answer ?? "";
    });
    return { answers, unanswered };
  }

  #answer({ prompt, echo }: InteractivePrompt, known: ReturnType<Quirks["answerTo"]>): string | undefined {
    if (known === "username") return this.#options.user;
    if (typeof known === "object") return known.text;
    // Even where a profile takes a prompt for the password's: never into the open, never for a one-time code.
    if (echo === true || NOT_THE_PASSWORD.test(prompt)) return undefined;
    return this.#options.takeSecret();
  }
}
