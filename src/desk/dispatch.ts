import type { Caller } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import type { Toolset } from "../base/toolsets.ts";
import { render } from "../results/render.ts";
import type { Answer, Result } from "../results/result.ts";
import { type Listener, STRANGER } from "../results/told.ts";
import type { Redact } from "../secrets/redactor.ts";
import { toolsetOf, toolsOn } from "../tools/index.ts";
import type { Tool } from "../tools/tool.ts";
import { withoutConfirmation } from "./confirming.ts";
import type { DeskParts, Served } from "./contract.ts";
import { hostsOfCall, hostsOfResult, redactFor } from "./masking.ts";
import { reporting } from "./progress.ts";

type Report = DeskParts["report"];

/** Finds the tool, lets it act, and turns what it gives back into text. Never rejects. */
export async function dispatch(
  {
    workspace,
    report,
    on,
    own = [],
    confirms = false,
  }: DeskParts & {
    readonly on: readonly Toolset[];
    readonly own?: readonly Tool[];
    /** An agent's own `confirm_dangerous` may count somewhere. */
    readonly confirms?: boolean;
  },
  caller: Caller,
  name: string,
  given: unknown,
  listener: Listener = STRANGER,
): Promise<Served> {
  const tools = [...toolsOn(on), ...own];
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) {
    const { redact: known } = await workspace().catch(() => ({ redact: undefined }));
    return served({ result: unknownTool(name, tools) }, report, known);
  }
  const said = confirms ? withoutConfirmation(tool.definition, given) : { args: given, confirms: false };
  const { args } = said;
  let redact: Redact | undefined;
  try {
    const opened = await workspace();
    const { multiplexer, access, clock, redact: known, files, identity, maskingOf, who } = opened;
    const { moving, changing, snapshots, kept } = opened;
    redact = known;
    const named = hostsOfCall(args, multiplexer);
    redact = await redactFor(named, known, maskingOf);
    const notes: string[] = [];
    const doing = {};
    const parts = { multiplexer, access, clock, notes, doing, ...(files && { files }) };
    const more = {
      ...(moving && { moving }),
      ...(identity && { identity }),
      ...(who && { who }),
      ...(maskingOf && { hides: maskingOf }),
      ...(changing && { changing }),
    };
    const keeping = { ...(snapshots && { snapshots }), ...(kept && { kept }) };
    const context = {
      ...parts,
      ...more,
      ...keeping,
      caller: { ...caller, tool: name, ...(said.confirms ? { confirms: true as const } : {}) },
    };
    const around = { multiplexer, clock, redact, doing };
    const answer = await reporting(caller, args, around, () => tool.call(args, context));
    const whole = { ...answer, notes: [...notes, ...(answer.notes ?? [])] };
    const hosts = [...named, ...hostsOfResult(answer.result, multiplexer)];
    redact = await redactFor(hosts, known, maskingOf);
    const result = await served(whole, report, redact, listener);
    // A caller that went away has been told nothing.
    if (!caller.signal.aborted) listener.delivered();
    return result;
  } catch (error) {
    return served({ result: { kind: "error", error: known(error, report) } }, report, redact);
  }
}

/** A result that cannot be shown is no reason to hide what was done. */
async function served(
  answer: Answer,
  report: Report,
  redact?: Redact,
  listener: Listener = STRANGER,
): Promise<Served> {
  try {
    return { result: answer.result, text: await render(answer, redact, listener) };
  } catch (error) {
    report(error);
    const shown = answer.result.kind === "error" ? unshownError(answer.result.error) : unshown(error);
    return { result: { kind: "error", error: shown }, text: shown.toText() };
  }
}

function unknownTool(name: string, tools: readonly Tool[]): Result {
  const names = tools.map((tool) => tool.name);
  const off = toolsetOf(name);
  return { kind: "unknown_tool", name, known: nearest(name, names), ...(off === undefined ? {} : { off }) };
}

/** The one place where anything thrown becomes an error a caller may see. A stack never leaves it. */
function known(error: unknown, report: Report): SshMcpError {
  if (error instanceof SshMcpError) return withTool(error);
  report(error);
  return new SshMcpError(
    "internal",
    `an unexpected error in ssh-mcp itself: ${firstLine(error)}`,
    "Other sessions are not affected; ssh_sessions shows what is open.",
  );
}

/** An error from below names no tool where a person at a shell may read it, too; an agent's next call is added here. */
function withTool(error: SshMcpError): SshMcpError {
  if (error.code !== "unknown_host" || error.next?.includes("ssh_") === true) return error;
  const next = [error.next, "ssh_hosts lists all hosts."].filter((part) => part !== undefined).join(" ");
  return new SshMcpError(error.code, error.message, next, { cause: error });
}

/** The error of a call whose own words could not be shown: its code is what is sure. */
function unshownError({ code }: SshMcpError): SshMcpError {
  return new SshMcpError(
    code,
    "the call failed for this reason; the sentence that explains it could not be shown",
    "Read the screen with ssh_read screen:true; the server's log has the details.",
  );
}

function unshown(error: unknown): SshMcpError {
  return new SshMcpError(
    "internal",
    `the call was carried out, but its result could not be shown (${firstLine(error)})`,
    "Do not give it again: ssh_sessions lists what ran, and ssh_read shows its output.",
  );
}

/** Anything can be thrown, also what cannot be written down. */
function firstLine(error: unknown): string {
  try {
    return visibleLine(messageOf(error).split("\n", 1).join(""));
  } catch {
    return "what was thrown has no message";
  }
}
