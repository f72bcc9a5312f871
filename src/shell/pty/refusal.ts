import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { keyName } from "../../terminal/keys.ts";
import { askedByText } from "../evidence/rows.ts";
import type { Command } from "../record/command-log.ts";
import type { Framing } from "./framing.ts";
import { leavingKeys } from "./leaving-keys.ts";
import type { PtySinks } from "./sinks.ts";
import { actsOnKeys, type PtyState } from "./state.ts";

const CTRL_U = "\u0015";

/** The far end that could take a command, as far as a refusal names it. */
type Far = Pick<Framing, "interruptKey" | "clearKey" | "strange" | "offer">;

/** Why no command can be typed now, and what can be done instead. */
export function noCommand(state: PtyState, far: Far, { log, screen }: PtySinks): SshMcpError {
  const { interruptKey, strange } = far;
  const { running } = log;
  const row = screen.view().cursorText;
  const offer = far.offer === undefined ? "" : ` Or: ${far.offer}.`;
  const interrupt = keyName(interruptKey);
  if (state.at === "unsent" || ("over" in state && state.over.at === "unsent"))
    return new SshMcpError(
      "not_ready",
      "text that was not entered is on the line, and it could not be cleared. Your command was not run",
      `Read the screen with ssh_read screen:true. ssh_send keys ${keyName(far.clearKey ?? CTRL_U)} drops the line (<Backspace> takes one character off), <Enter> runs it.`,
    );
  if (state.at === "clearing")
    return new SshMcpError(
      "busy",
      `another command is about to be typed: ${quoted(state.text)}. Your command was not run`,
      "Wait for it with ssh_read.",
    );
  if (running) return busyWith(running, state, row, { interrupt, offer });
  const wrongProfile =
    strange === undefined
      ? readsLikeSecret(row)
      : ` If that row is a prompt, ${strange} is not this host's profile: set platform (posix for a Unix shell, auto to detect it) or prompt_regex in the inventory.`;
  return new SshMcpError(
    "not_ready",
    `the session is not at a prompt; the cursor's row is: ${visibleLine(row, 160) || "(empty)"}. Your command was not run`,
    `Read the screen with ssh_read screen:true, answer what is asked with ssh_send, then try again.${row.trim() === "" ? " Where rows have overwritten a prompt, ssh_send <Enter> brings it back." : ""}${wrongProfile}${offer}`,
  );
}

/** Nobody types a command into what may ask for a password: only the operator knows that it is a prompt. */
function readsLikeSecret(row: string): string {
  if (askedByText(row) !== "password") return "";
  return " If that row is this host's own prompt, which reads like a question for a password, prompt_regex in the inventory says so.";
}

/** It ran as the next command was given, and does not any more. */
export function changedMeanwhile({ id, text, exit, endedAt }: Command): SshMcpError {
  const ended = exit === undefined ? "has ended since" : `has ended since with exit=${exit}`;
  const how = endedAt === undefined ? "has opened a shell since" : ended;
  return new SshMcpError(
    "busy",
    `#${id} ${quoted(text)} was still running when this command came, and ${how}. Your command was not run`,
    "Give it again if it is still wanted; ssh_read shows what was printed.",
  );
}

function busyWith(
  { id, text }: Command,
  state: PtyState,
  lastRow: string,
  { interrupt, offer }: { readonly interrupt: string; readonly offer: string },
): SshMcpError {
  const what = `#${id} ${quoted(text)}`;
  if (state.at === "asking" && state.state.state === "asking") {
    const { asked, row } = state.state;
    return new SshMcpError(
      "busy",
      `${what} asks (${asked})${row.trim() === "" ? "" : `: ${visibleLine(row, 160)}`}. Your command was not run`,
      `Answer with ssh_send, or interrupt it with ssh_send keys ${interrupt}.${offer}`,
    );
  }
  if (state.at === "screen")
    return new SshMcpError(
      "busy",
      `${what} runs full-screen. Your command was not run`,
      `Read the screen with ssh_read screen:true and drive it with ssh_send keys; ${leavingKeys(text)}.`,
    );
  return new SshMcpError(
    "busy",
    `${what} is still running${lastRow.trim() === "" ? "" : `; the cursor's row is: ${visibleLine(lastRow, 160)}`}. Your command was not run`,
    `Wait for it with ssh_read, interrupt it with ssh_send keys ${interrupt}, or open a second session with ssh_connect.${offer}`,
  );
}

/** Where keys would go. */
interface Keyboard {
  readonly state: PtyState;
  /** Id of the caller whose keys ended within a line. */
  readonly openEnd: string | undefined;
  readonly interruptKey: string;
  /** Text left of the cursor. */
  row(): string;
}

export function keyboardOf(
  state: PtyState,
  { openEnd }: Pick<Keyboard, "openEnd">,
  { interruptKey }: Far,
  { screen }: PtySinks,
): Keyboard {
  return { state, openEnd, interruptKey, row: () => screen.cursorRowText() };
}

const CTRL_C = Buffer.from("\u0003");

/**
 * Keys that are not the interrupt key do not fall into a command in the making, nor behind text that another caller has not
 * entered yet, and do not pass with leave to interrupt. @throws SshMcpError `not_ready`; nothing was typed.
 */
export function assertOwnLine(bytes: Buffer, { caller, verb }: Permit, keyboard: Keyboard): void {
  const { state, openEnd, interruptKey, row } = keyboard;
  if (verb === "interrupt") throw noInterrupt(interruptKey);
  const { at } = state;
  if (at === "clearing" || at === "typing" || at === "preparing" || at === "joining")
    throw noKeys(state, interruptKey);
  // Ctrl-C throws a line away, on most platforms; a full-screen program acts on single keys: there is no line.
  if (bytes.equals(CTRL_C) || actsOnKeys(state) || verb === "hold") return;
  if (openEnd !== undefined && openEnd !== caller.id) throw foreignLine(row(), interruptKey);
}

/** What was the interrupt key when this was decided is another key by now: the platform was found out meanwhile. */
function noInterrupt(interruptKey: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    "these keys do not interrupt here; nothing was sent",
    `ssh_send keys ${keyName(interruptKey)} interrupts.`,
  );
}

/** Keys that would fall into something of somebody else's making. */
function noKeys(state: PtyState, interruptKey: string): SshMcpError {
  const command = "command" in state ? state.command : undefined;
  const text = state.at === "clearing" ? quoted(state.text) : "a command";
  const what = command === undefined ? text : `#${command.id} ${quoted(command.text)}`;
  const doing =
    state.at === "preparing"
      ? "the session is still being set up"
      : state.at === "joining"
        ? `the shell that ${what} opened is being set up`
        : `${what} is being typed`;
  return new SshMcpError(
    "not_ready",
    `${doing}; nothing was sent`,
    `Wait for it with ssh_read, then send again; ssh_send keys ${keyName(interruptKey)} interrupts at any time.`,
  );
}

function quoted(command: string): string {
  return `\`${visibleLine(command, 80)}\``;
}

/** Another caller's text is on the line. */
function foreignLine(row: string, interruptKey: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `keys of another caller may be on the line, and were not entered yet: ${visibleLine(row, 160)}; nothing was sent`,
    `Wait until it is entered (ssh_read); at a prompt ssh_shell clears it first, and ssh_send keys ${keyName(interruptKey)} throws it away.`,
  );
}

/** The channel is gone. */
export function channelGone(): SshMcpError {
  return new SshMcpError(
    "session_closed",
    "the session is closed",
    "ssh_connect opens a new shell under the same name; what was printed stays readable with ssh_read.",
  );
}

/** An order was given up before it became a command. */
export function interruptedBefore(): SshMcpError {
  return new SshMcpError(
    "not_ready",
    "an interrupt key was sent before the command was typed: it was NOT run",
    "Run it again if it is still wanted.",
  );
}
