import { visibleLine } from "../../base/text.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { KernelEvidence, Seen } from "../evidence/kernel.ts";
import { LearnedPrompt } from "../evidence/learned-prompt.ts";
import { askedByText, askedByWaitingRow } from "../evidence/rows.ts";
import type { Quiet, Snapshot } from "../pty/snapshot.ts";
import type { Asking } from "../pty/state.ts";
import type { Command } from "../record/command-log.ts";
import type { Typed } from "../record/typed.ts";
import { judgeLogin } from "./judge-login.ts";
import { joins } from "./judge-nested.ts";
import { mayBeOpen } from "./open-text.ts";
import type { ShellMemory, ShellScene, ShellVerdict } from "./scene.ts";

/** Quiet in milliseconds before something is concluded; the reasons are where they are used. */
/** A full-screen program redraws in bursts; the kernel is not asked about every pause. */
const LOOK_INSIDE = 300;
const TRUST_TEXT = 1000;
/** How long a program that has taken the whole screen may take until it paints something. */
const FIRST_PAINT = 3000;
const UNFRAMED_SETTLE = 250;
/** What a shell may take to end, or until it is given the end of its input. */
const ENDING = 4000;
/** How long after the hooks are in a prompt without a mark proves that the prompt hook does not work. */
const HOOK_SETTLE = 700;
/** What a mark may take behind the kernel's word that its shell reads, milliseconds. */
const MARK_MS = 60;
/** Pause between two questions to the kernel about a command that was busy; doubles from the first to the second. */
const MIN_KERNEL_PAUSE = 500;
const MAX_KERNEL_PAUSE = 4000;

const NOTHING: ShellVerdict = { do: "nothing" };

/** What quiet on a shell's terminal means, cheapest evidence first; quiet itself never is an end. */
export function judgeShell(memory: ShellMemory, scene: ShellScene, seen: Snapshot): ShellVerdict {
  if (scene.unframed) return judgeUnframed(memory, scene, scene.unframed.prompt, seen);
  const { quiet } = seen;
  switch (scene.phase) {
    case "identify":
    case "hooking":
      return NOTHING;
    case "settling":
      return quiet.reached(HOOK_SETTLE) ? { do: "settle without hook" } : NOTHING;
    case "unframed":
      return judgeLogin(memory, scene, seen);
    case "hold":
      if (!quiet.reached(TRUST_TEXT)) return NOTHING;
      return scene.holding
        ? { do: "show held" }
        : judgeInside(memory, { ...scene, running: undefined }, seen);
    case "ping":
      return quiet.reached(TRUST_TEXT) ? { do: "give up ping" } : NOTHING;
    case "run":
      return judgeInside(memory, scene, seen);
    case "prompt":
    case "post":
      if (scene.holding && quiet.reached(TRUST_TEXT)) return { do: "show held" };
      return scene.typed && quiet.reached(LOOK_INSIDE)
        ? judgeTyped(memory, scene, scene.typed, seen)
        : NOTHING;
  }
}

/** What the kernel's answer means for the next question to it. */
export function remembered(
  memory: ShellMemory,
  command: number | undefined,
  kernel: KernelEvidence,
  now: number,
): ShellMemory {
  if (kernel.waiting !== "no") return { ...memory, busy: undefined };
  const before = memory.busy?.command === command ? memory.busy : undefined;
  const pauseMs = Math.min(MAX_KERNEL_PAUSE, (before?.pauseMs ?? MIN_KERNEL_PAUSE / 2) * 2);
  return { ...memory, busy: { command, pauseMs, until: now + pauseMs } };
}

/** A command runs, or its line was not taken. */
function judgeInside(memory: ShellMemory, scene: ShellScene, seen: Snapshot): ShellVerdict {
  const { quiet, view, kernel } = seen;
  if (!seen.waited || !quiet.reached(LOOK_INSIDE)) return NOTHING;
  // Keys were sent and nothing has been printed since: what is on the screen is from before.
  if (seen.unanswered && !quiet.reached(TRUST_TEXT)) return NOTHING;
  if (view.alternate) return fullScreen(view, quiet);
  // Line editors set application keys too: with bracketed paste mostly, and at a prompt row always.
  if (view.modes.applicationCursorKeys && !view.modes.bracketedPaste && !mayBeBack(memory, scene, view))
    return { do: "stand", state: { state: "screen", evidence: "cursor_addressing" } };
  if (kernel === undefined)
    return mayAskKernel(memory, scene.running, seen.now) ? { do: "ask kernel" } : NOTHING;
  const { running } = scene;
  if (running && joins(memory, scene, running, view, kernel)) return { do: "join", inside: running };
  return concludeInside(memory, scene, seen, kernel);
}

/** A program has taken the whole screen; where it has painted nothing yet, that is waited for. */
function fullScreen({ rows }: ScreenView, quiet: Quiet): ShellVerdict {
  const blank = rows.every((row) => row.trim() === "");
  if (blank && !quiet.reached(FIRST_PAINT)) return NOTHING;
  return { do: "stand", state: { state: "screen", evidence: "alternate_screen" } };
}

/** A command that prints now and then is not asked about after each print: the answer "busy" holds for a while. */
function mayAskKernel({ busy }: ShellMemory, command: Command | undefined, now: number): boolean {
  return busy === undefined || busy.command !== command?.id || now >= busy.until;
}

function concludeInside(
  memory: ShellMemory,
  scene: ShellScene,
  seen: Snapshot,
  kernel: KernelEvidence,
): ShellVerdict {
  const { quiet, view } = seen;
  const { running } = scene;
  const row = view.cursorText;
  switch (kernel.waiting) {
    case "no":
      return NOTHING;
    case "held":
      return quiet.reached(TRUST_TEXT) ? { do: "held" } : NOTHING;
    case "unknown": {
      if (!quiet.reached(TRUST_TEXT)) return NOTHING;
      if (mayBeBack(memory, scene, view) || mayBeDropped(memory, scene, view)) return pings(scene);
      const asked = askedByText(row);
      return asked ? asks(asked, "pattern", row) : NOTHING;
    }
    case "secret":
      return asks("password", "kernel", row);
    case "line":
    case "keys": {
      const unended = scene.phase === "hold" && kernel.wantsLineFeed ? scene.open?.id : undefined;
      if (unended !== undefined && memory.lineFed !== unended)
        return confirmed(memory, seen, unended)
          ? { do: "end line", id: unended }
          : { do: "ask again", line: unended };
      // Its line editor has our line, or will: what it shows meanwhile is no question.
      const editing = kernel.waiting === "keys" && kernel.shellInFront;
      if (editing && scene.phase === "hold" && !isLastPrompt(scene.promptRow, view)) return NOTHING;
      if (
        kernel.reads !== "builtin" &&
        kernel.shellInFront &&
        (isBack(memory, scene, kernel) || mayBeBack(memory, scene, view))
      )
        return pings(scene);
      if (kernel.reads !== "builtin" && kernel.shellInFront && mayBeDropped(memory, scene, view))
        return pings(scene);
      if (kernel.shellInFront && scene.phase === "run" && !confirmed(memory, seen))
        return { do: "ask again" };
      if (running && kernel.shellInFront && runsNothing(scene, running, view))
        return { do: "runs nothing", command: running };
      if (kernel.waiting === "keys" && !editing && drawsBelow(view))
        return { do: "stand", state: { state: "screen", evidence: "cursor_addressing" } };
      const repl = kernel.waiting === "keys" && view.modes.bracketedPaste && !editing;
      return asks(
        askedByText(row) ?? (repl ? "repl" : undefined) ?? askedByWaitingRow(row),
        "kernel",
        row,
        kernel.waiting === "keys",
      );
    }
  }
}

const NO_EXEC = /\bset\s+(?:-[a-zA-Z]*n|-o\s+noexec)/;

/** Behind `set -n` a shell shows its prompt, and runs nothing of what it reads: no mark comes. */
function runsNothing({ phase, level, promptRow }: ShellScene, { text }: Command, view: ScreenView): boolean {
  return phase === "run" && level?.family === "sh" && NO_EXEC.test(text) && isLastPrompt(promptRow, view);
}

/** What reads keys has put the cursor above rows that it printed: a screen, though none was asked for. */
function drawsBelow({ rows, cursor, modes }: ScreenView): boolean {
  return !modes.bracketedPaste && rows.slice(cursor.row + 1).some((row) => row.trim() !== "");
}

/** The kernel said the same before, of the same unended `line` where it is about one, and nothing came since. */
function confirmed({ shellReads }: ShellMemory, { end, quiet }: Snapshot, line?: number): boolean {
  if (shellReads?.end !== end || shellReads.line !== line) {
    quiet.reached(quiet.ms + MARK_MS);
    return false;
  }
  return quiet.ms >= shellReads.quietMs + MARK_MS || quiet.reached(shellReads.quietMs + MARK_MS);
}

/** The kernel's word is taken down as the first of two, unless it is the same one again. */
export function seenReading(
  memory: ShellMemory,
  line: number | undefined,
  { end, quiet }: Pick<Snapshot, "end" | "quiet">,
): ShellMemory {
  const { shellReads } = memory;
  if (shellReads?.end === end && shellReads.line === line) return memory;
  return { ...memory, shellReads: { end, quietMs: quiet.ms, line } };
}

function pings({ running, open }: ShellScene): ShellVerdict {
  return { do: "ping", id: running?.id ?? open?.id ?? 0, typed: false };
}

/** A line that was not taken, at a prompt: it is gone, or its prompt was counted for something typed before. Asked once. */
function mayBeDropped(
  memory: ShellMemory,
  { phase, open, promptRow }: ShellScene,
  view: ScreenView,
): boolean {
  return phase === "hold" && open !== undefined && memory.pinged !== open.id && isLastPrompt(promptRow, view);
}

/**
 * Behind an interrupt our shell, still the program it was, reads in its line editor: an interrupt ends the whole list, so the
 * command is over, whatever the prompt looks like. Asked once.
 */
function isBack(memory: ShellMemory, { running, phase }: ShellScene, kernel: KernelEvidence): boolean {
  if (running === undefined || phase !== "run" || memory.pinged === running.id) return false;
  return running.interrupted && kernel.waiting === "keys";
}

/** The shell is back at its prompt but no mark said so (no prompt hook, or it was interrupted): it is asked, once. */
function mayBeBack(memory: ShellMemory, scene: ShellScene, view: ScreenView): boolean {
  const { running, level, phase, promptRow } = scene;
  if (!running || !level || phase !== "run" || memory.pinged === running.id) return false;
  if (level.hooked && !running.interrupted) return false;
  return isLastPrompt(promptRow, view);
}

/** The row of the last prompt is left of the cursor again. */
export function isLastPrompt(promptRow: string, view: ScreenView): boolean {
  return new LearnedPrompt(promptRow, undefined).matches(view.cursorText);
}

/** What csh, zsh and the Bourne shells print where a line goes on. */
const CONTINUED = /^(?:[a-z -]*> ?|\? ?)$/;

/** Such a row; also behind a prompt that was printed only once the line had been typed. */
function continues(row: string, promptRow: string): boolean {
  return CONTINUED.test(behind(row, promptRow.trim()));
}

/** What stands behind the prompt, however often that was printed. */
function behind(row: string, prompt: string): string {
  let rest = row;
  while (prompt !== "" && rest.startsWith(prompt)) rest = rest.slice(prompt.length).trimStart();
  return rest;
}

/** Keys were typed at a prompt and no prompt mark followed. */
function judgeTyped(memory: ShellMemory, scene: ShellScene, typed: Typed, seen: Snapshot): ShellVerdict {
  const { quiet, view, kernel } = seen;
  if (!seen.waited) return NOTHING;
  if (view.alternate) return fullScreen(view, quiet);
  const row = view.cursorText;
  if (!typed.enter) return typed.endsInput ? judgeEnd(memory, row, seen) : asks("line", "pattern", row);
  if (seen.unanswered && !quiet.reached(TRUST_TEXT)) return NOTHING;
  if (kernel === undefined) return { do: "ask kernel" };
  if (kernel.waiting === "unknown") {
    if (!quiet.reached(TRUST_TEXT)) return NOTHING;
    if (continues(row, scene.promptRow)) return asks("continuation", "pattern", row);
    return concludeInside(memory, scene, seen, kernel);
  }
  if (kernel.shellInFront && (kernel.waiting === "keys" || kernel.waiting === "line")) {
    // The prompt itself, not one that asks for more: lines typed ahead made one command, or the hook is gone. Asked once,
    // the shell answers with its status.
    const id = scene.open?.id ?? 0;
    if (memory.pinged !== id && !scene.unsent && !seen.unanswered && standsAtPrompt(scene, kernel, seen))
      return { do: "ping", id, typed: true };
    if (goesOn(scene, kernel, seen)) return asks("continuation", "kernel", row);
    return asks(askedByText(row) ?? askedByWaitingRow(row), "kernel", row);
  }
  if (view.modes.applicationCursorKeys && kernel.waiting === "keys")
    return { do: "stand", state: { state: "screen", evidence: "cursor_addressing" } };
  return concludeInside(memory, scene, seen, kernel);
}

/**
 * End of input was typed: a shell that goes still has its files to write, and what stands is no line while it does. On a busy
 * host it may not have been given it yet, and the kernel says truly that it reads; what stays says so with its next prompt.
 */
function judgeEnd(memory: ShellMemory, row: string, seen: Snapshot): ShellVerdict {
  const { quiet, kernel } = seen;
  if (!quiet.reached(ENDING)) return NOTHING;
  if (kernel === undefined) return { do: "ask kernel" };
  if (kernel.waiting === "no") return NOTHING;
  if (kernel.waiting !== "unknown" && !confirmed(memory, seen)) return { do: "ask again" };
  return asks("line", kernel.waiting === "unknown" ? "pattern" : "kernel", row);
}

/** Where prompts end. */
const PROMPT_END = /[$#%>] ?$/;

/**
 * Our shell in front is at its prompt: it waits in the very place, or it reads keys behind the last prompt's row. Without a
 * line editor a `read` looks like the prompt in everything but its place; what asks for the rest of a line looks so in its
 * place too, and may in its row. So where prompts have marks, one must have come.
 */
function standsAtPrompt(
  scene: ShellScene,
  kernel: Seen & Pick<KernelEvidence, "waiting">,
  seen: Snapshot,
): boolean {
  const { promptRow, level } = scene;
  const row = seen.view.cursorText;
  const last = isLastPrompt(promptRow, seen.view);
  if (level?.hooked) {
    if (!promptCame(scene, seen)) return false;
  } else if (continues(row, promptRow)) return false;
  if (kernel.reads === "command") return last || PROMPT_END.test(row);
  return kernel.waiting === "keys" && last;
}

/** A prompt's mark has come since the last keys, and no line was taken behind it. */
function promptCame({ promptAt, promptRow }: ShellScene, { rowsSince, view }: Snapshot): boolean {
  if (promptAt === undefined) return false;
  const row = view.cursorText.trimEnd();
  const above = rowsSince(promptAt).slice(0, -1);
  const shown = promptRow.trimEnd();
  // What was typed ahead without an editor stands in no row: behind the prompt the next one asks for more.
  const more = row !== shown && shown !== "" && row.startsWith(shown) && CONTINUED.test(behind(row, shown));
  return !more && (row === "" || !above.some((one) => one.startsWith(row)));
}

/** The shell wants more of a line that was entered, and not the answer to a `read`. fish shows the open line itself. */
function goesOn(scene: ShellScene, { reads }: Seen, seen: Snapshot): boolean {
  const { level, promptRow } = scene;
  const row = seen.view.cursorText;
  if (reads === "builtin") return false;
  if (level?.family === "fish") return row.trim() === "";
  if (!level?.hooked) return continues(row, promptRow);
  // What PS2 is, nobody knows: what was typed reads like the beginning of more. The prompt before may come behind it.
  const typed = scene.typed?.command?.text.replace(/^keys: /, "");
  if (typed !== undefined && mayBeOpen(typed) && row.trimEnd() !== promptRow.trimEnd()) return true;
  if (promptCame(scene, seen)) return false;
  return continues(row, promptRow) || CONTINUED.test(row);
}

function judgeUnframed(
  memory: ShellMemory,
  scene: ShellScene,
  prompt: LearnedPrompt,
  seen: Snapshot,
): ShellVerdict {
  const { quiet, view, waited, kernel } = seen;
  if (!quiet.reached(UNFRAMED_SETTLE)) return NOTHING;
  const { open, typed } = scene;
  const row = view.cursorText;
  if (open && prompt.matches(row) && open.range.lineFeeds > 0) return { do: "unframed end", command: open };
  if (!waited) return NOTHING;
  if (view.alternate) return fullScreen(view, quiet);
  if (typed && !typed.enter) return asks("line", "pattern", row);
  const asked = askedByText(row);
  if (open && quiet.reached(LOOK_INSIDE)) {
    if (kernel === undefined) return mayAskKernel(memory, open, seen.now) ? { do: "ask kernel" } : NOTHING;
    // csh reads its own prompt by keys; without its editor a row that is no prompt is a question.
    if (kernel.waiting === "secret") return asks("password", "kernel", row);
    if (kernel.waiting === "line") return asks(asked ?? askedByWaitingRow(row), "kernel", row);
  }
  return asked && quiet.reached(TRUST_TEXT) ? asks(asked, "pattern", row) : NOTHING;
}

/** `keys`: it is read key by key; a pager, or "press any key", is answered by one. */
function asks(asked: Asking["asked"], evidence: Asking["evidence"], row: string, keys = false): ShellVerdict {
  const submit = keys && asked === "pager" ? ({ submit: "key" } as const) : {};
  return { do: "stand", state: { state: "asking", asked, evidence, row: visibleLine(row, 200), ...submit } };
}
