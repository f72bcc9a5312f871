import { visibleLine } from "../../base/text.ts";
import { isOwnRow } from "../../devices/lexicon.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { Front, KernelEvidence } from "../evidence/kernel.ts";
import { namesItsLogin } from "../evidence/login-prompt.ts";
import {
  askedByText,
  askedByWaitingRow,
  looksLikePosixPrompt,
  looksLikePrompt,
  MENU_ROW,
} from "../evidence/rows.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { Asking } from "../pty/state.ts";
import type { ShellMemory, ShellScene, ShellVerdict } from "./scene.ts";

/** Quiet in milliseconds before something is concluded. */
const PROMPT_SETTLE = 20;
const LOOK_INSIDE = 300;
const LOGIN_STUCK = 3000;
const UNFRAMED_SETTLE = 250;

/** Names of network devices' prompts: no blank and no home directory. */
const DEVICE_ROW = /^(?:[^\s~]+[#>]|\([\w.-]+\) (?:\[[\w.:/-]+\] )?(?:\([\w -]+\) )?[#>])$/;
/** A name in brackets of a command line that a Unix host runs for the login; with a blank, and no path of a shell's. */
const NAMED_ROW = /^\[[\w.@:-]{2,}\] ?[#>]$/;
const UNIX = /OpenSSH|dropbear/i;

/** Rows of a prompt above its last. */
const MOST_ABOVE = 2;

const NOTHING: ShellVerdict = { do: "nothing" };

const MAYBE_A_PROMPT =
  "nothing was typed: whether that row is a shell's prompt or a question cannot be seen. A question is answered with ssh_send (prompt_regex in the inventory says for good that it is a prompt)";

/**
 * Before the first prompt: nothing is typed into what is not known to be a shell. The kernel says who reads; where it cannot
 * tell a prompt from a question, or cannot be asked, the row must name the login, or match the inventory's prompt_regex.
 */
export function judgeLogin(memory: ShellMemory, scene: ShellScene, seen: Snapshot): ShellVerdict {
  const { quiet, view } = seen;
  const { row, pushed } = standing(view);
  if (view.alternate && quiet.reached(LOOK_INSIDE))
    return { do: "stand", state: { state: "screen", evidence: "alternate_screen" } };
  if (!mayBeShell(scene, row)) return judgeOther(scene, seen, pushed ? row : undefined);
  const settled = quiet.reached(row.trim() === "" ? LOOK_INSIDE : PROMPT_SETTLE);
  if (!settled || view.rows.length === 0) return NOTHING;
  if (seen.kernel !== undefined) return byKernel(scene, seen, seen.kernel);
  if (memory.stoodAt === seen.end) return NOTHING;
  if (memory.busy === undefined || seen.now >= memory.busy.until) return { do: "ask kernel" };
  quiet.reached(quiet.ms + memory.busy.until - seen.now);
  return NOTHING;
}

/**
 * The row at the cursor; or, where that is empty, the prompt of a device that its own rows (log rows) have pushed up: while
 * they keep coming it never stands at the cursor in quiet.
 */
function standing(view: ScreenView): { readonly row: string; readonly pushed: boolean } {
  if (view.cursorText.trim() !== "") return { row: view.cursorText, pushed: false };
  const above = view.rows
    .slice(0, view.cursor.row)
    .map((row) => row.trimEnd())
    .reverse();
  const at = above.findIndex((row) => row !== "" && !isOwnRow(row));
  const row = above[at] ?? "";
  const pushed = above.slice(0, Math.max(0, at)).some((one) => one !== "") && DEVICE_ROW.test(row);
  return { row: pushed ? row : view.cursorText, pushed };
}

/** The inventory says so, or the server is a Unix sshd and the row is none that a device would show. */
export function mayBeShell(
  { platform, ident, promptPattern, namesDevice }: ShellScene,
  row: string,
): boolean {
  if (platform === "posix") return true;
  if (namesDevice || platform !== "auto" || promptPattern !== undefined || !UNIX.test(ident)) return false;
  return looksLikePosixPrompt(row) || !DEVICE_ROW.test(row.trimEnd());
}

function byKernel(scene: ShellScene, seen: Snapshot, kernel: KernelEvidence): ShellVerdict {
  const { view } = seen;
  const row = view.cursorText;
  const { front } = kernel;
  if (front?.multiplexer) return { do: "stand", state: { state: "screen", evidence: "kernel" } };
  switch (kernel.waiting) {
    case "no":
    case "held":
      return NOTHING;
    case "secret":
      // A start-up file has switched the echo off: a prompt is one all the same.
      if (askedByText(row) === "password" || !standsAsPrompt(scene, front, view))
        return asks("password", "kernel", row);
      return { do: "join", inside: undefined };
    case "unknown":
      if (runsCommandLine(scene, kernel) && NAMED_ROW.test(row.trimEnd())) return judgeOther(scene, seen);
      return byRowAlone(scene, seen);
    case "line":
    case "keys": {
      if (front === undefined || !front.shell || front.readsFile !== false)
        return asks(askedByText(row) ?? askedByWaitingRow(row), "kernel", row, kernel.waiting === "keys");
      if (standsAsPrompt(scene, front, view)) return { do: "join", inside: undefined };
      return maybe(
        isPrompt(view),
        asks(askedByText(row) ?? askedByWaitingRow(row), "kernel", row, kernel.waiting === "keys"),
      );
    }
  }
}

/** On the caller's word that a row is a prompt, a shell may be set up there. */
export function maySetUp(scene: ShellScene, kernel: KernelEvidence, row: string): boolean {
  if (scene.platform === "posix") return true;
  if (!mayBeShell(scene, row) || runsCommandLine(scene, kernel)) return false;
  const { front } = kernel;
  // Of a program that nobody has seen only the row can say that it is a shell.
  return front === undefined || front.relay ? looksLikePosixPrompt(row) : front.shell;
}

/** A shell in front that runs no file, and a row that may be its prompt; of bash one that must be. */
function standsAsPrompt(scene: ShellScene, front: Front | undefined, view: ScreenView): boolean {
  if (front === undefined || !front.shell || front.readsFile !== false) return false;
  return readsFilesWhole(front) ? provenByRow(scene, view) : isPrompt(view);
}

/** The login runs no shell: the question to the kernel was answered like none, or another session has met a command line. */
function runsCommandLine({ platform, shownDevice }: ShellScene, kernel: KernelEvidence): boolean {
  if (platform !== "auto" || kernel.waiting !== "unknown" || kernel.front !== undefined) return false;
  return kernel.noShell === true || shownDevice;
}

/** bash reads its start-up files whole: a question of theirs looks like its prompt in all that the kernel shows. */
export function readsFilesWhole({ program, bash }: Front): boolean {
  return bash || /bash/.test(program);
}

/** The kernel does not say who reads: the inventory's word and the row must do. */
function byRowAlone(scene: ShellScene, { quiet, view }: Snapshot): ShellVerdict {
  if (provenByRow(scene, view)) return { do: "join", inside: undefined };
  if (!quiet.reached(LOGIN_STUCK)) return NOTHING;
  const row = view.cursorText || (view.rows.at(-1) ?? "");
  return maybe(isPrompt(view), asks(askedByText(row) ?? "question", "pattern", row));
}

export function provenByRow({ promptPattern, names }: ShellScene, view: ScreenView): boolean {
  const row = view.cursorText.trimEnd();
  if (promptPattern !== undefined) return row !== "" && promptPattern(row);
  const above = view.rows.slice(Math.max(0, view.cursor.row - MOST_ABOVE), view.cursor.row).reverse();
  return [above[0] ?? "", ...above.slice(1)].some((one) => namesItsLogin(row, one, names));
}

export function isPrompt(view: ScreenView): boolean {
  const row = view.cursorText;
  if (!looksLikePrompt(row, view.modes.bracketedPaste)) return false;
  return looksLikePosixPrompt(row) || !MENU_ROW.test(row);
}

/** Not a shell by inventory, server or row: a network device, or a prompt that alone shows an end. */
function judgeOther(
  { platform, promptPattern, namesDevice, menu }: ShellScene,
  { quiet, view }: Snapshot,
  pushedUp?: string,
): ShellVerdict {
  const row = pushedUp ?? view.cursorText;
  const settle = pushedUp === undefined ? UNFRAMED_SETTLE : PROMPT_SETTLE;
  const profile = namesDevice && promptPattern === undefined ? menu?.(row.trimEnd()) : undefined;
  if (profile !== undefined && quiet.reached(LOOK_INSIDE))
    return {
      do: "not a shell",
      why: "its menu is a device's",
      device: true,
      row: row.trimEnd(),
      menu: profile,
    };
  if (row.trim() !== "" && !MENU_ROW.test(row) && quiet.reached(settle)) {
    const prompted = promptPattern ? promptPattern(row.trimEnd()) : looksLikePrompt(row, false);
    const open = platform === "auto" && promptPattern === undefined;
    const why = open
      ? "the prompt may not be a Unix shell's (with platform: posix in the inventory it is framed)"
      : `of platform ${platform} only the prompt is known`;
    if (prompted) return { do: "not a shell", why, device: open, row: row.trimEnd() };
  }
  if (view.rows.length === 0 || !quiet.reached(LOGIN_STUCK)) return NOTHING;
  return asks(askedByText(row) ?? "question", "pattern", row || (view.rows.at(-1) ?? ""));
}

/** A row that might be a prompt is told with how to say so. */
function maybe(prompt: boolean, verdict: ShellVerdict): ShellVerdict {
  return verdict.do === "stand" && prompt ? { ...verdict, note: MAYBE_A_PROMPT } : verdict;
}

/** `keys`: it is read key by key; a pager, or "press any key", is answered by one. */
function asks(asked: Asking["asked"], evidence: Asking["evidence"], row: string, keys = false): ShellVerdict {
  const submit = keys && asked === "pager" ? ({ submit: "key" } as const) : {};
  return { do: "stand", state: { state: "asking", asked, evidence, row: visibleLine(row, 200), ...submit } };
}
