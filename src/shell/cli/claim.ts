import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { isProgress } from "../evidence/progress.ts";
import { hostIn } from "../evidence/prompt-shape.ts";
import { askedByText, looksLikePrompt } from "../evidence/rows.ts";
import type { Command } from "../record/command-log.ts";
import type { Dialogue } from "./dialogue.ts";
import { atHome, saysAway } from "./home.ts";
import type { Job } from "./job.ts";
import type { PromptRow } from "./known-prompts.ts";
import { modeOf } from "./learn-prompt.ts";
import { accepted, isKnown, met } from "./memory.ts";
import { saysLive } from "./paging.ts";

/** How long the terminal has to be still before its row is taken on the caller's word, milliseconds. */
const STILL_MS = 300;
const LONGEST = 200;

/** The caller says that the cursor's row is a prompt: what is known against it. @throws SshMcpError `not_ready`. */
export function claimedRow(dialogue: Dialogue): PromptRow {
  const sight = dialogue.sight();
  const row = "row" in sight ? sight.row.trimEnd() : "prompt" in sight ? sight.prompt.row : "";
  const against = againstPrompt(dialogue, row);
  if (against !== undefined)
    throw new SshMcpError(
      "not_ready",
      `here: "prompt" was given, and ${against}. Your command was not run`,
      "Read the screen with ssh_read screen:true; ssh_send answers what asks.",
    );
  if (sight.what === "prompt") return sight.prompt;
  const { device } = dialogue;
  return { row, mode: modeOf(device, row), host: hostIn(row), context: undefined };
}

function againstPrompt(dialogue: Dialogue, row: string): string | undefined {
  const { expected } = dialogue.memory;
  const { typed } = dialogue.port.ledger;
  const sight = dialogue.sight();
  const shown = JSON.stringify(visibleLine(row, 80));
  if (expected?.what === "echo") return "a line is just being typed";
  if (sight.what === "screen") return "a full-screen program is on the screen";
  if (sight.what === "blank" || row === "") return "the cursor's row is empty";
  if (sight.what === "pager") return `the row ${shown} is a pager's`;
  if (sight.what === "question" || sight.what === "secret") return `the row ${shown} asks for something else`;
  const asked = sight.what === "other" ? askedByText(row) : undefined;
  if (asked !== undefined && asked !== "repl") return `the row ${shown} reads like a question (${asked})`;
  if (row.length > LONGEST) return "the row is too long for a prompt";
  if (dialogue.textBehind) return "there is text behind the cursor";
  if (typed?.command !== undefined && !typed.enter) return "text that was not entered is on the line";
  const line = expected?.typed.trim() ?? "";
  if (line !== "" && row.endsWith(line)) return `the row ${shown} is the line that was typed`;
  if (dialogue.stillMs < STILL_MS) return "the terminal is still printing";
  return undefined;
}

/**
 * What takes the row for this session's prompt, and with it what differs from it in what varies: true where it was needed.
 * It ends `job`, or the command `typed` by keys. @throws SshMcpError `not_ready`.
 */
export function claim(
  dialogue: Dialogue,
  job: Job | undefined,
  typed: Command | undefined,
  atPrompt: boolean,
): () => boolean {
  const sight = dialogue.sight();
  // Nothing new where that is so anyway, however lately it was printed.
  if (atPrompt && sight.what === "prompt" && isKnown(dialogue.memory, sight.prompt, "")) return () => false;
  const prompt = claimedRow(dialogue);
  const { memory, port } = dialogue;
  const command = job?.command ?? typed;
  const line = command?.text.split("\n")[job?.at ?? 0] ?? "";
  return () => {
    port.settled();
    const said = saysClaimed(prompt);
    command?.remarks.push(said.ended);
    port.ledger.notes.push(said.session);
    if (job) job.stop = "claimed";
    const waits = memory.expected?.what === "prompt";
    const next = waits ? met(memory, { what: "prompt", prompt }) : accepted(memory, prompt);
    const home = atHome(next.home, prompt, line);
    dialogue.memory = { ...next, home };
    const away = saysAway(memory.home, home);
    if (away !== undefined) port.ledger.notes.push(away);
    if (waits) port.met();
    return true;
  };
}

/** What is said of it: with the command that it ended, and once for the session. */
export function saysClaimed({ row, mode }: PromptRow): { readonly ended: string; readonly session: string } {
  const shown = JSON.stringify(visibleLine(row, 80));
  const regex = visibleLine(row, 120).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return {
    ended: `the row ${shown} ended it as its prompt, on the caller's word (here: "prompt")`,
    session: `on the caller's word ${shown} is a prompt of this session from here on (mode ${mode}); prompt_regex: '^${regex.replaceAll("'", "''")}$' in the inventory says so for good`,
  };
}

/** How long a row has to be there before it is told as one that nobody knows, milliseconds. */
const LONG_MS = 2000;
/** Marks that may be a whole prompt: `->`, `*`. */
const MARK = 2;
/** A name before a mark that a bar may end in, too: `racadm>>`. */
const NAMED = /^[A-Za-z][\w.-]{1,40}>>$/;

/** What can be done about the row: a live view is left by its key, one that may be a prompt and that nothing knows is claimed. */
export function offer(dialogue: Dialogue): string | undefined {
  const sight = dialogue.sight();
  if (sight.what === "pager" && sight.pager.live === true) return saysLive(sight.pager);
  const row = "row" in sight ? sight.row.trimEnd() : "prompt" in sight ? sight.prompt.row : "";
  if (againstPrompt(dialogue, row) !== undefined) return undefined;
  // Before the first prompt any row that stands may be one; what a login is known to ask is none.
  const mayBeFirst =
    dialogue.memory.known.rows.length === 0 &&
    dialogue.stillMs >= LONG_MS &&
    dialogue.device.asks(row) === undefined &&
    (row.length <= MARK || NAMED.test(row) || !isProgress(row));
  if (!mayBeFirst && isProgress(row)) return undefined;
  if (!mayBeFirst && !looksLikePrompt(row, false)) {
    const known = sight.what !== "other" || /[?:]$/.test(row) || dialogue.device.asks(row) !== undefined;
    if (known || dialogue.stillMs < LONG_MS) return undefined;
    return `the row ${JSON.stringify(visibleLine(row, 80))} has not changed for ${Math.floor(dialogue.stillMs / 1000)} s and is none that the profile knows: if it asks something, ssh_send answers it`;
  }
  return `if the row ${JSON.stringify(visibleLine(row, 80))} is a prompt, ssh_shell with here: "prompt" uses it and runs a command there`;
}
