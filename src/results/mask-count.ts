import { tokensIn } from "../secrets/mask/token.ts";
import { type Redact, SHOWN } from "../secrets/redactor.ts";
import type { Result } from "./result.ts";

/** Takes nothing out. */
export const AS_IT_IS: Redact = (text) => text;

/** How many places of a result show `[secret]` or a token because something was taken out there. */
export class MaskCount {
  readonly redact: Redact;
  /** Taken out by this result's own redaction. */
  #taken = 0;
  /** Echoes that were taken out before they came into the session. */
  readonly #echoes: number;

  constructor(redact: Redact, result: Result) {
    this.#echoes = sessionOf(result)?.masked ?? 0;
    if (redact === AS_IT_IS) this.redact = redact;
    else
      this.redact = (text, around) => {
        const shown = redact(text, around);
        this.#taken += shown === text ? 0 : Math.max(0, marksIn(shown) - marksIn(text));
        return shown;
      };
  }

  /** `masked=N`; undefined: nothing was. A mark of the far side's own is none of ours. */
  word(shown: string): string | undefined {
    const echoes = this.#echoes === 0 ? 0 : Math.min(this.#echoes, marksIn(shown) - this.#taken);
    const masked = this.#taken + Math.max(0, echoes);
    return masked === 0 ? undefined : `masked=${masked}`;
  }
}

function sessionOf(result: Result): { readonly masked?: number } | undefined {
  switch (result.kind) {
    case "output":
      return result.selection;
    case "wait":
      return result.reply.session;
    case "search":
    case "screen":
    case "closed":
      return result.session;
    default:
      return undefined;
  }
}

function marksIn(text: string): number {
  return text.split(SHOWN).length - 1 + tokensIn(text).length;
}
