import { visibleLine } from "../base/text.ts";

/** Three rounds are a password, a question and PAM's closing remark; more is a server that plays for time. */
const MAX_ROUNDS = 3;
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

/**
 * Answers keyboard-interactive rounds (RFC 4256): the secret goes, once, to the first hidden prompt that may mean it;
 * everything else gets an empty answer.
 */
export class InteractiveAnswers {
  #rounds = 0;
  readonly #takeSecret: () => string | undefined;

  /** `takeSecret` gives the secret the first time and undefined after that. */
  constructor(takeSecret: () => string | undefined) {
    this.#takeSecret = takeSecret;
  }

  round(prompts: readonly InteractivePrompt[]): Round {
    if (++this.#rounds > MAX_ROUNDS) return { refused: `asked more than ${MAX_ROUNDS} rounds of questions` };
    if (prompts.length > MAX_PROMPTS) return { refused: `asked ${prompts.length} questions at once` };
    const unanswered: string[] = [];
    const answers = prompts.map(({ prompt, echo }) => {
      const secret = echo === true || NOT_THE_PASSWORD.test(prompt) ? undefined : this.#takeSecret();
      if (secret === undefined) unanswered.push(visibleLine(prompt, 80));
      return secret ?? "";
    });
    return { answers, unanswered };
  }
}
