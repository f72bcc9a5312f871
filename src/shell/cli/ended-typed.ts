import type { Typed } from "../record/typed.ts";
import type { Dialogue } from "./dialogue.ts";
import { addMessages } from "./job.ts";

/** How a command's text begins that is the caller's keys. */
const KEYS = /^keys: /;
const NOT_RUN = "did NOT run";

/** Keys have come back to the prompt: what is said of their command, or of the line of ours that they have thrown away. */
export function sayEnded({ command, enter }: Typed, dialogue: Dialogue): void {
  if (command === undefined) return;
  const { remarks, text, range } = command;
  if (enter) {
    addMessages(command, dialogue.messagesSince(range.from, text));
    const away = dialogue.keysReturn(text.replace(KEYS, ""), range.from);
    if (away !== undefined) remarks.push(away);
  } else if (!KEYS.test(text) && !remarks.some((one) => one.includes(NOT_RUN)))
    remarks.push(`the line that was left unsent is gone: it ${NOT_RUN}`);
}
