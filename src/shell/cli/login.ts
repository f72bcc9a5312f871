import { SshMcpError } from "../../base/errors.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import type { Script } from "../pty/script.ts";
import { CLEARED_AHEAD } from "../record/ledger.ts";
import { CLEAR_MS } from "./clear-line.ts";
import type { Dialogue } from "./dialogue.ts";
import { answerKind } from "./judge.ts";
import { Unprepared } from "./prepare.ts";

/** The first prompt; a login inside the terminal is answered on the way, name and password once each. */
export function* login(
  dialogue: Dialogue,
  { user, password }: { readonly user: string; readonly password: SecretRef | undefined },
): Script {
  for (;;) {
    const reached = yield* dialogue.first();
    if (reached.what === "prompt") return;
    const { step } = reached;
    const { memory, port } = dialogue;
    dialogue.memory = { ...memory, loginAnswered: [...memory.loginAnswered, answerKind(step)] };
    const { enter } = dialogue.device.keys;
    if (step.answer === "username") port.put(`${user}${enter}`, { as: "login" });
    else if (step.answer !== "password") port.put(`${step.answer.text}${enter}`, { as: "login" });
    else if (password !== undefined) yield* answerPassword(dialogue, password, step.test);
  }
}

/** Keys sent before the first prompt may be on its line, unseen: the first line of ours would be entered behind them. */
export function* clearAhead(dialogue: Dialogue): Script {
  const cleared = yield* dialogue.press(dialogue.device.keys.killLine, { as: "clear" }, CLEAR_MS);
  // On an empty line many devices answer that key with nothing: the prompt is as it was. Where keys are on it all the same,
  // the next line's echo shows them, and Enter is not pressed; a device without an echo shows nothing.
  const shows = dialogue.device.echo !== "none" && dialogue.sight().what === "prompt";
  if (cleared === undefined && !shows)
    throw new Unprepared("keys sent before the prompt may be on its line, which was not cleared", false);
  dialogue.port.ledger.notes.push(CLEARED_AHEAD);
  dialogue.port.ledger.forgetTyped();
}

function* answerPassword(dialogue: Dialogue, secret: SecretRef, question: (row: string) => boolean): Script {
  const none = (why: string) =>
    dialogue.port.ledger.notes.push(`the login inside the terminal was given no password: ${why}`);
  try {
    if (!(yield* dialogue.typeSecret(secret, question)))
      none("its question disappeared before it could be answered");
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    none(error.message);
  }
}
