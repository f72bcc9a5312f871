import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";

/** The caller says that a prompt is there, and it is known that none is; `why`: by what. */
function noPromptHere(why: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `here: "prompt" was given, and ${why}. Your command was not run`,
    "Read the screen with ssh_read screen:true; ssh_send answers what asks, ssh_send keys <C-c> interrupts it.",
  );
}

/** What is known against a prompt; undefined: nothing. */
function againstPrompt(kernel: KernelEvidence, alternate: boolean): string | undefined {
  const { front } = kernel;
  if (alternate) return "a full-screen program is on the screen";
  const seen = "program" in kernel ? kernel.program : front?.program;
  const who = visibleLine(seen ?? "a program", 40);
  if (front?.multiplexer) return `the terminal multiplexer ${who} is in front`;
  if (kernel.waiting === "no") return `the host's kernel says that ${who} is busy and reads nothing`;
  if (kernel.waiting === "secret") return `the host's kernel says that ${who} reads a secret`;
  if (kernel.waiting === "unknown" || front === undefined || front.relay) return undefined;
  if (!front.shell) return `the host's kernel says that ${who} reads, which is no shell at its prompt`;
  return front.readsFile === true ? `${who} still runs a script or a start-up file` : undefined;
}

/** Looks at what has the terminal, on the caller's word that it shows a prompt. @throws SshMcpError `not_ready`. */
export function* lookHere(port: FramingPort): Script<KernelEvidence> {
  const { screen } = port.sinks;
  const { version } = screen.view();
  const kernel = yield* finished(port.kernel());
  const view = screen.view();
  const against = againstPrompt(kernel, view.alternate);
  if (against !== undefined) throw noPromptHere(against);
  if (view.version !== version) throw noPromptHere("the terminal changed while that was looked at");
  return kernel;
}
