import { withParts } from "../../../app/parts.ts";
import type { Surroundings } from "../../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import type { ChannelEnd, PtyChannel } from "../../../ssh/contract.ts";
import { columns } from "../../wrapped.ts";

/** Ctrl-], as telnet has it: ends the shell from this side. */
const LEAVE = 0x1d;
/** What a full-screen program may have left behind: colours, a hidden cursor, the other screen, bracketed paste, the mouse. */
const RESTORED = "\u001b[0m\u001b[?25h\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l";

/**
 * Hands this process's terminal over to a shell on the host until that ends. The audit log records that it was opened and
 * how it ended, not what a person types. Returns the exit code. @throws SshMcpError of the inventory and of dialling.
 */
export function openShell(name: string, around: Surroundings): Promise<number> {
  return withParts(around, async (parts) => {
    const host = await (await parts.directory()).resolve(name);
    const log = await parts.audit();
    const subject = { tool: "hosts", verb: "open", host: host.name, caller: "terminal" };
    log?.record({ event: "action", ...subject });
    try {
      const size = { cols: columns(), rows: process.stdout.rows || 24 };
      const term = around.env.TERM ?? "xterm-256color";
      const { channel } = await parts
        .transport()
        .link(host)
        .openPty({ ...size, term });
      process.stdout.write(`This is ${host.name}. Ctrl-] ends the shell from here.\n`);
      const end = await joined(channel);
      process.stdout.write(`${RESTORED}\r\n${sentence(end)}\n`);
      log?.record({ event: "outcome", ...subject, state: "closed", by: end.reason });
      return end.reason === "disconnect" ? 1 : 0;
    } catch (error) {
      const failure = error instanceof SshMcpError ? error : new SshMcpError("internal", messageOf(error));
      log?.record({ event: "error", ...subject, code: failure.code, message: failure.message });
      throw failure;
    }
  });
}

/** Joins the terminal and the channel, every byte as it is, until the channel ends. */
async function joined(channel: PtyChannel): Promise<ChannelEnd> {
  const { stdin, stdout } = process;
  const typed = (bytes: Buffer | string): void => {
    const chunk = Buffer.from(bytes);
    const at = chunk.indexOf(LEAVE);
    if (at !== 0) channel.write(at < 0 ? chunk : chunk.subarray(0, at));
    if (at >= 0) channel.close();
  };
  const resized = (): void => channel.resize(columns(), stdout.rows || 24);
  const shown = channel.onData((chunk) => {
    if (stdout.write(chunk)) return;
    channel.pause();
    stdout.once("drain", () => channel.resume());
  });
  stdin.on("data", typed);
  stdout.on("resize", resized);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.resume();
  try {
    return await new Promise<ChannelEnd>((ended) => channel.onClose(ended));
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    stdin.off("data", typed);
    stdout.off("resize", resized);
    shown.dispose();
  }
}

function sentence(end: ChannelEnd): string {
  if (end.reason === "closed_by_us") return "The shell was ended from here.";
  if (end.reason === "disconnect") return `The connection was lost: ${visibleLine(end.message)}`;
  return end.code === undefined ? "The shell has ended." : `The shell has ended with ${end.code}.`;
}
