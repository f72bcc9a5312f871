import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { askedByText, looksLikePosixPrompt, MENU_ROW } from "../evidence/rows.ts";
import type { FramingPort, MakeFraming } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";
import { mayBeShell, maySetUp } from "./judge-login.ts";
import type { ShellScene } from "./scene.ts";
import type { ShellFacts } from "./shell-facts.ts";

/** The caller says that a prompt is there, and it is known that none is; `why`: by what. */
function noPromptHere(why: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `here: "prompt" was given, and ${why}. Your command was not run`,
    "Read the screen with ssh_read screen:true; ssh_send answers what asks, ssh_send keys <C-c> interrupts it.",
  );
}

/** What is known against a prompt; undefined: nothing. `any`: of whatever program. */
function againstPrompt(kernel: KernelEvidence, alternate: boolean, any: boolean): string | undefined {
  const { front } = kernel;
  if (alternate) return "a full-screen program is on the screen";
  const seen = "program" in kernel ? kernel.program : front?.program;
  const who = visibleLine(seen ?? "a program", 40);
  if (front?.multiplexer) return `the terminal multiplexer ${who} is in front`;
  if (kernel.waiting === "no") return `the host's kernel says that ${who} is busy and reads nothing`;
  if (kernel.waiting === "held") return "the terminal's output is stopped (Ctrl-S; <C-q> lets it go on)";
  if (kernel.waiting === "secret") return `the host's kernel says that ${who} reads a secret`;
  if (kernel.waiting === "unknown" || front === undefined || front.relay) return undefined;
  if (!front.shell && any) return undefined;
  if (!front.shell) return `the host's kernel says that ${who} reads, which is no shell at its prompt`;
  return front.readsFile === true ? `${who} still runs a script or a start-up file` : undefined;
}

/** Looks at what has the terminal, on the caller's word that it shows a prompt. @throws SshMcpError `not_ready`. */
export function* lookHere(port: FramingPort): Script<KernelEvidence> {
  return yield* finished(seenHere(port, false));
}

/** What can be done about a row that stands at a login: it may be a prompt. */
export function loginOffer({ isReady, standing, sinks }: FramingPort): string | undefined {
  const row = sinks.screen.view().cursorText.trimEnd();
  const asked = askedByText(row);
  if (isReady || standing?.state !== "asking" || row === "" || (asked !== undefined && asked !== "repl"))
    return undefined;
  if (MENU_ROW.test(row) && !looksLikePosixPrompt(row)) return undefined;
  return `if the row ${JSON.stringify(visibleLine(row, 80))} is a prompt, ssh_shell with here: "prompt" uses it and runs a command there`;
}

/**
 * The same at a login that has shown no shell: a network device's profile is looked for by this row, unless something says
 * that it is a shell (undefined). @throws SshMcpError `not_ready`.
 */
export async function deviceHere(
  port: FramingPort,
  scene: ShellScene,
  device: ShellFacts["device"],
): Promise<MakeFraming | undefined> {
  const open = scene.platform === "auto" && scene.promptPattern === undefined && scene.phase === "unframed";
  if (!open || device === undefined) return undefined;
  const row = port.sinks.screen.view().cursorText.trimEnd();
  const unix = mayBeShell(scene, row);
  if (unix && maySetUp(scene, await seenHere(port, true), row)) return undefined;
  const asked = askedByText(row);
  const shown = JSON.stringify(visibleLine(row, 80));
  if (row === "") throw noPromptHere("the cursor's row is empty");
  if (asked !== undefined && asked !== "repl")
    throw noPromptHere(`the row ${shown} reads like a question (${asked})`);
  if (port.sinks.screen.view().alternate) throw noPromptHere("a full-screen program is on the screen");
  return device(row, { claimed: true });
}

async function seenHere(port: FramingPort, any: boolean): Promise<KernelEvidence> {
  const { screen } = port.sinks;
  const { version } = screen.view();
  const kernel = await port.kernel();
  const view = screen.view();
  const against = againstPrompt(kernel, view.alternate, any);
  if (against !== undefined) throw noPromptHere(against);
  if (view.stale || view.version !== version)
    throw noPromptHere("the terminal changed while that was looked at");
  return kernel;
}
