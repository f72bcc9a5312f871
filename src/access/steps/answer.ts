import type { Action, SessionFacts } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { addsEnter, entersText } from "../../terminal/entered-text.ts";
import type { Step } from "../step.ts";

type Typing = Extract<Action, { verb: "type" }>;

/**
 * A text with its Enter is an answer. At a prompt it would run as a command, and stand in the shell's history: refused where
 * the shell itself says that it is at its prompt, told where only a row looks like one. What is refused here was not looked
 * at for secrets yet, so nothing of it is recorded.
 */
export function answer(): Step {
  return {
    name: "answer",
    before({ action, target, notes }) {
      const session = target?.session;
      if (action.verb !== "type" || session === undefined) return;
      assertAsClaimed(action, session);
      if (addsEnter(action.bytes, session)) throw oneKey(session);
      if (session.state !== "prompt" || action.here === "prompt" || !entersText(action.bytes)) return;
      if (session.promptBy === "sentinel") throw nothingAsks(session);
      if (session.promptBy === "prompt") notes.push(WENT);
    },
  };
}

const WENT =
  "nothing was known to ask there: the text went to what looks like a prompt, and ran as a command if it is one; ssh_shell runs commands";

/** What the caller says of what is in front, and the command whose question it answers. @throws SshMcpError `not_ready`. */
function assertAsClaimed({ here, answerTo }: Typing, session: SessionFacts): void {
  const { state, promptBy, command } = session;
  if (here === "input" && state === "prompt" && promptBy !== "prompt")
    throw refused(
      'here: "input" was given, and the shell itself said that it is at its prompt: nothing reads input there',
      'ssh_shell runs a command; here: "prompt" types at the prompt.',
    );
  if (here === "prompt" && (state === "asking" || state === "screen"))
    throw refused(
      `here: "prompt" was given, and ${inFront(session)}`,
      "Leave it out to answer, or read the screen with ssh_read screen:true.",
    );
  if (answerTo === undefined) return;
  const reads = state === "asking" || (state === "running" && here === "input");
  if (reads && command === answerTo) return;
  throw refused(
    `answer_to: ${answerTo} was given, and ${inFront(session)}`,
    `ssh_read(command: ${answerTo}) shows its output.`,
  );
}

function oneKey(session: SessionFacts): SshMcpError {
  return refused(
    `${inFront(session)}; that acts on a single key, and the Enter behind it would go to whatever comes next`,
    "Send the key alone, without Enter; Enter alone goes, too.",
  );
}

function nothingAsks({ name }: SessionFacts): SshMcpError {
  return refused(
    `nothing asks in session ${name}: its shell is at its prompt, where this text would run as a command`,
    'ssh_shell runs commands; here: "prompt" types it at the prompt all the same. ssh_read shows what was printed last.',
  );
}

function inFront({ state, command, row = "", promptBy }: SessionFacts): string {
  const which = command === undefined ? "what is in front" : `#${command}`;
  switch (state) {
    case "asking":
      return `${which} asks: ${visibleLine(row, 160)}`;
    case "screen":
      return `${which} has the whole screen`;
    case "prompt":
      return promptBy === "prompt"
        ? "a prompt seems to be there"
        : "the shell is at its prompt: nothing asks";
    case "unsent":
      return "text that was not entered is on the prompt's line";
    default:
      return `${which} is not known to ask anything`;
  }
}

function refused(what: string, next: string): SshMcpError {
  return new SshMcpError("not_ready", `${what}; nothing was sent`, next);
}
